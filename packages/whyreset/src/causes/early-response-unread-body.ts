import { bytes, seconds, thousands } from '../evidence/packets.ts';
import { cite, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

export default defineLegacyCause({
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
    'Its bytes reached a socket that nobody reads any more, and the server’s kernel answered with a RST. ' +
    'The RST can overtake the response in the client: unread data is thrown away when it arrives, so the client often sees only the reset and never the status that would have explained everything. ' +
    'Clients report "write EPIPE", "read ECONNRESET", "connection reset by peer" or curl 55/56 while uploading, some of them together with the response.',
  needs: ['reset', 'closing', 'endings', 'exchange', 'application', 'requestProgress', 'unread', 'maker'],
  refines: ['unread-data-at-close', 'write-after-close'],
  examine(facts) {
    const { reset, closing, endings, exchange, application, maker } = facts;
    if (!application.known || !exchange.known || !endings.known) return SILENT;
    const { lastRequest, lastResponse } = application;
    if (
      lastResponse?.protocol !== 'http-response' ||
      lastResponse.status < 200 ||
      lastResponse.status === 408
    )
      return SILENT;
    if (maker.known && (maker.middlebox === 'proven' || maker.middlebox === 'likely')) return SILENT;
    const closed = closing.known && closing.side === 'responder' ? closing : null;
    const rst = reset.known && reset.side === 'responder' ? reset : null;
    const end = closed?.fin ?? endings.responder ?? rst?.packet ?? null;
    if (end === null || end.number < lastResponse.number) return SILENT;
    if (endings.originator !== null && endings.originator.number < end.number) return SILENT;

    const goesOn = lastRequest !== null && lastRequest.number > lastResponse.number;
    // What follows the answer is the rest of the body unless it begins a request of its own.
    if (goesOn && (lastRequest.protocol !== 'other' || application.firstRequest?.protocol !== 'http-request'))
      return SILENT;
    const { requestProgress } = facts;
    const lacks = requestProgress.known ? requestProgress.lacks : -1;
    if (lacks === 0) return SILENT;
    // Without the head of the request only a refusal tells that what follows is the body it refused.
    if (goesOn && !(requestProgress.known && requestProgress.bodied) && lastResponse.status < 400)
      return SILENT;
    const bodied = requestProgress.known && requestProgress.bodied;
    const { unread } = facts;
    const inFlight = unread.known && unread.midTurn ? unread.beyondAck : 0;
    if (!goesOn && lacks <= 0 && (!bodied || inFlight === 0)) return SILENT;
    if (closed !== null && rst === null && closed.dataAfter.length === 0) return SILENT;
    // A server that goes on acknowledging behind its FIN reads the body out: RFC 9112 §9.6, done right.
    if (!reset.known && (endings.both || closed?.dataAfterAcked === true)) return SILENT;

    const { status, number } = lastResponse;
    const still = goesOn
      ? `the client sent ${bytes(application.requestLength)} of body after it`
      : lacks > 0
        ? `${bytes(lacks)} of the announced body had not been sent yet`
        : `${bytes(inFlight)} of the body were still on their way`;
    const because = [
      cite(
        'application',
        `the server answered ${status} in packet ${number} while the request was not complete: ${still}`,
        number,
      ),
    ];
    const late = closed?.dataAfter[0];
    if (late !== undefined && closed !== null)
      because.push(
        cite(
          'closing',
          `it closed in packet ${closed.fin.number}, and the client went on sending`,
          closed.fin.number,
          late.number,
        ),
      );
    if (rst !== null)
      because.push(
        cite(
          'reset',
          rst.shape === 'active'
            ? `it closed with an active RST+ACK ${seconds(rst.packet.time - exchange.responder.lastDataTime)} after its response`
            : `its kernel answered what still came with ${rst.fromResponder === 1 ? 'a RST' : `${thousands(rst.fromResponder)} RSTs`}`,
          rst.packet.number,
        ),
      );
    return supported((goesOn || lacks > 0) && status >= 300 ? 'proof' : 'strong', because);
  },
  advice({ application }) {
    const response = application.known ? application.lastResponse : null;
    const status = response?.protocol === 'http-response' ? response.status : 0;
    const reason =
      status === 413
        ? 'The status was 413: raise the limit if such bodies are wanted (nginx client_max_body_size, Express/body-parser limit, Apache LimitRequestBody, Tomcat maxSwallowSize), or tell clients the limit'
        : status === 401 || status === 403 || status === 407
          ? `The status was ${status}: send the credentials with the first request, so that the body is not sent in vain`
          : `${status === 0 ? 'Look' : `The status was ${status}: look`} in the server’s log why it refused before it had read the body`;
    return [
      { who: 'server', do: reason },
      {
        who: 'server',
        do: 'Read or drain the body for a while before closing: nginx lingering_close always, Apache does so by itself, Tomcat maxSwallowSize -1, Node req.resume() and let the response end before destroy(); RFC 9112 §9.6 asks for exactly that',
      },
      {
        who: 'client',
        do: 'Send Expect: 100-continue before large bodies, and go on reading while writing so that an early response is seen before the reset',
      },
    ];
  },
  scenario: 'early-reply-413',
  examples: {
    match: [
      `# 413 in the middle of the upload, then RST
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "POST /up HTTP/1.1\\r\\nContent-Length: 900000\\r\\n\\r\\n"
+0.022 > . len 1448
+0.041 < .
+0.042 > . len 1448
+0.043 < P. "HTTP/1.1 413 Payload Too Large\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n"
+0.044 > . len 1448
+0.062 < R. ack 1499`,
      `# FIN first, then one RST for each body segment that still comes
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "POST /up HTTP/1.1\\r\\nContent-Length: 900000\\r\\n\\r\\n"
+0.022 > . len 1448
+0.041 < P. "HTTP/1.1 401 Unauthorized\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.041 < F.
+0.042 > . len 1448
+0.062 < R passive`,
    ],
    miss: [
      `# complete when it was answered
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "POST /up HTTP/1.1\\r\\nContent-Length: 2\\r\\n\\r\\n{}"
+0.041 < P. "HTTP/1.1 413 Payload Too Large\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.042 < R.`,
    ],
  },
});
