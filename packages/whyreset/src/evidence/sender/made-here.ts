import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { isReset, other } from '../packets.ts';
import reset from '../reset/reset.ts';
import trigger from '../reset/trigger.ts';

export interface MadeHereFact extends Known {
  readonly known: true;
  /** Packets of the claimed sender and of the other side that this machine forwarded, the latest first. */
  forwarded: Record<Side, readonly TimelinePacket[]>;
  /** What the RST answers, which this machine did not forward either; null when nothing shows that. */
  withheld: TimelinePacket | null;
}

/** Packets of each side that must have been forwarded before, none excepted: a capture that drops packets shows some once. */
const LEAST = 3;
/** The latest packets of a side, which show what the machine does now. */
const LATEST = 8;

/** This machine took the packet in and sent it on: a router's copy has a lower TTL, a bridge's leaves by another tap. */
function wasForwarded(p: TimelinePacket): boolean {
  return p.copies > 0 && (p.copyTtl < p.ttl || p.direction === 'in');
}

/**
 * A capture on a machine that forwards (`-i any`, both sides of a router) holds
 * each packet twice, as it comes and as it goes. A RST that only goes was made
 * by that machine, whatever address it carries.
 */
export default defineEvidence('Whether the capturing machine made the RST, as its copies show', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const { timeline } = subject.connection;
  const before = (side: Side) =>
    timeline.filter((p, i) => i < r.index && p.from === side && !isReset(p)).reverse();
  const latest = { originator: before('originator'), responder: before('responder') };
  if (Object.values(latest).every((packets) => packets.every(({ copies }) => copies === 0)))
    return unknown('the capture holds each packet once');
  const found = trigger.of(subject);
  const cause = found.known ? found.packet : null;
  const forwarded = {
    originator: latest.originator.filter((p) => p !== cause).slice(0, LATEST),
    responder: latest.responder.filter((p) => p !== cause).slice(0, LATEST),
  };
  for (const packets of Object.values(forwarded))
    if (packets.length < LEAST || !packets.every(wasForwarded))
      return unknown('not every packet before was forwarded by the capturing machine');
  if (r.packet.copies > 0 || r.packet.direction === 'in') return unknown('the RST was forwarded as well');
  const withheld = cause !== null && cause.from === other(r.side) && cause.copies === 0 ? cause : null;
  return { known: true, forwarded, withheld };
});
