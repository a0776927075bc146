import { FLAGS, originatorSide, responderSide, STATE, SYN_SEEN, TROUBLED } from '../store/layout.ts';
import type { Live } from '../store/live.ts';
import { closedMidAnswer, closedOnQuestion, closedUnasked, gaveUp } from './early-close.ts';
import { endedInWords, refusedHandshake } from './last-words.ts';
import { stalled, synIntoOpen } from './standstill.ts';
import { probedInVain, unanswered, unansweredSyn, unheardAck } from './unanswered.ts';

/*
 * Which connections get a verdict. Those with a RST, with payload behind a FIN
 * or with an ICMP error were marked as these came. All others are held against
 * the selectors below when they end; the rest is forgotten. A cause that speaks
 * of a connection without such a mark relies on a selector, or it is never
 * asked. A contract test holds the causes that a selector names against those
 * whose examples it selects.
 */

/** A connection at its end: its row, and where its sides begin. */
export interface EndedRow {
  live: Live;
  r: number;
  orig: number;
  resp: number;
}

export interface Selector {
  name: string;
  /** Causes of which it selects an example, in order of the alphabet. */
  causes: readonly string[];
  selects(row: EndedRow): boolean;
}

/** Without a SYN in view the roles are a guess, and the server may be the originator. */
function inEitherRole(
  { live, orig, resp }: EndedRow,
  is: (live: Live, client: number, server: number) => boolean,
): boolean {
  if (is(live, orig, resp)) return true;
  return (live.rows.v[orig + STATE]! & SYN_SEEN) === 0 && is(live, resp, orig);
}

export const selectors: Selector[] = [
  {
    name: 'payload repeated without an acknowledgement',
    causes: [
      'middlebox-idle-silent-drop',
      'path-mtu-blackhole',
      'retransmission-give-up',
      'syn-queue-overflow',
      'timestamps-went-back',
    ],
    selects: ({ live: { rows }, orig, resp }) => unanswered(rows.v, orig) || unanswered(rows.v, resp),
  },
  {
    name: 'SYN repeated without an answer',
    causes: ['accept-queue-overflow-drop', 'policy-drop', 'snat-port-reuse', 'syn-queue-overflow'],
    selects: ({ live, orig, resp }) => unansweredSyn(live.rows.v, orig, resp),
  },
  {
    name: 'SYN-ACK repeated although it was acknowledged',
    // What accept-queue-overflow-drop looks for; its examples are selected by other selectors or end in a RST.
    causes: [],
    selects: ({ live, orig, resp }) => unheardAck(live.rows.v, orig, resp),
  },
  {
    name: 'accepted and closed at once',
    causes: ['client-not-allowed', 'descriptor-exhaustion'],
    selects: ({ live, r, orig, resp }) => closedUnasked(live, r, orig, resp),
  },
  {
    name: 'closed by the client after a long wait',
    causes: ['client-gave-up'],
    selects: ({ live, r, orig, resp }) => gaveUp(live, r, orig, resp),
  },
  {
    name: 'window closed to the end',
    causes: ['window-stayed-closed'],
    selects: ({ live, r }) => stalled(live, r),
  },
  {
    name: 'closed instead of an answer',
    causes: ['closed-without-answer', 'policy-reset', 'process-died', 'worker-killed'],
    selects: (row) => inEitherRole(row, closedOnQuestion),
  },
  {
    name: 'closed within an answer',
    causes: ['process-died'],
    selects: (row) => inEitherRole(row, closedMidAnswer),
  },
  {
    name: 'ended in words of an error',
    causes: [
      'connection-limit-reached',
      'http-version-mismatch',
      'http2-stream-reset',
      'proxy-protocol-mismatch',
    ],
    selects: (row) => inEitherRole(row, endedInWords),
  },
  {
    name: 'TLS handshake refused behind encryption',
    causes: ['tls-alert'],
    selects: ({ live, orig, resp }) => refusedHandshake(live, orig, resp),
  },
  {
    name: 'keep-alive probes without an answer',
    causes: ['keepalive-gave-up'],
    selects: ({ live, r }) => probedInVain(live, r),
  },
  {
    name: 'SYN into an open connection',
    causes: ['blind-reset-ignored'],
    selects: ({ live, r }) => synIntoOpen(live, r),
  },
];

/** Is this connection worth a closer look? */
export function isTroubled(live: Live, r: number): boolean {
  const flags = live.rows.v[r + FLAGS]!;
  if ((flags & TROUBLED) !== 0) return true;
  const row: EndedRow = { live, r, orig: r + originatorSide(flags), resp: r + responderSide(flags) };
  for (const selector of selectors) if (selector.selects(row)) return true;
  return false;
}
