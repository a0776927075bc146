import { describe, expect, it } from 'vitest';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { timelineToSubject } from '../helpers/subject.ts';

const shaken = (port: number, ttl = 57) => `server ip 10.0.0.2 port ${port} ttl ${ttl}
+0.000 > S
+0.020 < S.
+0.020 > .`;

function verdictOn(head: string, ...lines: string[]) {
  return judge(timelineToSubject([head, ...lines].join('\n'))).verdict;
}

const SMTP = [
  String.raw`+0.040 < P. "220 a ESMTP\r\n"`,
  String.raw`+0.041 > P. "EHLO b\r\n"`,
  String.raw`+0.061 < P. "250 a\r\n"`,
];
const TLS = [
  String.raw`+0.021 > P. "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"`,
  String.raw`+0.041 < P. "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"`,
  '+0.045 > P. len 300',
  '+0.066 < P. len 900',
];
const CLOSE_NOTIFY = String.raw`"\x17\x03\x03\x00\x13ccccccccccccccccccc"`;

describe('a goodbye, a FIN and then a RST are harmless', () => {
  const goodbyes: [string, string, string[]][] = [
    [
      'SMTP: the client closes without reading the 221',
      shaken(25),
      [
        ...SMTP,
        String.raw`+0.062 > P. "QUIT\r\n"`,
        '+0.062 > F.',
        String.raw`+0.083 < P. "221 2.0.0 closing\r\n"`,
        '+0.083 > R passive',
      ],
    ],
    [
      'TLS: close_notify, FIN, and the close_notify of the server refused',
      shaken(443),
      [
        ...TLS,
        `+0.070 > P. ${CLOSE_NOTIFY}`,
        '+0.070 > F.',
        `+0.091 < P. ${CLOSE_NOTIFY}`,
        '+0.092 > R passive',
      ],
    ],
    [
      'MySQL: COM_QUIT, both FINs, a late packet',
      shaken(3306),
      [
        '+0.040 < P. len 78',
        '+0.041 > P. len 190',
        String.raw`+0.061 < P. "\x07\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00"`,
        String.raw`+0.062 > P. "\x01\x00\x00\x00\x01"`,
        '+0.062 > F.',
        '+0.083 < F.',
        '+0.083 > R passive',
      ],
    ],
    [
      'FTP: the client resets right behind its QUIT',
      shaken(21),
      [...SMTP, String.raw`+0.062 > P. "QUIT\r\n"`, '+0.0621 > R.'],
    ],
    [
      'WebSocket: both close frames, the FIN refused',
      shaken(80),
      [
        String.raw`+0.021 > P. "GET /s HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"`,
        String.raw`+0.041 < P. "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"`,
        String.raw`+0.050 > P. "\x88\x82\x00\x00\x00\x00\x03\xe8"`,
        String.raw`+0.070 < P. "\x88\x02\x03\xe8"`,
        '+0.071 < F.',
        '+0.071 > R.',
      ],
    ],
  ];
  it.each(goodbyes)('%s', (_, head, lines) => {
    expect(verdictOn(head, ...lines)).toMatchObject({
      family: 'harmless',
      certainty: 'likely',
      benign: true,
    });
  });

  it('but not where more than a farewell came after it', () => {
    const { family, cause } = verdictOn(
      shaken(25),
      ...SMTP,
      String.raw`+0.062 > P. "QUIT\r\n"`,
      '+0.062 > F.',
      '+0.083 < P. len 1400',
      '+0.083 > R passive',
    );
    expect(family).not.toBe('harmless');
    expect(cause).toBe('write-after-close');
  });
});

