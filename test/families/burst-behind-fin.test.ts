import { describe, expect, it } from 'vitest';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { timelineToSubject } from '../helpers/subject.ts';

const at = (time: number) => `+${time.toFixed(6)}`;

/** A pooled connection that the server closes after 1 s; 0.5 s later the client sends a request of many packets. */
function reused(segments: number, resets: number, repeatedFin: boolean): string {
  const lines = [
    String.raw`server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
+0.081 < P. "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
+0.081 > .
+1.081 < F.
+1.082 > .`,
  ];
  if (repeatedFin) lines.push('+1.300 < F. seq 41', '+1.301 > .');
  lines.push(
    String.raw`${at(1.6)} > P. "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n"`,
    ...Array.from({ length: segments }, (_, i) => `${at(1.6001 + i * 0.0001)} > . len 1448`),
    ...Array.from({ length: resets }, (_, i) => `${at(1.64 + i * 0.0001)} < R passive`),
  );
  return lines.join('\n');
}

describe('a request of many packets on a connection that the server had closed', () => {
  it.each([
    [3, 1, false],
    [14, 1, false],
    [15, 9, true],
    [40, 20, false],
    [120, 60, true],
  ])('%i packets and %i RSTs (FIN repeated: %s) leave the FIN in view', (segments, resets, repeatedFin) => {
    const { verdict } = judge(timelineToSubject(reused(segments, resets, repeatedFin)));
    expect(verdict).toMatchObject({ cause: 'stale-pool-reuse', certainty: 'proven' });
  });
});
