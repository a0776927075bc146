import type { TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import handshake from './handshake.ts';

export interface SynCookieFact extends Known {
  readonly known: true;
  synAck: TimelinePacket;
  /** The client offered SACK or a window scale, and the SYN-ACK took up nothing but the MSS. */
  poor: boolean;
}

/** A TCP header with the MSS option alone. */
const MSS_ONLY = 24;

/**
 * A SYN cookie has no room for options: Linux drops SACK and window scale
 * (net/ipv4/tcp_input.c tcp_conn_request) unless timestamps can carry them, and
 * those are offset by a secret, so that then nothing shows.
 */
export default defineEvidence('Whether the SYN-ACK is as poor in options as a SYN cookie', (subject) => {
  const shake = handshake.of(subject);
  if (!shake.known) return unknown(shake.why);
  const { syn, synAck } = shake;
  if (synAck === null) return unknown('no SYN-ACK came');
  if (syn.tsVal >= 0) return unknown('the client offers timestamps, in which a cookie hides the options');
  const { windowScale } = subject.connection.originator;
  if (synAck.headerLength === 0) return unknown('the packet list shows no options');
  const offered = windowScale >= 0 && syn.headerLength > MSS_ONLY;
  if (!offered) return unknown('the client offered nothing that a cookie would have to drop');
  return { known: true, synAck, poor: synAck.headerLength <= MSS_ONLY };
});
