import { describe, expect, it } from 'vitest';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { timelineToSubject } from '../helpers/subject.ts';

const SERVER = 'server ip 10.0.0.2 port 8080 ttl 57';
const GET = String.raw`"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"`;
const OK = String.raw`"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"`;
const POST = String.raw`"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n"`;

const at = (time: number) => `+${time.toFixed(3)}`;

/** A handshake at `start`, on a path of 20 ms. */
const opened = (start: number) => `${at(start)} > S
${at(start + 0.02)} < S.
${at(start + 0.02)} > .`;

const asked = (start: number, request = GET) => `${opened(start)}
${at(start + 0.021)} > P. ${request}
${at(start + 0.041)} < .`;

const served = (start: number) => `${opened(start)}
${at(start + 0.021)} > P. ${GET}
${at(start + 0.041)} < P. ${OK}
${at(start + 0.041)} > F.
${at(start + 0.061)} < F.
${at(start + 0.061)} > .`;

const refused = (start: number) => `${at(start)} > S\n${at(start + 0.02)} < R. refusal`;

const capture = (...connections: string[]) => `${SERVER}\n${connections.join('\n---\n')}`;

function verdictOn(text: string) {
  const { verdict, alternatives, statement, doubted } = judge(timelineToSubject(text));
  return {
    cause: verdict.cause,
    certainty: verdict.certainty,
    listed: [verdict.cause, ...alternatives.map(({ cause }) => cause)].filter((cause) => cause !== null),
    doubted: doubted.map(({ cause }) => cause),
    statement,
  };
}

describe('a request that was taken in, and a RST in the place of an answer', () => {
  it.each<[string, string, { cause: string; certainty: string }]>([
    [
      'seconds later, with nothing else known: died on it',
      capture(`${asked(0)}\n${at(3.5)} < R.`),
      { cause: 'process-died', certainty: 'possible' },
    ],
    [
      'seconds later, and the port goes on accepting: a worker died on it',
      capture(served(5), `${asked(0)}\n${at(3.5)} < R.`),
      { cause: 'process-died', certainty: 'possible' },
    ],
    [
      'within the round trip: closed with the request unread',
      capture(`${asked(0)}\n${at(0.045)} < R.`),
      { cause: 'unread-data-at-close', certainty: 'possible' },
    ],
    [
      'after a body that was still on its way: unread bytes are visible',
      capture(
        `${asked(0, POST)}\n${at(0.05)} > P. len 1400\n${at(0.051)} > P. len 1400\n${at(0.08)} < R. ack 1466`,
      ),
      { cause: 'unread-data-at-close', certainty: 'likely' },
    ],
    [
      'and the port refuses, on a connection that had been served: the process died',
      capture(
        refused(4),
        `${opened(0)}\n${at(0.021)} > P. ${GET}\n${at(0.041)} < P. ${OK}\n${at(0.5)} > P. ${GET}\n${at(0.52)} < .\n${at(2)} < R.`,
      ),
      { cause: 'process-died', certainty: 'likely' },
    ],
    [
      'and the port refuses, though no request was ever read: perhaps never accepted',
      capture(refused(4), `${asked(0)}\n${at(2)} < R.`),
      { cause: 'listener-closed-with-queue', certainty: 'possible' },
    ],
    [
      'at one instant with others of other ages: an event, no limit',
      capture(
        `${asked(0)}\n${at(3)} < R.`,
        `${asked(0.9, POST)}\n${at(3)} < R.`,
        `${asked(1.9, POST)}\n${at(0.1 + 1.9)} > P. len 9000\n${at(0.15 + 1.9)} < .\n${at(3)} < R.`,
      ),
      { cause: 'process-died', certainty: 'possible' },
    ],
    [
      'at the age at which two more ended: a limit',
      capture(`${asked(0)}\n${at(7)} < R.`, `${asked(2)}\n${at(9)} < R.`, `${asked(5)}\n${at(12)} < R.`),
      { cause: 'worker-killed', certainty: 'likely' },
    ],
    [
      'at a known limit, and the port goes on accepting',
      capture(served(40), `${asked(0)}\n${at(30.4)} < R.`),
      { cause: 'worker-killed', certainty: 'possible' },
    ],
  ])('%s', (_name, text, expected) => {
    const { cause, certainty } = verdictOn(text);
    expect({ cause, certainty }).toEqual(expected);
  });

  it('lists every cause that leaves these packets, a kill from outside last', () => {
    const { listed } = verdictOn(capture(`${asked(0)}\n${at(3.5)} < R.`));
    expect(new Set(listed)).toEqual(
      new Set([
        'process-died',
        'unread-data-at-close',
        'worker-killed',
        'abort-by-linger-zero',
        'listener-closed-with-queue',
        'administrative-kill',
      ]),
    );
    expect(listed.at(-1)).toBe('administrative-kill');
    expect(listed.indexOf('abort-by-linger-zero')).toBeGreaterThan(listed.indexOf('unread-data-at-close'));
  });

  it('says what is certain, with its numbers', () => {
    expect(verdictOn(capture(`${asked(0)}\n${at(3.521)} < R.`)).statement).toBe(
      'the server’s host had all 28 bytes of the request and, 3.5 s later, reset the connection instead of answering',
    );
  });

  it('does not call a limit what ended together because it had begun together', () => {
    const { cause } = verdictOn(
      capture(
        `${asked(0)}\n${at(3)} < F.\n${at(3)} > F.`,
        `${asked(0.05)}\n${at(3.01)} < F.\n${at(3.02)} > F.`,
      ),
    );
    expect(cause).toBe('process-died');
  });
});

