import { describe, expect, it } from 'vitest';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { timelineToSubject } from '../helpers/subject.ts';

const HELLO = String.raw`"\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"`;
const SERVER_HELLO = String.raw`"\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"`;
const RECORD = String.raw`"\x17\x03\x03\x00\x2ebbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"`;
const UPLOAD = String.raw`"\x17\x03\x03\x3f\xfbaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"`;

const verdictOn = (text: string) => judge(timelineToSubject(text)).verdict;

/** A TLS upload of which the server takes a part in, answers, and ends the connection. */
const encrypted = (end: string, sent = 3) => `server ip 10.0.0.2 port 443 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. ${HELLO}
+0.041 < P. ${SERVER_HELLO}
+0.042 > P. ${UPLOAD}
+0.063 < . ack 97
${Array.from({ length: sent }, (_, i) => `+0.06${4 + i} > . len 1448`).join('\n')}
+0.070 < P. ${RECORD} ack 97
${end}`;

describe('an answer before the request was complete', () => {
  it.each<[string, string, string, string]>([
    ['413 in clear, then a RST', '413 Payload Too Large', '+0.062 < R. ack 1499', 'proven'],
    ['401 in clear, then a RST', '401 Unauthorized', '+0.062 < R. ack 1499', 'proven'],
    ['302 in clear, then a RST', '302 Found', '+0.062 < R. ack 1499', 'proven'],
    ['200 in clear, then a RST: strange, but no refusal', '200 OK', '+0.062 < R. ack 1499', 'likely'],
    [
      '500 in clear, then a FIN and a RST',
      '500 Oops',
      '+0.044 < F. ack 1499\n+0.064 > . len 1448\n+0.084 < R passive',
      'proven',
    ],
  ])('%s', (_name, status, end, certainty) => {
    const text = String.raw`server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "POST /up HTTP/1.1\r\nContent-Length: 900000\r\n\r\n"
+0.022 > . len 1448
+0.041 < .
+0.042 > . len 1448
+0.043 < P. "HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" ack 1499
+0.0435 > . len 1448
${end}`;
    expect(verdictOn(text)).toMatchObject({ cause: 'early-response-unread-body', certainty });
  });

  it('inside TLS is possible, and that bytes were left unread is surer', () => {
    expect(verdictOn(encrypted('+0.072 < R. ack 97'))).toMatchObject({
      cause: 'early-response-unread-body',
      certainty: 'possible',
      general: { cause: 'unread-data-at-close', certainty: 'likely' },
    });
  });

  it('inside TLS needs bytes that had left before the answer came', () => {
    const { cause } = verdictOn(encrypted('+0.072 < R. ack 97', 0));
    expect(cause).not.toBe('early-response-unread-body');
  });

  it('inside TLS is seen where the capture begins in the middle', () => {
    const [head, ...rows] = encrypted('+0.072 < R. ack 97').split('\n');
    expect(
      verdictOn([head, ...rows.slice(5)].join('\n')).general?.cause ??
        verdictOn([head, ...rows.slice(5)].join('\n')).cause,
    ).toBe('unread-data-at-close');
  });
});

describe('a server that shuts its side down and closes with bytes unread, as Python’s socketserver does', () => {
  const start = `server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
`;
  const request = String.raw`+0.021 > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < . ack 29
`;
  const end = (time: number, seq = '') =>
    `+${time.toFixed(4)} < F. ${seq}\n+${(time + 0.0001).toFixed(4)} < R. ${seq}`;

  it.each<[string, string]>([
    ['without an answer', `${request}${end(0.06)}`],
    [
      'behind a whole answer',
      `${request}+0.0600 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok"\n${end(0.0601)}`,
    ],
  ])('left bytes unread: likely, %s', (_name, text) => {
    const { verdict, statement, alternatives } = judge(timelineToSubject(start + text));
    expect(verdict).toMatchObject({
      cause: 'unread-data-at-close',
      certainty: 'likely',
      sender: 'responder',
    });
    expect(statement).toContain('with received bytes unread');
    expect(alternatives.map(({ cause }) => cause)).not.toContain('process-died');
  });

  it('answered early, where its head and body were written apart', () => {
    const upload = String.raw`+0.021 > P. "POST /up HTTP/1.1\r\nContent-Length: 900000\r\n\r\n"
+0.022 > . len 1448
+0.043 < P. "HTTP/1.1 501 Unsupported method\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" ack 1499
+0.0431 > . len 1448
+0.044 < P. "<!DOCTYPE HTML>" ack 1499
${end(0.0441)}`;
    expect(judge(timelineToSubject(start + upload)).verdict).toMatchObject({
      cause: 'early-response-unread-body',
      certainty: 'proven',
    });
  });

  it('says nothing of a RST that answers what came behind the FIN', () => {
    const late = `${request}+0.060 < F. ack 29\n+0.061 > P. len 20\n+0.081 < R passive`;
    expect(judge(timelineToSubject(start + late)).verdict.cause).not.toBe('unread-data-at-close');
  });
});
