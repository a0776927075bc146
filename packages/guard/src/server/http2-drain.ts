import { constants, type ServerHttp2Session } from 'node:http2';

/** Longest wait for a client's answer to a PING, milliseconds; Node's own client gives none once it heard GOAWAY. */
const PING_WAIT = 1000;
/** The largest stream identifier: "no stream is refused yet". */
const ALL_STREAMS = 2 ** 31 - 1;

/**
 * Ends an HTTP/2 session in the two steps of RFC 9113 section 6.8: a GOAWAY that refuses nothing, so that the
 * client stops opening streams; then, when a PING has come back and with it every stream that was on its way,
 * the GOAWAY with the last one. Streams that are open are served to their end.
 */
export function drainSession(session: ServerHttp2Session): void {
  if (session.destroyed || session.closed) return;
  session.goaway(constants.NGHTTP2_NO_ERROR, ALL_STREAMS);
  let second = false;
  const finish = () => {
    clearTimeout(timer);
    if (second || session.destroyed || session.closed) return;
    second = true;
    // Sends the second GOAWAY, with the last stream that was processed.
    session.close();
  };
  const timer = setTimeout(finish, PING_WAIT);
  session.ping(finish);
}
