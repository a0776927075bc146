import { describe, expect, it } from 'vitest';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { timelineToSubject } from '../helpers/subject.ts';

const shaken = (port: number) => `server ip 10.0.0.2 port ${port} ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .`;

function verdictOn(head: string, ...lines: string[]) {
  const { verdict, alternatives } = judge(timelineToSubject([head, ...lines].join('\n')));
  return {
    ...verdict,
    listed: [verdict.cause, ...alternatives.map(({ cause }) => cause)],
  };
}

/** Asked and answered, five quiet minutes, the last words of the server, its FIN, and a late use. */
const parting = (port: number, asked: string, answered: string, words: string, end = 'F.') => [
  shaken(port),
  `+0.041 > P. "${asked}"`,
  `+0.061 < P. "${answered}"`,
  '+0.081 > .',
  `+300.06 < P. "${words}"`,
  `+300.06 < ${end}`,
  ...(end === 'F.' ? ['+300.08 > .', `+330.00 > P. "${asked}"`, '+330.02 < R passive'] : []),
];

const STARTUP = String.raw`\x00\x00\x00\x17\x00\x03\x00\x00user\x00a\x00\x00aaaaa`;
const READY = String.raw`R\x00\x00\x00\x08\x00\x00\x00\x00Z\x00\x00\x00\x05I`;
const fatal = (code: string, text: string) =>
  `E\\x00\\x00\\x00\\x5bSFATAL\\x00VFATAL\\x00C${code}\\x00M${text}\\x00Fp\\x00L1\\x00\\x00`;
const EHLO = String.raw`EHLO b\r\n`;
const OK = String.raw`250 a\r\n`;

describe('the last words of the server say whether a timeout ended the session', () => {
  it.each<[string, string[]]>([
    ['PostgreSQL 57P05', parting(5432, STARTUP, READY, fatal('57P05', 'idle-session timeout'))],
    ['SMTP 421 timeout', parting(25, EHLO, OK, String.raw`421 4.4.2 a Error: timeout exceeded\r\n`)],
    [
      'IMAP autologout',
      parting(
        143,
        String.raw`a NOOP\r\n`,
        String.raw`a OK\r\n`,
        String.raw`* BYE Autologout; idle for too long\r\n`,
      ),
    ],
    [
      'FTP, then a RST',
      parting(
        21,
        String.raw`USER a\r\n`,
        String.raw`230 in\r\n`,
        String.raw`421 Idle timeout (300 seconds): closing control connection.\r\n`,
        'R.',
      ),
    ],
    [
      'XMPP, then a RST',
      parting(
        5222,
        '<stream:stream>',
        '<stream:features/>',
        '<stream:error><connection-timeout/></stream:error></stream:stream>',
        'R.',
      ),
    ],
  ])('%s', (_, [head, ...lines]) => {
    expect(verdictOn(head!, ...lines)).toMatchObject({ cause: 'server-idle-kill', certainty: 'proven' });
  });

  it.each<[string, string[]]>([
    [
      'PostgreSQL 57P01, an administrator',
      parting(5432, STARTUP, READY, fatal('57P01', 'administrator command')),
    ],
    [
      'PostgreSQL 57P02, a crash',
      parting(5432, STARTUP, READY, fatal('57P02', 'crash of another server process')),
    ],
    ['SMTP 421 shutdown', parting(25, EHLO, OK, String.raw`421 4.3.2 a System shutting down\r\n`)],
    [
      'SMTP 421 too many connections',
      parting(25, EHLO, OK, String.raw`421 4.7.0 a Too many connections\r\n`),
    ],
    [
      'XMPP system-shutdown',
      parting(
        5222,
        '<stream:stream>',
        '<stream:features/>',
        '<stream:error><system-shutdown/></stream:error></stream:stream>',
      ),
    ],
  ])('%s', (_, [head, ...lines]) => {
    const { listed } = verdictOn(head!, ...lines);
    expect(listed).not.toContain('server-idle-kill');
  });
});

const UPLOAD = String.raw`POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n`;
const slow = (status: string) => [
  `+0.021 > P. "${UPLOAD}"`,
  '+0.041 < .',
  `+10.02 < P. "HTTP/1.1 ${status}\\r\\nConnection: close\\r\\n\\r\\n"`,
  '+10.02 < F.',
  '+10.06 > .',
  '+11.00 > P. len 900',
  '+11.02 < R passive',
];

describe('an answer that comes before the request is complete', () => {
  it('408 is a timeout', () => {
    expect(verdictOn(shaken(80), ...slow('408 Request Timeout')).cause).toBe('server-timeout-on-slow-client');
  });
  it.each(['413 Payload Too Large', '503 Service Unavailable', '429 Too Many Requests', '403 Forbidden'])(
    '%s is none',
    (status) => {
      expect(verdictOn(shaken(80), ...slow(status)).cause).not.toBe('server-timeout-on-slow-client');
    },
  );
});

describe('a client that ended the connection before its answer came', () => {
  const asked = String.raw`+0.021 > P. "GET a\r\n"`;
  const late = (end: number) => [
    asked,
    `+${end.toFixed(4)} > F.`,
    `+${(end + 0.03).toFixed(4)} < P. "VALUE a\\r\\n"`,
    `+${(end + 0.03).toFixed(4)} > R passive`,
  ];
  it.each([0.0212, 0.0215, 0.024, 0.028, 0.03])('had no patience that could end by %s s', (end) => {
    const { cause, certainty, general } = verdictOn(shaken(9000), ...late(end));
    expect([cause, general?.cause]).toContain('write-after-close');
    expect([cause, certainty]).not.toEqual(['client-gave-up', 'likely']);
  });
  it('gives up after two seconds', () => {
    expect(verdictOn(shaken(9000), ...late(2.021))).toMatchObject({
      cause: 'client-gave-up',
      certainty: 'likely',
    });
  });
});

describe('a client that aborts a chunked answer', () => {
  const aborted = (body: string) => String.raw`server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < P. "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
+0.041 > .
+0.046 < P. "${body}"
+0.046 > .
+0.050 > R.`;

  it.each([
    [
      'before its last chunk: it gave up',
      String.raw`5\r\nhello\r\n`,
      'client-gave-up',
      'client-reset-after-response',
    ],
    [
      'behind its last chunk: it had its answer',
      String.raw`5\r\nhello\r\n0\r\n\r\n`,
      'client-reset-after-response',
      'client-gave-up',
    ],
  ])('%s', (_name, body, cause, never) => {
    const { verdict, alternatives } = judge(timelineToSubject(aborted(body)));
    expect(verdict.cause).toBe(cause);
    expect(alternatives.map((each) => each.cause)).not.toContain(never);
  });
});
