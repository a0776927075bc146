import { describe, expect, it } from 'vitest';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { timelineToSubject } from '../helpers/subject.ts';

const SERVER = 'server ip 10.0.0.2 port 5432 ttl 57';
const at = (time: number) => `+${time.toFixed(3)}`;

/** A handshake on a path of 40 ms, one request and its response. */
const served = (start = 0) => `${at(start)} > S
${at(start + 0.04)} < S.
${at(start + 0.04)} > .
${at(start + 0.041)} > P. len 60
${at(start + 0.081)} < P. len 90
${at(start + 0.081)} > .`;

/** The next request after a pause, answered as one of an unknown connection. */
const unknown = (time: number, fields = '') =>
  `${at(time)} > P. len 60\n${at(time + 0.04)} < R passive ${fields}`;

function verdictOn(text: string) {
  const { verdict, alternatives, doubted, statement } = judge(timelineToSubject(text));
  const listed = [verdict.cause, ...alternatives.map(({ cause }) => cause)].filter((id) => id !== null);
  return { ...verdict, listed, doubted: doubted.map(({ cause }) => cause), statement };
}

describe('a packet that is answered as one of an unknown connection', () => {
  it.each([
    [0.6, 'peer-lost-state'],
    // Long enough for an idle timeout, too short for a restart.
    [2, 'close-not-seen'],
    [8, 'close-not-seen'],
    [29, 'close-not-seen'],
  ])('%f s of absence are no restart: at most possible, and first %s', (pause, first) => {
    const { cause, certainty } = verdictOn(`${SERVER}\n${served()}\n${unknown(pause)}`);
    expect(cause).toBe(first);
    expect(certainty).toBe('possible');
  });

  it('after 40 s without a sign of life a restart is likely', () => {
    expect(verdictOn(`${SERVER}\n${served()}\n${unknown(40)}`)).toMatchObject({
      cause: 'peer-lost-state',
      certainty: 'likely',
    });
  });

  it.each([39, 25, 10])('not where the port accepted a connection %f s after the response', (time) => {
    const lost = `client ip 10.0.0.1 port 40000 ttl 64\n${SERVER}\n${served()}\n${unknown(40)}`;
    const other = `client ip 10.0.0.1 port 40001 ttl 64\n${SERVER}\n${served(time)}`;
    expect(verdictOn(`${other}\n---\n${lost}`).certainty).not.toBe('likely');
  });

  it.each([0.2, 3, 31, 100])('every reading is listed after %f s', (pause) => {
    const { listed } = verdictOn(`${SERVER}\n${served()}\n${unknown(pause)}`);
    expect(listed).toEqual(expect.arrayContaining(['peer-lost-state', 'nat-rebinding', 'close-not-seen']));
  });

  it('had been closed, where the last answer announced it', () => {
    const http = String.raw`${SERVER}
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 < P. "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
+0.081 > .
+0.300 > P. "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+0.340 < R passive`;
    expect(verdictOn(http)).toMatchObject({ cause: 'close-not-seen', certainty: 'likely' });
    // A box nearer than the server knows nothing of what the server announced.
    const { cause } = verdictOn(http.replace('R passive', 'R passive ttl 64').replace('+0.340', '+0.301'));
    expect(cause).not.toBe('close-not-seen');
  });

  it('is one event of the host, where several connections are answered so at one moment', () => {
    const one = (port: number, start: number) =>
      `client ip 10.0.0.1 port ${port} ttl 64\n${SERVER}\n${served(start)}\n${unknown(5 + start / 1000)}`;
    const { cause } = verdictOn([one(40_001, 0), one(40_002, 0.3), one(40_003, 0.7)].join('\n---\n'));
    expect(cause).toBe('peer-lost-state');
  });

  it('is the close that its RST overtook, where the FIN comes after it', () => {
    const { cause, listed } = verdictOn(`${SERVER}\n${served()}\n${unknown(2)}\n+2.041 < F. ack 61`);
    expect(cause).not.toBe('peer-lost-state');
    expect(listed).not.toContain('peer-lost-state');
  });

  it('states what is certain, with numbers', () => {
    expect(verdictOn(`${SERVER}\n${served()}\n${unknown(8)}`).statement).toMatch(
      /^packet 7 of the client, the first after 7\.9 s of silence, was answered with a RST/,
    );
  });
});

