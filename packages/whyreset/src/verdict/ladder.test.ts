import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { timelineToPcap } from '../../../../test/helpers/timeline.ts';
import { diagnose } from '../index.ts';
import type { Example } from './result.ts';

const first = (bytes: Uint8Array): Example => diagnose(bytes).findings[0]!.examples[0]!;
const recorded = (name: string) =>
  first(new Uint8Array(readFileSync(new URL(`../../../../test/captures/${name}`, import.meta.url))));
const packets = ({ ladder }: Example) => ladder.map(({ packet }) => packet);
const counted = ({ ladder, elidedAfter }: Example) =>
  ladder.reduce((sum, { elided }) => sum + elided + 1, elidedAfter);

/** A request, `n` exchanges more, then a request that is reset. */
const long = (n: number) => String.raw`+0.000 > S
+0.001 < S.
+0.001 > .
${Array.from(
  { length: n },
  (_, i) => String.raw`+${(0.01 + i / 100).toFixed(3)} > P. "GET /${i} HTTP/1.1\r\nHost: a\r\n\r\n"
+${(0.012 + i / 100).toFixed(3)} < P. "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"`,
).join('\n')}
+9.000 > P. "GET /last HTTP/1.1\r\nHost: a\r\n\r\n"
+9.001 < .
+9.500 < R.`;

describe('the ladder', () => {
  it('shows the FIN that the evidence rests on, even when the timeline did not keep it', () => {
    const example = recorded('client-gives-up-curl.pcap');
    const fin = example.ladder.find(({ flags }) => flags.includes('F'));
    expect(example.entry.evidence[0]!.packets).toContain(fin!.packet);
    expect(fin).toMatchObject({ from: 'originator', note: 'client closes' });
  });

  it('counts every packet of the connection once', () => {
    for (const n of [1, 3, 10, 60, 400]) expect(counted(first(timelineToPcap(long(n))))).toBe(6 + 2 * n);
  });

  it('leaves no packet out alone', () => {
    for (const n of [4, 5, 6, 7]) {
      const { ladder } = first(timelineToPcap(long(n)));
      expect(ladder.map(({ elided }) => elided)).not.toContain(1);
    }
  });

  it('holds the RST, what it answers, and what the evidence cites', () => {
    const example = first(timelineToPcap(long(60)));
    const { packet, evidence } = example.entry;
    expect(packets(example)).toEqual(
      expect.arrayContaining([packet, ...evidence.flatMap((line) => line.packets)]),
    );
    expect(example.ladder.find((row) => row.packet === packet)!.weight).toBe(100);
  });

  it('shows the beginning of a volley of RSTs, not all of it', () => {
    const volley = `${long(1)}\n${Array.from({ length: 30 }, (_, i) => `+9.${510 + i} < R.`).join('\n')}`;
    const resets = first(timelineToPcap(volley)).ladder.filter(
      ({ flags, weight }) => flags.includes('R') && weight >= 75,
    );
    expect(resets).toHaveLength(3);
  });
});
