import { seconds, thousands } from '../evidence/packets.ts';
import { type Citation, cite, defineCause, supported } from './define.ts';

const says = {
  answered: (status: number, number: number, still: string) =>
    `the server answered ${status} in packet ${number} while the request was not complete: ${still}`,
  encrypted: (number: number) =>
    `the server sent a TLS record in packet ${number} while the client was still sending`,
  wentOn: (fin: number) => `it closed in packet ${fin}, and the client went on sending`,
  aborted: (wait: number) =>
    `it ended the connection with an active RST+ACK ${seconds(wait)} after its answer`,
  refused: (resets: number) =>
    `its kernel answered what still came with ${resets === 1 ? 'a RST' : `${thousands(resets)} RSTs`}`,
};

export default defineCause({
  id: 'early-response-unread-body',
  taxonomy: 'D5',
  family: 'ended-unanswered',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Server answered early and closed with the request body unread',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE', 'SK_RST_REASON_TCP_ABORT_ON_DATA'],
  counters: ['TCPAbortOnClose', 'TCPAbortOnData', 'OutRsts'],
  references: [
    'RFC 9112 §9.6 (why a server must not close at once after an early response)',
    'RFC 9110 §10.1.1 (Expect: 100-continue)',
    'nginx lingering_close',
  ],
  explain:
    'The server answered before it had received the whole request body, usually with an error such as 413, 401 or a redirect, and closed the connection. ' +
    'The client was still sending. ' +
    'Its bytes reached a socket that no program reads any more, and the server’s kernel answered with a RST. ' +
    'The RST can overtake the response in the client: unread data is thrown away when it arrives, so the client often sees only the reset and never the status that would have explained everything. ' +
    'Clients report "write EPIPE", "read ECONNRESET", "connection reset by peer" or curl 55/56 while uploading, some of them together with the response.',
  refines: ['unread-data-at-close', 'write-after-close'],
  requires: ['earlyResponse'],
  mayUse: ['endpoints'],
  examine({ earlyResponse }) {
    const { status, number, still, certain, rst, fin, late, resets, wait } = earlyResponse;
    const because: Citation[] = [
      cite(
        'earlyResponse',
        status === null ? says.encrypted(number) : says.answered(status, number, still),
        number,
      ),
    ];
    if (fin !== null && late !== null) because.push(cite('earlyResponse', says.wentOn(fin), fin, late));
    if (rst !== null)
      because.push(cite('earlyResponse', rst.active ? says.aborted(wait) : says.refused(resets), rst.number));
    if (status === null) return supported('fair', because);
    return supported(certain && status >= 300 ? 'proof' : 'strong', because);
  },
  headline({ earlyResponse, endpoints }) {
    if (earlyResponse === null || endpoints === null) return null;
    const { status, still } = earlyResponse;
    const server = `${endpoints.server.address}:${endpoints.server.port}`;
    const answered = status === null ? 'answers' : `answers ${status}`;
    return `${server} ${answered} before the request is complete, and closes without reading the rest: ${still}`;
  },
  advice({ earlyResponse }) {
    const status = earlyResponse?.status ?? null;
    const reason =
      status === 413
        ? 'Raise the body limit if such requests are wanted (nginx client_max_body_size, Express/body-parser limit, Apache LimitRequestBody, Tomcat maxSwallowSize), or tell clients the limit'
        : status === 401 || status === 403 || status === 407
          ? `The status was ${status}: send the credentials with the first request, so that no body is sent for nothing`
          : `Look in the server’s log why it refused${status === null ? '' : ` with ${status}`} before it had read the body`;
    return [
      { who: status === 401 || status === 407 ? 'client' : 'server', do: reason },
      {
        who: 'client',
        do: 'Send Expect: 100-continue before large bodies, and go on reading while writing, so that an early answer is seen before the reset',
      },
    ];
  },
  scenario: 'early-reply-413',
  examples: {
    match: [
      String.raw`# 413 in the middle of the upload, then RST
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "POST /up HTTP/1.1\r\nContent-Length: 900000\r\n\r\n"
+0.022 > . len 1448
+0.041 < .
+0.042 > . len 1448
+0.043 response "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
+0.044 > . len 1448
+0.062 < R. ack 1499`,
      String.raw`# FIN first, then one RST for each body segment that still comes
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "POST /up HTTP/1.1\r\nContent-Length: 900000\r\n\r\n"
+0.022 > . len 1448
+0.041 response "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
+0.041 < F.
+0.042 > . len 1448
+0.062 < R passive`,
      String.raw`# inside TLS: an answer came in the middle of the upload, and then the RST
server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 response "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.042 request "\x17\x03\x03\x3f\xfbaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.043 > . len 1448
+0.063 < . ack 97
+0.064 > . len 1448
+0.065 > . len 1448
+0.070 response "\x17\x03\x03\x00\x2ebbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" ack 1545
+0.072 < R. ack 1545`,
    ],
    miss: [
      String.raw`# complete when it was answered
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "POST /up HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
+0.041 response "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n"
+0.042 < R.`,
    ],
  },
});
