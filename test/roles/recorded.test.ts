import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import { root, whyreset } from '../helpers/cli.ts';

const path = (name: string) => join(root, 'test/roles', name);
const resultOf = (name: string) => diagnose(new Uint8Array(readFileSync(path(name))));

/**
 * A kept-alive connection to port 3000 that the server closes idle after 0.3 s;
 * recorded with tcpdump, which was started while it was in use. The first
 * packet is the server's.
 */
describe('a pooled connection, recorded from its middle', () => {
  const [entry, more] = resultOf('pooled-port-3000.pcap').resets;

  it('has the client that sends the requests', () => {
    expect(more).toBeUndefined();
    expect(entry!.connection).toMatchObject({
      originator: '10.77.1.2:60452',
      responder: '10.77.2.2:3000',
      history: '^dADfFr',
      roles: { basis: 'words', certainty: 'certain' },
    });
  });

  it('was closed by the server and used again by the client', () => {
    expect(entry!.verdict).toMatchObject({ family: 'keep-alive-race', sender: 'responder' });
    expect(['proven', 'likely']).toContain(entry!.verdict.certainty);
  });

  it('is shown by `connections` as Zeek has it', () => {
    const { stdout } = whyreset(['connections', path('pooled-port-3000.pcap'), '--format', 'ndjson']);
    expect(JSON.parse(stdout)).toMatchObject({
      originator: '10.77.2.2:3000',
      responder: '10.77.1.2:60452',
      history: 'DadFfR',
    });
  });
});

/** Thirty connections to one server that closes idle after 0.3 s, loopback; packets 10 to 540 of the recording. */
describe('connections of one server, of which the first lacks its beginning', () => {
  const { resets, findings } = resultOf('race-cut.pcap');

  it('all have the same server', () => {
    expect(new Set(resets.map(({ connection }) => connection.responder))).toEqual(
      new Set(['127.0.0.1:18302']),
    );
    expect(resets.length).toBeGreaterThan(25);
  });

  it('are all the server’s resets', () => {
    expect(new Set(resets.filter(({ reset }) => reset).map(({ verdict }) => verdict.sender))).toEqual(
      new Set(['responder']),
    );
  });

  it('count among all its connections', () => {
    expect(findings[0]).toMatchObject({ family: 'keep-alive-race', total: 30 });
  });
});
