import { describe, expect, it } from 'vitest';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { timelineToSubject } from '../helpers/subject.ts';

const SERVER = 'server ip 10.0.0.2 port 8080 ttl 57';
const GET = String.raw`"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"`;
const at = (time: number) => `+${time.toFixed(3)}`;
const shaken = (start: number) => `${at(start)} > S\n${at(start + 0.04)} < S.\n${at(start + 0.04)} > .`;
const served = (start: number) => `${shaken(start)}
${at(start + 0.041)} > P. ${GET}
${at(start + 0.081)} < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
${at(start + 0.081)} > F.
${at(start + 0.121)} < F.
${at(start + 0.121)} > .`;
const byReset = (start: number) => `${shaken(start)}\n${at(start + 0.081)} < R.`;
const byFin = (start: number) => `${shaken(start)}
${at(start + 0.081)} < F.
${at(start + 0.081)} > F.
${at(start + 0.121)} < .`;
/** The request had left before the close arrived, and is refused. */
const crossed = (start: number) => `${shaken(start)}
${at(start + 0.05)} > P. ${GET}
${at(start + 0.081)} < F. ack 1
${at(start + 0.09)} < R passive`;

const capture = (...connections: string[]) => `${SERVER}\n${connections.join('\n---\n')}`;

function verdictOn(text: string) {
  const { verdict, alternatives, statement } = judge(timelineToSubject(text));
  const listed = [verdict.cause, ...alternatives.map(({ cause }) => cause)].filter((cause) => cause !== null);
  return { family: verdict.family, cause: verdict.cause, listed, statement };
}

const MEMBERS = [
  'no-healthy-target',
  'connection-limit-reached',
  'descriptor-exhaustion',
  'client-not-allowed',
];

describe('a connection that the server ended right after it had accepted it', () => {
  it.each<[string, string, string | null]>([
    ['with a RST, each time', capture(byReset(0), byReset(1), byReset(2)), 'no-healthy-target'],
    ['with a FIN, each time', capture(byFin(0), byFin(1), byFin(2)), 'no-healthy-target'],
    ['the only one there is', capture(byReset(0)), 'no-healthy-target'],
    ['with a RST, while others are served', capture(served(0), byReset(1)), 'connection-limit-reached'],
    [
      'with a FIN, between others that are served',
      capture(served(0), served(2), byFin(1)),
      'connection-limit-reached',
    ],
    ['with a FIN that the request passed', capture(served(0), crossed(1)), 'connection-limit-reached'],
  ])('%s', (_name, text, cause) => {
    const found = verdictOn(text);
    expect(found.family).toBe('closed-at-accept');
    expect(found.cause).toBe(cause);
    expect(found.listed).toEqual(expect.arrayContaining(MEMBERS));
  });

  it('says what is certain: nothing that the client sent caused it', () => {
    expect(verdictOn(capture(byReset(0))).statement).toBe(
      'the server closed the connection with a RST 41 ms after accepting it, before a byte of the client had reached it: nothing that the client sent caused it',
    );
  });

  it('is not one that waited for the client first', () => {
    expect(verdictOn(capture(`${shaken(0)}\n${at(9)} < R.`)).family).not.toBe('closed-at-accept');
  });
});