describe('a server that resets behind the FIN of a client that has its answers', () => {
  const endings: [string, string, string[]][] = [
    ['SMB', shaken(445, 121), ['+0.021 > P. len 120', '+0.041 < P. len 240', '+0.100 > F.', '+0.120 < R.']],
    [
      'Kerberos',
      shaken(88, 121),
      ['+0.021 > P. len 1400', '+0.041 < P. len 1450', '+0.042 > F.', '+0.062 < R.'],
    ],
    [
      'RDP',
      shaken(3389, 121),
      [
        String.raw`+0.021 > P. "\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x00\x00\x00\x00"`,
        String.raw`+0.041 < P. "\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x02\x00\x08\x00\x00\x00\x00\x00"`,
        '+0.300 > F.',
        '+0.320 < .',
        '+0.321 < R.',
      ],
    ],
    [
      'IIS, half a minute later',
      shaken(80, 121),
      [
        String.raw`+0.021 > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"`,
        String.raw`+0.041 < P. "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"`,
        '+1.042 > F.',
        '+1.062 < .',
        '+31.06 < R.',
      ],
    ],
    ['LDAP', shaken(389, 121), ['+0.021 > P. len 60', '+0.041 < P. len 22', '+9.000 > F.', '+9.020 < R.']],
  ];
  it.each(endings)('%s', (_, head, lines) => {
    expect(verdictOn(head, ...lines)).toMatchObject({
      cause: 'server-reset-after-response',
      certainty: 'likely',
      sender: 'responder',
      benign: true,
    });
  });

  it('is not harmless with the answer outstanding', () => {
    const asked = String.raw`+0.021 > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"`;
    expect(verdictOn(shaken(80), asked, '+0.022 > F.', '+0.042 < .', '+3.000 < R.').benign).toBe(false);
    const half = String.raw`+0.041 < P. "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nok"`;
    expect(verdictOn(shaken(80), asked, half, '+0.100 > F.', '+0.120 < R.').benign).toBe(false);
  });
});

const REQUEST = String.raw`GET / HTTP/1.1\r\nHost: a\r\n`;
const asks = (more = '') => `+0.021 > P. "${REQUEST}${more}\\r\\n"`;
const answers = (head: string, body = 'ok') => `+0.041 < P. "HTTP/1.1 200 OK\\r\\n${head}\\r\\n${body}"`;
const CLOSE = String.raw`Connection: close\r\n`;
const LENGTH = String.raw`Content-Length: 2\r\n`;

describe('an announced close behind a complete answer is harmless, whatever RST follows', () => {
  it.each<[string, string[]]>([
    [
      'both closed, a late packet',
      [asks(CLOSE), answers(LENGTH + CLOSE), '+0.041 < F.', '+0.061 > F.', '+0.081 < R passive'],
    ],
    ['the client aborts behind the FIN', [asks(CLOSE), answers(CLOSE), '+0.041 < F.', '+0.043 > R.']],
    ['the server resets behind its answer', [asks(CLOSE), answers(LENGTH), '+0.042 > .', '+0.062 < R.']],
    ['the client resets a moment later', [asks(), answers(LENGTH + CLOSE), '+0.041 > .', '+0.050 > R.']],
    [
      'the client closes first',
      [asks(CLOSE), answers(LENGTH), '+0.042 > F.', '+0.062 < F.', '+0.062 > R passive'],
    ],
  ])('%s', (_, lines) => {
    expect(verdictOn(shaken(80), ...lines)).toMatchObject({ family: 'harmless', benign: true });
  });
  it('but not behind a part of it', () => {
    const half = answers(String.raw`Content-Length: 900\r\n` + CLOSE);
    expect(verdictOn(shaken(80), asks(CLOSE), half, '+0.042 > .', '+0.062 < R.').benign).toBe(false);
  });
});

describe('a scan', () => {
  const probe = (port: number, answer: string) =>
    `client ip 10.0.0.9\nserver ip 10.0.0.2 port ${port} ttl 63\n+0.${port} > S\n+0.${port}5 < ${answer}`;
  it('finds an open port and resets: harmless, and part of the scan', () => {
    const refused = Array.from({ length: 40 }, (_, i) => probe(100 + i, 'R. refusal'));
    const open = `${probe(200, 'S.')}\n+0.2006 > R`;
    expect(judge(timelineToSubject([...refused, open].join('\n---\n')))).toMatchObject({
      verdict: { cause: 'health-check-reset', certainty: 'likely', benign: true },
    });
  });
});
