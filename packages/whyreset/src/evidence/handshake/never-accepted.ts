import unaffectedConnections from '../around/unaffected-connections.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import abort from '../exchange/abort.ts';
import exchange from '../exchange/exchange.ts';
import requestProgress from '../exchange/request-progress.ts';
import { bytes } from '../packets.ts';
import { READ_AT_ONCE } from '../thresholds.ts';
import handshake from './handshake.ts';

export interface NeverAcceptedFact extends Known {
  readonly known: true;
  /** The request is so short that programs read it in one go, and it was not read. */
  whole: boolean;
  /**
   * More than possible: a request that programs read in one go was not read, and the server served no other
   * connection of the capture either.
   */
  likely: boolean;
  says: string;
  packets: number[];
}

/** More than an unaccepted socket takes in: a program must have been reading (net.ipv4.tcp_rmem, default 131072). */
const UNREAD_LIMIT = 131_072;

/** A kernel completes handshakes and acknowledges requests for a program that never calls accept(). */
export default defineEvidence('Whether any program need have accepted the connection', (subject) => {
  const shake = handshake.of(subject);
  const said = exchange.of(subject);
  if (!shake.known || !shake.complete || !said.known)
    return unknown('the handshake was not seen to complete');
  const aborted = abort.of(subject);
  if (!aborted.known || aborted.side !== 'responder')
    return unknown('the server did not end it with a RST of its own');
  const { originator, responder } = said;
  if (responder.sent > 0) return unknown('the server had sent payload');
  if (originator.sent === 0 || originator.unacked > 0) return unknown('no request had arrived');
  if (originator.sent > UNREAD_LIMIT) return unknown('more had arrived than a socket takes in unread');
  const progress = requestProgress.of(subject);
  const whole = originator.sent <= READ_AT_ONCE && (!progress.known || progress.lacks <= 0);
  const others = unaffectedConnections.of(subject);
  const fact: NeverAcceptedFact = {
    known: true,
    whole,
    likely: whole && (!others.known || others.count === 0),
    says: `the server’s kernel had acknowledged all ${bytes(originator.sent)} of the request; nothing shows that a program had accepted the connection`,
    packets: [originator.lastDataNumber],
  };
  return fact;
});