describe('the window of the RST', () => {
  const stuffed = (last: number, rst: number) =>
    capture(
      `${opened(0)}
${at(0.021)} > P. ${POST}
${at(0.041)} < . win 501
${at(0.05)} > P. len 9000
${at(0.07)} < . win ${last}
${at(2)} < R. win ${rst}`,
    );

  it.each([
    [430, 430],
    [470, 470],
    [400, 400],
    [490, 490],
    [300, 300],
  ])('still %i: no program closed the socket', (last, rst) => {
    const { listed, doubted } = verdictOn(stuffed(last, rst));
    expect(listed).toEqual(expect.arrayContaining(['listener-closed-with-queue', 'administrative-kill']));
    expect(listed).not.toContain('unread-data-at-close');
    expect(doubted).toEqual(expect.arrayContaining(['unread-data-at-close', 'process-died']));
  });

  it.each([
    [430, 501],
    [470, 480],
    [400, 450],
    [490, 494],
    [300, 501],
  ])('from %i back to %i: a program closed or ended', (last, rst) => {
    const { listed, doubted } = verdictOn(stuffed(last, rst));
    expect(listed).toContain('process-died');
    expect(listed).not.toContain('listener-closed-with-queue');
    expect(doubted).toEqual(expect.arrayContaining(['listener-closed-with-queue', 'administrative-kill']));
  });
});

describe('a RST behind a complete answer', () => {
  it.each([
    ['at once', 0.042],
    ['a little later', 0.3],
    ['almost a second later', 0.9],
  ])('%s is an abort of the program, and no idle timeout', (_name, time) => {
    const { cause, listed } = verdictOn(
      capture(
        `${opened(0)}\n${at(0.021)} > P. ${GET}\n${at(0.041)} < P. ${OK}\n${at(0.041)} > .\n${at(time)} < R.`,
      ),
    );
    expect(cause).toBe('abort-by-linger-zero');
    expect(listed).not.toContain('server-idle-kill');
    expect(listed).not.toContain('unread-data-at-close');
  });
});

describe('connections that had been answered, reset at one moment', () => {
  const answered = (start: number, end: number) => `${opened(start)}
${at(start + 0.021)} > P. ${GET}
${at(start + 0.041)} < P. ${OK}
${at(start + 0.041)} > .
${at(end)} < R.`;

  it.each([
    ['three', [2.1, 2.4, 2.7]],
    ['four', [1.1, 2.2, 2.5, 2.8]],
    ['five that were idle for long', [0, 0.7, 1.1, 1.6, 2.0]],
    ['some idle, some just answered', [0, 1.4, 2.85]],
    ['six', [2.1, 2.25, 2.4, 2.55, 2.7, 2.85]],
  ])('%s of different ages were killed from outside', (_name, starts) => {
    const { cause, listed } = verdictOn(capture(...starts.map((start) => answered(start, 3))));
    expect(cause).toBe('administrative-kill');
    expect(listed).toContain('abort-by-linger-zero');
  });

  it('two are no event', () => {
    expect(verdictOn(capture(answered(2.2, 3), answered(2.7, 3))).cause).toBe('abort-by-linger-zero');
  });
});
