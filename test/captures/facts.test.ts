import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import nextAttempts from '../../packages/whyreset/src/evidence/around/next-attempts.ts';
import messageCut from '../../packages/whyreset/src/evidence/exchange/message-cut.ts';
import protocolMismatch from '../../packages/whyreset/src/evidence/exchange/protocol-mismatch.ts';
import rebinding from '../../packages/whyreset/src/evidence/path/rebinding.ts';
import resetWindow from '../../packages/whyreset/src/evidence/reset/reset-window.ts';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import { root } from '../helpers/cli.ts';
import { captureToSubjects } from '../helpers/subject.ts';

/** Single facts, held against real packets of which it is known what happened (see facts/README.md). */
const subjectsOf = (file: string) =>
  captureToSubjects(new Uint8Array(readFileSync(join(root, 'test/captures', file))));

describe('window of the RST', () => {
  test.each([
    ['close', 'reopened', 58, 83],
    ['kill', 'reopened', 58, 83],
    ['linger', 'reopened', 58, 83],
    ['ssk', 'unchanged', 58, 58],
    ['ssk-stuck-reader', 'unchanged', 28, 28],
    ['queued', 'unchanged', 58, 58],
  ])('%s: %s', (name, change, before, after) => {
    const [subject] = subjectsOf(`facts/window-${name}.pcap`);
    expect(resetWindow.of(subject!)).toMatchObject({ known: true, change, before, after });
  });
});

describe('an answer that a killed server broke off', () => {
  test.each([
    ['chunked', 'chunked'],
    ['length', 'Content-Length'],
  ])('%s', (name, by) => {
    const [subject] = subjectsOf(`facts/${name}-answer-cut.pcap`);
    expect(messageCut.of(subject!)).toMatchObject({ known: true, side: 'responder', by });
  });
});

test('after an end the first connection that the port accepted counts, not the last', () => {
  const found = subjectsOf('facts/race.pcap').map((subject) => nextAttempts.of(subject));
  const accepted = found.flatMap((fact) => (fact.known ? [fact.accepted] : []));
  expect(accepted.length).toBeGreaterThan(20);
  expect(Math.max(...accepted)).toBeLessThan(2);
});

test('a stream that goes on under another port of its client, which the server then resets', () => {
  const found = subjectsOf('lab/nat-rebind/server.pcapng').map((subject) => rebinding.of(subject));
  const known = found.flatMap((fact) => (fact.known ? [fact] : []));
  expect(known).toHaveLength(1);
  const [{ before, now }] = known as [(typeof known)[0]];
  expect(now.address).toBe(before.address);
  expect(now.port).not.toBe(before.port);
});

test('an ICMP error that refuses a connection stands in the ladder', () => {
  const bytes = new Uint8Array(readFileSync(join(root, 'test/captures/facts/icmp-reject.pcap')));
  const { findings } = diagnose(bytes);
  expect(findings[0]!.examples[0]!.ladder).toMatchObject([
    { packet: 1, flags: 'S' },
    {
      packet: 2,
      from: 'responder',
      note: 'communication administratively prohibited',
      icmp: { type: 3, code: 13, reporter: '10.99.1.1', between: true },
    },
  ]);
});

describe('two protocols on one port', () => {
  test.each([
    ['facts/plain-to-tls.pcap', 'plain-to-tls', 'silence'],
    ['http-to-tls-port-nginx.pcap', 'plain-to-tls', 'answer'],
    ['http-to-tls-port-node.pcap', 'plain-to-tls', 'silence'],
    ['tls-to-http-port-curl.pcap', 'tls-to-plain', 'answer'],
  ])('%s: %s by %s', (file, mismatch, by) => {
    const [subject] = subjectsOf(file);
    expect(protocolMismatch.of(subject!)).toMatchObject({ known: true, mismatch, by });
  });

  test('what healthy connections spoke is known of the port of the troubled ones', () => {
    const spoken = subjectsOf('facts/race.pcap').map(({ connection: { responder }, world }) =>
      world.responder(responder.address, responder.port),
    );
    expect(spoken[0]?.spoken).toMatchObject({ tls: 0, http2: 0, proxied: 0 });
    expect(spoken[0]?.spoken.http1).toBeGreaterThan(20);
  });
});
