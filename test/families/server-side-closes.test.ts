import { describe, expect, it } from 'vitest';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { timelineToSubject } from '../helpers/subject.ts';

const SERVER = 'server ip 10.0.0.2 port 8080 ttl 57';
const at = (time: number) => `+${time.toFixed(4)}`;
const GET = String.raw`"GET / HTTP/1.1\r\nHost: a\r\n\r\n"`;
const OK = String.raw`"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"`;

const opened = (port: number, start: number) => `client ip 10.0.0.1 port ${port} ttl 64
${SERVER}
${at(start)} > S
${at(start + 0.01)} < S.
${at(start + 0.01)} > .`;

/** A request, and what the server does `wait` seconds after it arrives. */
const asked = (port: number, start: number, wait: number, end: string) =>
  `${opened(port, start)}\n${at(start + 0.011)} > P. ${GET}\n${at(start + 0.021 + wait)} < ${end}`;
/** The server ends it before the client has said a word. */
const unheard = (port: number, start: number, end: string) =>
  `${opened(port, start)}\n${at(start + 0.012)} < ${end}`;
const served = (port: number, start: number) =>
  `${opened(port, start)}\n${at(start + 0.011)} > P. ${GET}\n${at(start + 0.03)} < P. ${OK}\n${at(start + 0.03)} > .`;

function verdictOn(...connections: string[]) {
  const { verdict, alternatives, statement } = judge(timelineToSubject(connections.join('\n---\n')));
  return { ...verdict, listed: [verdict.cause, ...alternatives.map(({ cause }) => cause)], statement };
}

describe('a server that closes what it accepts', () => {
  it.each(['R. ack 29', 'F. ack 29'])('closes the connection whose request came first as well: %s', (end) => {
    const alone = verdictOn(asked(40_000, 0, 0, end));
    expect(alone.family).not.toBe('closed-at-accept');
    const { family, statement } = verdictOn(
      unheard(40_001, 1, end.replace(' ack 29', '')),
      asked(40_000, 0, 0, end),
    );
    expect(family).toBe('closed-at-accept');
    expect(statement).toContain('as it closed others before a byte of the client had reached it');
  });

  it('had read a request that it answers a second later', () => {
    const { family } = verdictOn(unheard(40_001, 3, 'R.'), asked(40_000, 0, 1, 'R. ack 29'));
    expect(family).not.toBe('closed-at-accept');
  });
});

describe('a FIN in the place of an answer', () => {
  it.each([0.0005, 0.05, 2])(
    '%f s after the request, while others are served: the program closed',
    (wait) => {
      const { cause, certainty, listed } = verdictOn(
        served(40_001, 5),
        asked(40_000, 0, wait, `F. ack 29\n${at(wait + 0.03)} > F.`),
      );
      expect(cause).toBe('closed-without-answer');
      expect(certainty).toBe('possible');
      expect(listed).toContain('process-died');
    },
  );

  it('with the port refusing afterwards: the process ended', () => {
    const refused = `client ip 10.0.0.1 port 40001 ttl 64\n${SERVER}\n+2.000 > S\n+2.010 < R. refusal`;
    const { cause, listed } = verdictOn(refused, asked(40_000, 0, 1, 'F. ack 29\n+1.040 > F.'));
    expect(cause).toBe('process-died');
    expect(listed).not.toContain('closed-without-answer');
  });

  it('from a port that never answered: its program may expect another protocol', () => {
    const silent = [0, 1, 2, 3].map((n) => asked(40_000 + n, n, 0.0005, `F. ack 29\n${at(n + 0.03)} > F.`));
    const { listed, cause } = verdictOn(...silent);
    expect(cause).toBe('proxy-protocol-mismatch');
    expect(listed).toContain('closed-without-answer');
  });
});
