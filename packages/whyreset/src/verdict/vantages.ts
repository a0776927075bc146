import type { Side, TimelinePacket } from '../connection/connection.ts';
import { endpointText } from '../connection/endpoint-text.ts';
import type { Subject } from '../evidence/define.ts';
import { evidence } from '../evidence/index.ts';
import { isFin, isReset, isSyn, other, who } from '../evidence/packets.ts';
import type { Fate, Pair } from '../vantage/pair.ts';
import type { EvidenceLine, PacketFate, Sender, VantageEntry } from './result.ts';

/**
 * The fate in the result's words. A packet that is not in the nearer capture was made between only where the verdict
 * says so: that capture may miss what left by another interface.
 */
export function fateName(fate: Fate | undefined, sender: Sender): PacketFate {
  if (fate === undefined) return 'unknown';
  if (fate.kind === 'injected' && sender !== 'middlebox') return 'missing';
  return fate.kind === 'both' && fate.altered.length > 0 ? 'altered' : fate.kind;
}

const END: Record<Side, 'client' | 'server'> = { originator: 'client', responder: 'server' };

/** The other captures of an entry, its own first; undefined with none. @param packet the entry's packet @param sender of the verdict */
export function vantagesOf(
  { connection, world }: Subject,
  packet: number,
  sender: Sender,
): VantageEntry[] | undefined {
  if (world.pairs.length === 0) return undefined;
  const index = connection.timeline.findIndex((p) => p.number === packet);
  const own: VantageEntry = {
    input: connection.input,
    originator: endpointText(connection.originator),
    responder: endpointText(connection.responder),
    relation: 'same',
    nearer: null,
    packet,
    fate: 'both',
    clock: null,
    hops: null,
    altered: [],
  };
  return [own, ...world.pairs.map((pair) => vantageOf(pair, index, sender))];
}

function vantageOf(pair: Pair, index: number, sender: Sender): VantageEntry {
  const { other: there, relation, nearerOriginator, clock, hops, altered } = pair;
  const fate = pair.fates[index];
  return {
    input: there.input,
    originator: endpointText(there.originator),
    responder: endpointText(there.responder),
    relation,
    nearer: nearerOriginator === null ? null : END[nearerOriginator === 'other' ? 'originator' : 'responder'],
    packet: fate?.kind === 'both' ? fate.packet.number : null,
    fate: fateName(fate, sender),
    clock: clock === null ? null : { offset: clock.offset, error: clock.error },
    hops,
    altered: [...altered, ...(fate?.kind === 'both' ? fate.altered : [])],
  };
}

function kindOf(p: TimelinePacket): string | null {
  if (isReset(p)) return 'RST';
  if (isSyn(p)) return p.from === 'originator' ? 'SYN' : 'SYN-ACK';
  if (isFin(p)) return 'FIN';
  return p.length > 0 ? 'data' : null;
}

/** What left one vantage and never came to the other, by side and kind; pure acknowledgements are not worth a line. */
function lostLines(
  timeline: readonly TimelinePacket[],
  fates: readonly Fate[],
  where: string,
  input?: number,
): EvidenceLine[] {
  const lost = new Map<string, { side: Side; kind: string; packets: number[] }>();
  timeline.forEach((p, i) => {
    const kind = kindOf(p);
    if (kind === null || fates[i]?.kind !== 'lost') return;
    const key = `${p.from} ${kind}`;
    const group = lost.get(key) ?? { side: p.from, kind, packets: [] };
    group.packets.push(p.number);
    lost.set(key, group);
  });
  return [...lost.values()].map(({ side, kind, packets }) => ({
    fact: 'bothVantages',
    says: `${packets.length > 1 ? `${packets.length} packets (${kind})` : `the ${kind}`} of the ${who(side)} never came to ${where}: lost or dropped on the way`,
    packets,
    ...(input === undefined ? {} : { input }),
  }));
}

/** Packets of the other capture that stand for those here. */
function counterparts(pair: Pair, timeline: readonly TimelinePacket[], packets: TimelinePacket[]): number[] {
  return packets.flatMap((p) => {
    const fate = pair.fates[timeline.findIndex(({ number }) => number === p.number)];
    return fate?.kind === 'both' ? [fate.packet.number] : [];
  });
}

/** What holding the captures against each other adds to the evidence of a verdict. */
export function vantageLines(subject: Subject): EvidenceLine[] {
  const { connection, world } = subject;
  const seen = evidence.bothVantages.of(subject);
  const r = evidence.reset.of(subject);
  const lines: EvidenceLine[] = [];
  const line = (says: string, packets: number[], input?: number) =>
    lines.push({ fact: 'bothVantages', says, packets, ...(input === undefined ? {} : { input }) });
  const came = evidence.arrival.of(subject);
  if (came.known) line(came.says, came.packets);
  else if (world.watches.some(({ present }) => !present))
    line(`the other capture does not hold this attempt, which proves nothing: ${came.why}`, []);
  if (seen.known && seen.own !== null) line(seen.own.says, seen.own.packets);
  for (const pair of world.pairs) {
    const { input, timeline } = pair.other;
    if (pair.relation === 'terminated') {
      line('a proxy or balancer ends this connection and carries the same payload on over another', []);
      continue;
    }
    const fate = r.known ? pair.fates[r.index] : undefined;
    if (r.known && fate?.kind === 'injected') {
      const around = [fate.before, ...(fate.after === null ? [] : [fate.after])];
      const packets = counterparts(pair, connection.timeline, around);
      const what = packets.length > 1 ? 'the same packets before and after it' : 'the same packet before it';
      line(`${what} in the capture nearer the ${who(r.side)}, and no RST`, packets, input);
      const index = timeline.findIndex((p, i) => isReset(p) && pair.otherFates[i]?.kind === 'injected');
      const mirror = timeline[index];
      if (mirror !== undefined && mirror.from === other(r.side))
        line(
          `a RST in the name of the ${who(mirror.from)}, which the ${who(mirror.from)} never sent`,
          [mirror.number],
          input,
        );
    } else if (r.known && fate?.kind === 'unknown')
      line(`the RST is missing in the other capture, which proves nothing: ${fate.why}`, [r.packet.number]);
    lines.push(...lostLines(connection.timeline, pair.fates, 'the other capture'));
    lines.push(...lostLines(timeline, pair.otherFates, 'this capture', input));
  }
  return lines;
}
