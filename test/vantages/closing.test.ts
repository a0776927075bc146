import { describe, expect, it } from 'vitest';
import { diagnose, type ResetEntry } from '../../packages/whyreset/src/index.ts';
import { files, opening, type Sent, travel } from '../helpers/two-captures.ts';

/** A server that closes an idle connection while the client writes again, as captures of both ends see it. */

const text = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const next = 1 + text.length;
const REQUEST = 'GET /orders/4712 HTTP/1.1\r\nHost: shop.example\r\n\r\n';

/** @param fin what is special about the server's FIN at 5.1 s; @param written when the client writes again */
function closing(fin: Partial<Sent>, written: number, ack: number): Sent[] {
  const request: Sent = {
    at: written,
    from: 'client',
    flags: 'P.',
    seq: 101,
    ack,
    length: REQUEST.length,
    text: REQUEST,
  };
  return [
    ...opening(),
    { at: 0.1, from: 'server', flags: 'P.', seq: 1, ack: 101, length: text.length, text },
    { at: 0.13, from: 'client', flags: '.', seq: 101, ack: next },
    { at: 5.1, from: 'server', flags: 'F.', seq: next, ack: 101, ...fin },
    ...(ack > next ? [{ at: 5.1201, from: 'client', flags: '.', seq: 101, ack } as const] : []),
    request,
    { at: written + 0.0202, from: 'server', flags: 'R', seq: ack },
  ];
}

function told(sent: readonly Sent[]): ResetEntry[] {
  const captures = files(travel(sent));
  return [captures, [...captures].reverse()].map((inputs) => {
    const { resets } = diagnose(inputs);
    expect(resets).toHaveLength(1);
    return resets[0]!;
  });
}
const lines = (entry: ResetEntry) => entry.evidence.map(({ says }) => says).join('\n');

describe('a FIN of the server, and a request', () => {
  it('that passed each other are a crossing, as the client’s capture proves', () => {
    for (const entry of told(closing({}, 5.11, next))) {
      expect(entry.verdict).toMatchObject({ cause: 'keep-alive-race-crossing', certainty: 'proven' });
      expect(lines(entry)).toMatch(
        /in the capture at the client packet \d+ leaves 10 ms before the FIN comes/,
      );
    }
  });

  it('are none when the FIN was lost: the client could not know, and the two did not meet', () => {
    for (const entry of told(closing({ lost: true }, 7, next))) {
      expect(entry.verdict).toMatchObject({
        cause: 'stale-pool-reuse',
        certainty: 'possible',
        general: { cause: 'write-after-close', certainty: 'likely' },
        sender: 'responder',
      });
      expect(lines(entry)).toContain('the FIN of the server never came to');
      expect(entry.ruledOut).toContainEqual({
        cause: 'keep-alive-race-crossing',
        because: expect.stringContaining('FIN never reached the client'),
      });
    }
  });

  it('that the client’s host had acknowledged are the client’s neglect', () => {
    for (const entry of told(closing({}, 7, next + 1))) {
      expect(entry.verdict).toMatchObject({ cause: 'stale-pool-reuse', certainty: 'proven' });
      expect(lines(entry)).toMatch(/in the capture at the client the FIN comes 1\.9 s before/);
    }
  });
});

describe('captures that prove what cannot both be true', () => {
  // The server's capture was edited: there the request acknowledges the FIN that it crosses at the client.
  const captures = travel(closing({}, 5.11, next));
  const TCP = 14 + 20;
  const PSH_ACK = 0x18;
  const request = captures.server.findLast(({ bytes }) => bytes[TCP + 13] === PSH_ACK)!;
  const view = new DataView(request.bytes.buffer, request.bytes.byteOffset);
  view.setUint32(TCP + 8, view.getUint32(TCP + 8) + 1);
  const inputs = files(captures);

  it.each([
    ['the client’s first', inputs],
    ['the server’s first', [...inputs].reverse()],
  ])('are both told, and nothing is decided: %s', (_, given) => {
    const { resets, summary } = diagnose(given);
    expect(summary).toMatchObject({ connections: 1, undetermined: 1 });
    const [entry] = resets;
    expect(entry!.verdict).toMatchObject({ cause: null, certainty: 'undetermined', sender: 'responder' });
    expect(entry!.alternatives.map(({ cause }) => cause).sort()).toEqual([
      'keep-alive-race-crossing',
      'stale-pool-reuse',
    ]);
    expect(lines(entry!)).toContain('they passed each other');
    expect(lines(entry!)).toContain('carries the request and acknowledges the FIN');
    // What only the other capture shows says so.
    expect(new Set(entry!.evidence.map(({ input }) => input))).toEqual(new Set([undefined, 1]));
    expect(entry!.statement).toMatch(/^The captures prove different things/);
    expect(entry!.next?.item).toBe('trace');
  });

  it('prove it each alone', () => {
    expect(inputs.map((input) => diagnose([input]).resets[0]!.verdict)).toMatchObject([
      { cause: 'keep-alive-race-crossing', certainty: 'proven' },
      { cause: 'stale-pool-reuse', certainty: 'proven' },
    ]);
  });
});
