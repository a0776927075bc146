import { describe, expect, it } from 'vitest';
import { timelineToPcap } from '../../../../test/helpers/timeline.ts';
import { diagnose } from '../index.ts';

const KILLED = String.raw`
+0.000 > S
+0.001 < S.
+0.001 > .
+0.002 > P. "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
+0.003 < .
+2.000 < R.
---
+0.100 > S
+0.101 < S.
+0.101 > .
+0.902 > P. "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
+0.903 < .
+2.000 < R.`;

const refusedAt = (time: string) => `
---
+${time}0 > S
+${time}1 < R. refusal`;

const findingsOf = (text: string) =>
  diagnose(timelineToPcap(text)).findings.map(({ family, count }) => [family, count]);

describe('a process that ended, and the connections that its port refused', () => {
  it('are one finding when they were refused afterwards', () => {
    expect(findingsOf(KILLED + refusedAt('3.00') + refusedAt('4.00'))).toEqual([['process-ended', 4]]);
  });

  it('shows the connections that were ended before those that were refused', () => {
    const [finding] = diagnose(timelineToPcap(KILLED + refusedAt('3.00'))).findings;
    expect(finding!.examples.map(({ entry }) => entry.verdict.family)).toEqual([
      'process-ended',
      'process-ended',
      'refused',
    ]);
    expect(finding!.members.map(({ cause }) => cause)).not.toContain('no-listener');
  });

  it('are two when the port had refused before', () => {
    const before = `${refusedAt('0.00').replace('\n---\n', '')}\n---\n`;
    const moved = KILLED.trim().replace(/\+(\d)/g, (_, digit) => `+${Number(digit) + 1}`);
    expect(findingsOf(before + moved + refusedAt('5.00')).length).toBe(2);
  });

  it('are two when another server refuses', () => {
    const elsewhere = refusedAt('3.00').replace('---\n', '---\nserver port 9090\n');
    expect(findingsOf(KILLED + elsewhere).map(([, count]) => count)).toContain(1);
    expect(findingsOf(KILLED + elsewhere).length).toBe(2);
  });
});
