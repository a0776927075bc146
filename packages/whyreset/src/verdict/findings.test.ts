import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from '../../../../test/helpers/cli.ts';
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

  it('are one finding in a real capture', () => {
    const capture = readFileSync(`${root}/test/captures/process-killed-unread.pcap`);
    const [finding, ...rest] = diagnose(new Uint8Array(capture)).findings;
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ family: 'process-ended', count: 4, total: 4 });
    expect(finding!.headline).toContain('the port refuses connections afterwards');
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

const SECOND = (time: number) => `+${time.toFixed(3)}`;

/** Connections one after another, each with its own lines and settings. */
const join = (connections: readonly string[]) => connections.join('\n---\n');

const found = (text: string) => diagnose(timelineToPcap(text));

/** An attempt at a port that refuses it. */
const refusal = (client: string, server: string, port: number, at: number) =>
  `client ip ${client}\nserver ip ${server} port ${port}\n${SECOND(at)} > S\n${SECOND(at + 0.001)} < R. refusal`;

/** A request that is reset `at`, unanswered. */
const cut = (client: string, server: string, at: number, began = at - 3) => String.raw`client ip ${client}
server ip ${server} port 8080
${SECOND(began)} > S
${SECOND(began + 0.001)} < S.
${SECOND(began + 0.001)} > .
${SECOND(began + 1)} > P. "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
${SECOND(began + 1.001)} < .
${SECOND(at)} < R.`;

const upTo = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i));

describe('a port scan', () => {
  const scan = join(upTo(60, (i) => refusal('10.0.0.9', '10.0.0.2', 1000 + i, i / 100)));

  it('is one finding, whatever the number of ports', () => {
    const { findings, summary } = found(scan);
    expect(findings.map(({ family, count, sharedBy }) => [family, count, sharedBy])).toEqual([
      ['port-scan', 60, 'client'],
    ]);
    expect(findings[0]!.headline).toMatch(
      /^10\.0\.0\.9 scanned 60 ports in 0\.59 s; 60 attempts were not accepted\.$/,
    );
    expect(findings[0]!.clients).toEqual([{ address: '10.0.0.9', count: 60 }]);
    expect(summary.problems).toBe(60);
  });

  it('of many addresses is one finding too', () => {
    const sweep = join(upTo(40, (i) => refusal('10.0.0.9', `10.0.1.${i + 1}`, 22, i / 10)));
    const { findings } = found(sweep);
    expect(findings.map(({ family, count }) => [family, count])).toEqual([['port-scan', 40]]);
    expect(findings[0]!.headline).toMatch(/^10\.0\.0\.9 scanned 40 addresses/);
  });

  it('takes in the ports that answered', () => {
    const open = (port: number, at: number) =>
      `client ip 10.0.0.9\nserver ip 10.0.0.2 port ${port}\n${SECOND(at)} > S\n${SECOND(at + 0.001)} < S.\n${SECOND(at + 0.002)} > R`;
    const { findings } = found(join([scan, open(22, 1), open(80, 2)]));
    expect(findings.map(({ family, count }) => [family, count])).toEqual([['port-scan', 62]]);
  });

  it('stays apart from the trouble of another client', () => {
    const { findings } = found(join([scan, cut('10.0.0.5', '10.0.0.7', 9)]));
    expect(findings.map(({ count }) => count).sort((a, b) => a - b)).toEqual([1, 60]);
  });

  it('does not take in a connection of the same client that carried a request', () => {
    const { findings } = found(join([scan, cut('10.0.0.9', '10.0.0.7', 9)]));
    expect(findings.map(({ count }) => count).sort((a, b) => a - b)).toEqual([1, 60]);
  });

  it('is none when a client dials a few dead services', () => {
    const few = join(upTo(3, (i) => refusal('10.0.0.9', '10.0.0.2', 7000 + i, i)));
    expect(found(few).findings.map(({ family }) => family)).not.toContain('port-scan');
  });
});

