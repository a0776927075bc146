import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose, type Result } from '../../packages/whyreset/src/index.ts';
import { root } from '../helpers/cli.ts';
import { captureOf, clientsOf, type Frame, framesOf } from '../helpers/edit-capture.ts';
import { timelineToPcap } from '../helpers/timeline.ts';

/** Captures that hold one direction alone: what is not in them may have been sent all the same. */
const folder = join(root, 'test/captures');
const captures = readdirSync(folder).filter((name) => /\.pcap(ng)?$/.test(name));

function oneDirection(frames: readonly Frame[], of: 'client' | 'server'): Frame[] {
  const clients = clientsOf(frames);
  return frames.filter((frame) => (clients.get(frame.connection) === frame.sender) === (of === 'client'));
}

const warnings = (result: Result) => result.inputs[0]!.warnings.map(({ code }) => code);

/** Causes that rest on what a side did not send: silence, bytes unread, an answer not given. */
const accusations = ({ resets }: Result) =>
  resets
    .filter(({ verdict }) => verdict.cause !== null && verdict.sender !== 'middlebox' && !verdict.benign)
    .map(({ verdict }) => `${verdict.cause} ${verdict.sender} ${verdict.certainty}`);

describe.each(captures)('%s', (name) => {
  const frames = framesOf(new Uint8Array(readFileSync(join(folder, name))));

  it.each(['client', 'server'] as const)('its %s’s packets alone accuse nobody of silence', (side) => {
    expect(accusations(diagnose(captureOf(oneDirection(frames, side))))).toEqual([]);
  });
});

const EXCHANGES = `
  +0.000 > S
  +0.020 < S.
  +0.020 > .
  +0.021 > P. "GET /a HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"
  +0.050 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok"
  +0.051 > .
  +5.000 > P. "GET /b HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"
  +5.250 > P. "GET /b HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n" seq 28
  +5.750 > P. "GET /b HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n" seq 28
  +6.750 > P. "GET /b HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n" seq 28
  +8.750 > P. "GET /b HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n" seq 28
`;

it('asks for both directions before anything else', () => {
  const frames = framesOf(new Uint8Array(readFileSync(join(folder, 'sigkill-read.pcap'))));
  const { resets } = diagnose(captureOf(oneDirection(frames, 'server')));
  expect(resets).toHaveLength(1);
  expect(resets[0]!.next?.text).toContain('both directions');
  expect(resets[0]!.evidence[0]).toMatchObject({ fact: 'oneDirection' });
});

describe('repetitions without an answer', () => {
  it('are a silence where both directions are in the capture', () => {
    const result = diagnose(timelineToPcap(EXCHANGES));
    expect(result.resets).toHaveLength(1);
    expect(warnings(result)).toEqual([]);
  });

  it('are none where the server’s packets are missing from the start', () => {
    const frames = oneDirection(framesOf(timelineToPcap(EXCHANGES)), 'client');
    const result = diagnose(captureOf(frames));
    expect(accusations(result)).toEqual([]);
    expect(result.resets.filter(({ verdict }) => verdict.cause !== null)).toEqual([]);
    expect(warnings(result)).toEqual(['one-direction']);
  });

  it('are none in a capture that begins in the middle and never shows the server', () => {
    const frames = oneDirection(framesOf(timelineToPcap(EXCHANGES)), 'client').filter(
      ({ time }) => time >= 5,
    );
    expect(diagnose(captureOf(frames)).resets.filter(({ verdict }) => verdict.cause !== null)).toEqual([]);
  });
});

it('one connection without its answers among many that have them raises no warning', () => {
  const frames = framesOf(new Uint8Array(readFileSync(join(folder, 'keepalive-race-100-posts.pcap'))));
  const [first] = clientsOf(frames);
  const cut = frames.filter(({ connection, sender }) => connection !== first![0] || sender === first![1]);
  expect(warnings(diagnose(captureOf(cut)))).toEqual([]);
});
