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
