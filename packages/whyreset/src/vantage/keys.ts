import type { Connection } from '../connection/connection.ts';
import { endpointText } from '../connection/endpoint-text.ts';
import { hasAck, isReset } from '../connection/packet-kind.ts';

/** Both ends in an order that does not depend on who opened. */
export function namesOf({ originator, responder }: Connection): string {
  const a = endpointText(originator);
  const b = endpointText(responder);
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** Both initial sequence numbers, which pass most NATs as they are; null when a SYN was not in view. */
export function initialNumbers({ originator, responder, timeline }: Connection): string | null {
  if (!originator.synSeen || !responder.synSeen) return null;
  const first = timeline.find((p) => p.from === 'originator');
  const answer = timeline.find((p) => p.from === 'responder');
  if (first === undefined || answer === undefined) return null;
  return `${(first.rawSeq - first.seq) >>> 0} ${(answer.rawSeq - answer.seq) >>> 0}`;
}

/** Timestamps of the first packet of each side: 64 bits that firewalls which shift sequence numbers leave alone. */
export function firstTimestamps({ timeline }: Connection): string | null {
  const first = timeline.find((p) => p.from === 'originator');
  const answer = timeline.find((p) => p.from === 'responder');
  if (first === undefined || answer === undefined || first.tsVal < 0 || answer.tsVal < 0) return null;
  return `${first.tsVal} ${answer.tsVal}`;
}

/** The numbers of single packets: what knows a connection again whose beginning was missed, under another name too. */
export function* packetNumbers({ timeline }: Connection): Generator<string> {
  for (const p of timeline) if (hasAck(p) && !isReset(p)) yield `${p.rawSeq} ${p.rawAck}`;
}
