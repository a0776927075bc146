import { describe, expect, it } from 'vitest';
import { LogSurvey, type Survey } from './survey.ts';

/** Reads texts as inputs, cut into pieces of so many bytes. */
function survey(texts: readonly string[], piece = 1 << 16): Survey {
  const reader = new LogSurvey();
  texts.forEach((text, at) => {
    const input = reader.input(`${at}.log`);
    const bytes = new TextEncoder().encode(text);
    for (let from = 0; from < bytes.length; from += piece) input.push(bytes.subarray(from, from + piece));
    input.end();
  });
  return reader.result();
}

const at = (second: number): string => new Date(Date.UTC(2026, 10, 21, 13) + second * 1000).toISOString();
const reset = (second: number, peer = '10.0.0.5') =>
  `${at(second)} ERROR request failed Error: read ECONNRESET\n    at TCP.onStreamRead (node:internal/stream_base_commons:218:20) {\n  remoteAddress: '${peer}',\n  remotePort: 8080\n}`;
const fine = (second: number) => `${at(second)} INFO GET /v1/orders/${second * 17} 200 in 12 ms`;

describe('a log is surveyed', () => {
  const text = Array.from({ length: 600 }, (_, i) => (i % 100 === 50 ? reset(i) : fine(i))).join('\n');

  it('by groups of the same words and peer, with their times', () => {
    const { endings, groups } = survey([text]);
    expect(endings).toBe(6);
    expect(groups).toMatchObject([
      { ending: 'RST-READ', program: 'Node.js', peer: '10.0.0.5:8080', count: 6, by: 'server' },
    ]);
    expect(groups[0]!.last! - groups[0]!.first!).toBe(500);
    expect(groups[0]!.strip.reduce((a, b) => a + b)).toBe(6);
  });

  it.each([1, 7, 64, 1000])('alike whatever the pieces are: %i bytes', (piece) => {
    expect(survey([text.slice(0, 12_000)], piece).groups).toEqual(survey([text.slice(0, 12_000)]).groups);
  });

  it('with the pause that most endings keep', () => {
    const every = Array.from({ length: 8 }, (_, i) => reset(i * 350)).join('\n');
    expect(survey([every]).groups[0]!.interval).toMatchObject({
      seconds: 350,
      says: expect.stringContaining('350 s'),
    });
    const irregular = [0, 13, 90, 100, 460, 700].map((second) => reset(second)).join('\n');
    expect(survey([irregular]).groups[0]!.interval).toBeNull();
  });

  it('apart by peer', () => {
    const { groups } = survey([
      [reset(1, '10.0.0.5'), reset(2, '10.0.0.6'), reset(3, '10.0.0.6')].join('\n'),
    ]);
    expect(groups.map(({ peer, count }) => [peer, count])).toEqual([
      ['10.0.0.6:8080', 2],
      ['10.0.0.5:8080', 1],
    ]);
  });

  it('joined over several logs: the proxy’s 502 has the supervisor’s reason', () => {
    const nginx = [5, 300, 900]
      .map(
        (second) =>
          `${at(second)} [error] 31#31: *8 upstream prematurely closed connection while reading response header from upstream, upstream: "http://10.4.3.17:8080/report"`,
      )
      .join('\n');
    const gunicorn = [5, 300, 900]
      .map((second) => `${at(second)} [CRITICAL] WORKER TIMEOUT (pid:7214)`)
      .join('\n');
    const { groups } = survey([nginx, gunicorn]);
    const proxy = groups.find(({ program }) => program === 'nginx')!;
    expect(proxy.companions).toMatchObject([{ share: 1 }]);
    expect(proxy.explanation.families[0]!.cause).toBe('D9');
  });

  it('without what only happens to stand beside', () => {
    const noise = Array.from(
      { length: 300 },
      (_, i) => `${at(i * 2)} sshd[1]: Did not receive identification string from 203.0.113.7 port ${i}`,
    );
    const resets = [10, 200, 400].map((second) => reset(second));
    const { groups } = survey([[...noise, ...resets].join('\n')]);
    expect(groups.find(({ ending }) => ending === 'RST-READ')!.companions).toEqual([]);
  });

  it('as UTF-16 as well', () => {
    const reader = new LogSurvey();
    const input = reader.input('windows.log');
    input.push(new Uint8Array(Buffer.from(`\ufeff${reset(1)}\r\n`, 'utf16le')));
    input.end();
    expect(reader.result().endings).toBe(1);
  });

  it('not by everyday words or bare numbers', () => {
    const healthy = [
      'user=10054 logged in',
      'session closed for user root',
      'GET /x 200 10060 bytes',
      'the server was restarted',
    ];
    expect(survey([healthy.map((line, i) => `${at(i)} ${line}`).join('\n')]).groups).toEqual([]);
  });
});

it('a log that is followed tells each ending as it comes', () => {
  const seen: [string, boolean, number][] = [];
  const reader = new LogSurvey(({ group, isNew }) => seen.push([group.ending, isNew, group.count]));
  const input = reader.input('live.log');
  for (const line of [fine(1), reset(2), fine(3), reset(4)]) {
    input.push(new TextEncoder().encode(`${line}\n`));
    input.flush();
  }
  expect(seen).toEqual([
    ['RST-READ', true, 1],
    ['RST-READ', false, 2],
  ]);
});
