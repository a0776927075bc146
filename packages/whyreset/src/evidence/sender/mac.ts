import { defineEvidence, type Known, unknown } from '../define.ts';
import { endpoint, isReset, other } from '../packets.ts';
import reset from '../reset/reset.ts';
import { hops } from './vantage.ts';

export interface MacFact extends Known {
  readonly known: true;
  reset: string;
  usual: string;
  differs: boolean;
  /** They differ although no router lies between: the sender's TTL is untouched, so its own card is in view. */
  sameSegment: boolean;
  /** The usual card sent something just before the RST, or after it: the address had not moved to another host. */
  recent: boolean;
}

/** A failover of the address to another host (VRRP, keepalived) takes longer than this, seconds. */
const FAILOVER = 0.5;

/** Link-layer source of the RST against the claimed sender's other frames (diagnose.md §6.7 HP5). */
export default defineEvidence(
  'Link-layer source of the RST against the claimed sender’s other frames',
  (subject) => {
    const r = reset.of(subject);
    if (!r.known) return unknown(r.why);
    const own = endpoint(subject.connection, r.side);
    if (own.rstMac === null || own.mac === null) return unknown('the link layer shows no source address');
    if (own.packets <= own.resets) return unknown('the claimed sender sent nothing but RSTs');
    const peer = endpoint(subject.connection, other(r.side));
    // A capture on the box itself shows its own address both ways: then the source proves nothing.
    if (peer.mac === own.mac) return unknown('both directions carry the same link-layer source');
    const differs = own.rstMac !== own.mac;
    const sameSegment = differs && own.ttlMin === own.ttlMax && hops(own.ttlMax) === 0;
    const recent = subject.connection.timeline.some(
      (p) => p.from === r.side && !isReset(p) && p.time > r.packet.time - FAILOVER,
    );
    return { known: true, reset: own.rstMac, usual: own.mac, differs, sameSegment, recent };
  },
);