describe('a stream that goes on under another port', () => {
  const numbered = (gap: number, next: string) => `client ip 10.0.0.1 port 40000 ttl 60
server ip 10.0.0.2 port 5432 ttl 64
+0.000 > S rawseq 1000
+0.000 < S. rawseq 5000
+0.040 > . rawseq 1001 rawack 5001
+0.041 > P. len 60 rawseq 1001 rawack 5001
+0.042 < P. len 90 rawseq 5001 rawack 1061
+0.082 > . rawseq 1061 rawack 5091
---
${next}
${at(gap)} > P. len 60 rawseq 1061 rawack 5091
${at(gap)} < R passive rawseq 5091`;

  it.each([0.2, 30, 300, 7200])('after %f s is a NAT that picked another port: proven', (gap) => {
    const text = numbered(gap, 'client ip 10.0.0.1 port 51000 ttl 60\nserver ip 10.0.0.2 port 5432 ttl 64');
    expect(verdictOn(text)).toMatchObject({ cause: 'nat-rebinding', certainty: 'proven' });
  });
});

describe('large packets that are lost while small ones pass', () => {
  const repeated = (times: readonly number[]) =>
    times.map((time) => `${at(time)} > P. len 1386 seq 61`).join('\n');
  const stalled = (end: string) => `${SERVER}\n${served()}\n${repeated([0.5, 1, 2, 4, 8, 16])}\n${end}`;

  it.each([
    [
      'the server closes at its own limit',
      '+60.0 < F. ack 61\n+60.001 > P. len 80 seq 1447\n+60.04 < R passive',
    ],
    ['the server closes and nothing is reset', '+60.0 < F. ack 61\n+60.001 > .'],
    ['the client aborts', '+17.0 < . ack 61\n+30.0 > R.'],
  ])('%s: path MTU', (_, end) => {
    expect(verdictOn(stalled(end)).listed[0]).toBe('path-mtu-blackhole');
  });
});

describe('an address that failed, and the next one accepted', () => {
  const accepted = (server: string, start: number) =>
    `client ip 10.0.0.1 port 40002 ttl 64\nserver ip ${server} port 8080 ttl 57\n${served(start)}\n${at(start + 1)} > F.\n${at(start + 1.04)} < F.\n${at(start + 1.04)} > .`;
  const failed = (server: string) =>
    `client ip 10.0.0.1 port 40001 ttl 64\nserver ip ${server} port 8080 ttl 57\n+0.000 > S\n+0.040 < R. refusal`;

  it.each([0.041, 0.3, 1.5])('%f s later: harmless', (start) => {
    expect(verdictOn(`${accepted('10.0.0.3', start)}\n---\n${failed('10.0.0.2')}`)).toMatchObject({
      cause: 'next-address-accepted',
      benign: true,
    });
  });

  it('a balancer may have chosen the address, as the capture at the servers cannot tell', () => {
    const here = (text: string) =>
      text.replaceAll('ttl 57', 'ttl 60').replaceAll('ttl 64', 'ttl 57').replaceAll('ttl 60', 'ttl 64');
    const { cause, benign, listed } = verdictOn(
      here(`${accepted('10.0.0.3', 0.3)}\n---\n${failed('10.0.0.2').replace('+0.040', '+0.000')}`),
    );
    expect({ cause, benign }).toEqual({ cause: 'no-listener', benign: false });
    expect(listed).toContain('next-address-accepted');
  });

  it('an attempt much later is another one', () => {
    expect(verdictOn(`${accepted('10.0.0.3', 9)}\n---\n${failed('10.0.0.2')}`).cause).toBe('no-listener');
  });
});

describe('a SYN that is refused nearer than the server', () => {
  const before = `${SERVER}\n${served()}\n+1.000 > F.\n+1.040 < F.\n+1.040 > .`;
  it.each([64, 63, 255])('with TTL %i is the filter’s, not a closed port', (ttl) => {
    expect(verdictOn(`${before}\n---\n+2.000 > S\n+2.001 < R. refusal ttl ${ttl}`).cause).toBe(
      'firewall-reject',
    );
  });
});

describe('a RST of a box behind a pause', () => {
  const lost = `client ip 10.0.0.1 port 40000 ttl 64\n${SERVER}\n${served()}\n+5.000 > P. len 60\n+5.001 < R passive ttl 64`;
  const again = `client ip 10.0.0.1 port 40001 ttl 64\n${SERVER}\n`;
  const refused = `${again}+5.100 > S\n+5.101 < R. refusal ttl 64`;

  it.each([
    ['nothing else is known: it forgot the connection', [], 'middlebox-idle-reset-on-next-packet'],
    ['the next attempt is refused: a rule rejects it', [refused], 'firewall-reject-mid-connection'],
    ['the next attempt is accepted', [`${again}${served(5.1)}`], 'middlebox-idle-reset-on-next-packet'],
  ])('%s', (_name, others, first) => {
    const { cause, certainty, listed } = verdictOn([...others, lost].join('\n---\n'));
    expect({ cause, certainty }).toEqual({ cause: first, certainty: 'possible' });
    expect(listed).toEqual(
      expect.arrayContaining(['middlebox-idle-reset-on-next-packet', 'firewall-reject-mid-connection']),
    );
  });
});