describe('a SYN flood', () => {
  it('is one finding of its server', () => {
    const flood = join(
      upTo(
        150,
        (i) =>
          `client ip 198.51.100.${i + 1} port ${2000 + i}\n${SECOND(i / 50)} > S\n${SECOND(i / 50 + 0.001)} < S.\n${SECOND(i / 50 + 0.02)} > R`,
      ),
    );
    const { findings } = found(flood);
    const named = findings.filter(({ family }) => family === 'syn-flood');
    expect(named).toHaveLength(1);
    expect(named[0]!.headline).toMatch(/^SYN flood on /);
    expect(findings).toHaveLength(1);
  });
});

describe('health checks of many hosts', () => {
  it('are no flood', () => {
    const checks = join(
      upTo(
        120,
        (i) =>
          `client ip 198.51.100.${i + 1} port ${2000 + i}\n${SECOND(i)} > S\n${SECOND(i + 0.001)} < S.\n${SECOND(i + 0.002)} > R`,
      ),
    );
    expect(found(checks).findings.map(({ family }) => family)).toEqual(['harmless']);
  });
});

describe('retries of one attempt', () => {
  it('are one trouble', () => {
    const retries = join(upTo(5, (i) => refusal('10.0.0.5', '10.0.0.2', 5432, i)));
    expect(found(retries).findings.map(({ count, total }) => [count, total])).toEqual([[5, 5]]);
  });
});

describe('connections of several servers that end at one second', () => {
  const deploy = join(upTo(4, (i) => cut(`10.0.0.${20 + i}`, `10.0.1.${i + 1}`, 20 + i / 10, 5 + i)));

  it('are one finding', () => {
    const { findings } = found(deploy);
    expect(findings.map(({ count, sharedBy }) => [count, sharedBy])).toEqual([[4, 'moment']]);
    expect(findings[0]!.servers).toHaveLength(4);
  });

  it('are several when they end at different times', () => {
    const apart = join(upTo(4, (i) => cut(`10.0.0.${20 + i}`, `10.0.1.${i + 1}`, 20 + 10 * i, 5 + i)));
    expect(found(apart).findings).toHaveLength(4);
  });

  it('are two where only two connections met', () => {
    const two = join([cut('10.0.0.20', '10.0.1.1', 20, 5), cut('10.0.0.21', '10.0.1.2', 20.2, 6)]);
    expect(found(two).findings).toHaveLength(2);
  });
});

describe('numbers of a finding', () => {
  const ok = (at: number) => String.raw`client ip 10.0.0.5 port ${30000 + at}
server ip 10.0.0.7 port 8080
${SECOND(at)} > S
${SECOND(at + 0.001)} < S.
${SECOND(at + 0.001)} > .
${SECOND(at + 0.002)} > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
${SECOND(at + 0.003)} < P. "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
${SECOND(at + 0.004)} > F.
${SECOND(at + 0.005)} < F.
${SECOND(at + 0.006)} > .`;

  it('are those of its connections, and of all to its server', () => {
    const text = join([
      ...upTo(3, (i) => cut('10.0.0.5', '10.0.0.7', 10 + 7 * i)),
      ...upTo(4, (i) => ok(50 + i)),
    ]);
    const [finding] = found(text).findings;
    expect(finding).toMatchObject({ count: 3, total: 7 });
    expect(finding!.headline).toContain('3 of 7 connections lost in 14');
    expect(Date.parse(finding!.last) - Date.parse(finding!.first)).toBe(14_000);
  });

  it('never tell of more troubled connections than there are', () => {
    for (const { count, total } of found(join(upTo(9, (i) => refusal('10.0.0.5', `10.0.2.${i}`, 80, i))))
      .findings)
      expect(total ?? count).toBeGreaterThanOrEqual(count);
  });
});

describe('what a client ends at several servers', () => {
  const gaveUp = (server: string, at: number) => cut('10.0.0.5', server, at).replace(/< R\.$/, '> R.');
  it('is one finding of that client', () => {
    const { findings } = found(
      join([gaveUp('10.0.1.1', 20), gaveUp('10.0.1.2', 40), gaveUp('10.0.1.3', 60)]),
    );
    expect(findings.map(({ count, sharedBy, total }) => [count, sharedBy, total])).toEqual([
      [3, 'client', null],
    ]);
  });
});
