import { describe, expect, it } from 'vitest';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { timelineToSubject } from '../helpers/subject.ts';

const HEAD = String.raw`server ip 10.0.0.2 port 8443 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"`;
const SERVER_HELLO = String.raw`+0.081 < P. "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"`;
const ALERT = String.raw`\x17\x03\x03\x00\x13ccccccccccccccccccc`;
const CHANGE = String.raw`\x14\x03\x03\x00\x01\x01`;
const PADDED = String.raw`\x17\x03\x03\x00\x1bccccccccccccccccccccccccccc`;
const FATAL = String.raw`"\x15\x03\x03\x00\x02\x02\x28"`;

function verdictOn(...lines: string[]) {
  const { verdict, alternatives, statement } = judge(timelineToSubject([HEAD, ...lines].join('\n')));
  return { ...verdict, listed: alternatives.map(({ cause }) => cause), statement };
}

describe('a TLS 1.3 client that refuses the handshake', () => {
  const refusals: [string, string[]][] = [
    ['closes with a FIN', [`+0.085 > P. "${CHANGE}${ALERT}"`, '+0.085 > F.', '+0.126 < F.', '+0.126 > .']],
    ['aborts with a RST', [`+0.085 > P. "${ALERT}"`, '+0.085 > R.']],
    ['pads its alert', [`+0.085 > P. "${PADDED}"`, '+0.086 > F.', '+0.126 < R.']],
    [
      'leaves the close to the server',
      [`+0.085 > P. "${ALERT}"`, '+0.126 < F.', '+0.127 > F.', '+0.167 < .'],
    ],
    [
      'refuses the tickets that crossed its close',
      [`+0.085 > P. "${ALERT}"`, '+0.085 > F.', '+0.095 < P. len 200 ack 52', '+0.096 > R passive'],
    ],
  ];
  it.each(refusals)('%s', (_, lines) => {
    expect(verdictOn(SERVER_HELLO, ...lines)).toMatchObject({
      family: 'tls-refused',
      cause: 'tls-alert',
      sender: 'originator',
      certainty: 'likely',
    });
  });

  it('is not one that finishes the handshake and then aborts', () => {
    const finished = String.raw`"\x17\x03\x03\x00\x35${'c'.repeat(53)}"`;
    expect(verdictOn(SERVER_HELLO, `+0.085 > P. ${finished}`, '+0.085 > R.').cause).not.toBe('tls-alert');
  });
});

describe('an alert in the name of the server', () => {
  it('from as far as its other packets is the server’s', () => {
    expect(verdictOn(`+0.082 < P. ${FATAL}`, '+0.082 < F.', '+0.083 > F.', '+0.123 < .')).toMatchObject({
      cause: 'tls-alert',
      certainty: 'proven',
      sender: 'responder',
    });
  });

  // Timestamps and acknowledgements run on in each: a filter that watches the connection copies them.
  const elsewhere: [string, string[]][] = [
    ['too early and from nearer', [`+0.045 < P. ${FATAL} ttl 62`, '+0.045 < F. ttl 62', '+0.046 > F.']],
    ['too early', [`+0.046 < P. ${FATAL}`, '+0.046 < F.', '+0.047 > F.']],
    ['from nearer', [`+0.082 < P. ${FATAL} ttl 63`, '+0.082 < F. ttl 63', '+0.083 > F.']],
    ['from another initial TTL', [`+0.050 < P. ${FATAL} ttl 120`, '+0.050 < F. ttl 120', '+0.051 > F.']],
    [
      'with a late bare RST of the server',
      [`+0.045 < P. ${FATAL} ttl 62`, '+0.045 < F. ttl 62', '+0.046 > F.', '+0.090 < R passive'],
    ],
  ];
  it.each(elsewhere)('%s may be a filter’s', (_, lines) => {
    const { cause, certainty, sender, listed } = verdictOn(...lines);
    expect(sender).not.toBe('responder');
    expect(certainty).not.toBe('proven');
    expect([cause, ...listed]).toContain('policy-reset');
    if (cause === 'tls-alert') expect(certainty).toBe('possible');
  });
});
