import { CHANGE_CIPHER_SPEC, isRefusalOfHandshake, isServerHello } from '../../protocol/tls-refusal.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';

export interface TlsRefusalFact extends Known {
  readonly known: true;
  /** Frame of the client's encrypted alert. */
  number: number;
  /** Frame of the server's answer that it refused. */
  refused: number;
  /** Bytes of the record with its header. */
  length: number;
}

/**
 * A client that refuses a TLS 1.3 handshake (an unknown CA, a wrong name, an expired certificate) says so in an
 * encrypted record. Its size tells: 24 to 40 bytes are an alert, a Finished has at least 58.
 */
export default defineEvidence('A TLS 1.3 client that refuses the handshake', ({ connection }) => {
  const { originator, responder } = connection;
  const [hello, last] = [responder.firstTurn, originator.lastTurn];
  if (hello === null || last === null || originator.turns !== 2)
    return unknown('the client sent no first record behind a ServerHello');
  if (!isServerHello(hello.head, 0)) return unknown('the server sent no ServerHello');
  const whole = last.length === last.head.length;
  if (last.number < hello.number || !whole || !isRefusalOfHandshake(last.head, 0, last.length))
    return unknown('the client’s first encrypted record is no alert by its size');
  const length = last.head[0] === 20 ? last.length - CHANGE_CIPHER_SPEC : last.length;
  return { known: true, number: last.number, refused: hello.number, length };
});
