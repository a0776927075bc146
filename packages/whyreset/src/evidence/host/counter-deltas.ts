import { movedCounters, readingOf } from '../../host/counter-reading.ts';
import type { CounterDeltas } from '../../host/counters.ts';
import type { LineRef } from '../../host/source.ts';
import { defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import { endpoint, other, who } from '../packets.ts';
import reset from '../reset/reset.ts';
import kernelReason from './kernel-reason.ts';

export interface CounterDeltasFact extends Known {
  readonly known: true;
  /**
   * They are of the host whose address the RST carries; null when nobody said of which host they are, or when
   * another host has that address as well.
   */
  ofSender: boolean | null;
  /** The host whose address the RST carries counted none of its own (OutRsts +0): its TCP did not make it. */
  silent: boolean;
  /** By name without `TcpExt` and `Tcp`; not there when unknown. */
  deltas: CounterDeltas['deltas'];
  /** One sentence without a final stop. */
  says: string;
  lines: LineRef[];
}

/**
 * The kernel's own line of this RST against counters that hold none: both are true where two hosts (or two
 * namespaces) have the address, as behind a balancer without translation. The counters are then of the other one.
 */
function countedElsewhere(subject: Subject, deltas: CounterDeltas['deltas']): boolean {
  const line = kernelReason.of(subject);
  return line.known && line.certain && deltas.get('OutRsts') === 0;
}

/** What the counters of a host counted meanwhile; they count all connections, so they only corroborate. */
export default defineEvidence('What the TCP counters of a host counted meanwhile', (subject) => {
  const { host } = subject.world;
  if (host === null || !host.given.counters) return unknown('no counters were given');
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const { address } = endpoint(subject.connection, r.side);
  const peer = endpoint(subject.connection, other(r.side)).address;
  const own = host.counters(address);
  const found = own?.host === address ? own : host.counters(peer);
  if (found === null) return unknown('the counters are of a host that is no end of this connection');
  const named = found.host === null ? null : found.host === address;
  const shared = named === true && countedElsewhere(subject, found.deltas);
  const ofSender = shared ? null : named;
  const whose =
    named === null ? 'the counters' : `the counters of the ${who(named ? r.side : other(r.side))}’s host`;
  const moved = movedCounters(found.deltas);
  const reading = ofSender === false || shared ? null : readingOf(found.deltas);
  const means = shared
    ? `: it is another host or network namespace with the address ${address} that sent the RST`
    : reading === null
      ? ''
      : ofSender
        ? `: ${reading}`
        : `; at the host that reset, that means: ${reading}`;
  return {
    known: true,
    ofSender,
    silent: ofSender === true && found.deltas.get('OutRsts') === 0,
    deltas: found.deltas,
    says: `${whose} moved by ${moved === '' ? 'none that speaks of resets' : moved}${means}`,
    lines: [{ source: host.nameOf(found.source), line: 0 }],
  };
});
