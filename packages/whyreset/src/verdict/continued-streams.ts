import type { Connection, Side, TimelinePacket } from '../connection/connection.ts';
import type { OpenStream } from '../connection/hosts/open-streams.ts';
import { distance, endpoint, hasAck, isReset, other } from '../evidence/packets.ts';
import type { Rebound, Untranslated } from '../evidence/world.ts';

/** Numbers of one stream lie at most a window apart, bytes; by chance two lie so near once in two thousand. */
const WINDOW = 1 << 20;

/** Packets that reached a host outside of any connection it knows: it answered with nothing but RSTs. */
interface Refused {
  index: number;
  /** The end that sent them. */
  address: string;
  port: number;
  /** The end that refused them. */
  at: { address: string; port: number };
  /** Raw numbers of the first of them. */
  seq: number;
  ack: number;
  number: number;
  time: number;
}

/** The connections of an input, as they are read. */
interface Connections {
  readonly length: number;
  connection(index: number): Connection;
}

/** The side that sent nothing but RSTs, in a connection that was not seen to open; null when there is none. */
function refuser({ sawHandshake, originator, responder }: Connection): Side | null {
  if (sawHandshake) return null;
  if (originator.packets > 0 && originator.packets === originator.resets) return 'originator';
  return responder.packets > 0 && responder.packets === responder.resets ? 'responder' : null;
}

function firstOf(timeline: readonly TimelinePacket[], side: Side): TimelinePacket | undefined {
  return timeline.find((p) => p.from === side && !isReset(p) && hasAck(p));
}

/** The raw number that a side would send next. */
function next(connection: Connection, side: Side): number | null {
  const p = firstOf(connection.timeline, side);
  return p?.rawNumbers ? (p.rawSeq - p.seq + endpoint(connection, side).sent) >>> 0 : null;
}

const keyOf = ({ address, port }: { address: string; port: number }) => `${address} ${port}`;

/** The numbers of both directions go on: those of the end that changed its name, and of the one that refused. */
const continues = ({ seq, ack }: Refused, changed: number, kept: number) =>
  Math.abs(distance(seq, changed)) <= WINDOW && Math.abs(distance(ack, kept)) <= WINDOW;

/**
 * Streams that go on under another address or port. A translator that loses track of a connection lets a packet
 * through as it is, or gives its client another port; the receiver knows no such connection and resets it. Both
 * names are in the capture, and the sequence numbers, which a translator leaves alone, prove that they are one
 * stream: by chance two lie as near once in four million.
 */
export class ContinuedStreams {
  private readonly byRefuser = new Map<string, Refused[]>();
  private readonly serverChanged = new Map<number, Untranslated>();
  private readonly clientChanged = new Map<number, Rebound>();

  /** Connections are added in the order of their archive. */
  add(index: number, connection: Connection): void {
    const side = refuser(connection);
    if (side === null) return;
    const first = firstOf(connection.timeline, other(side));
    if (first === undefined || !first.rawNumbers) return;
    const { address, port } = endpoint(connection, other(side));
    const at = endpoint(connection, side);
    const refused = this.byRefuser.get(keyOf(at)) ?? [];
    const { rawSeq: seq, rawAck: ack, number, time } = first;
    refused.push({ index, address, port, at, seq, ack, number, time });
    this.byRefuser.set(keyOf(at), refused);
  }

  /** Looks for the streams that the refused packets belong to; another walk, only where there are any. */
  settle(connections: Connections, open: Iterable<OpenStream>): void {
    if (this.byRefuser.size === 0) return;
    for (let index = 0; index < connections.length; index++)
      this.compare(index, connections.connection(index));
    // Where the client itself refuses, it is the server's name that has changed, which its archive shows.
    for (const { ends, dialled, end } of open)
      for (const kept of dialled ? ([1] as const) : ([0, 1] as const))
        this.compareOpen(ends[kept], ends[1 - kept]!, end);
  }

  private compare(index: number, connection: Connection): void {
    if (refuser(connection) !== null) return;
    for (const kept of ['originator', 'responder'] as const) {
      const candidates = this.byRefuser.get(keyOf(endpoint(connection, kept)));
      if (candidates === undefined) continue;
      const changed = endpoint(connection, other(kept));
      const keptNext = next(connection, kept);
      const changedNext = next(connection, other(kept));
      if (keptNext === null || changedNext === null) continue;
      for (const refused of candidates) {
        if (keyOf(refused) === keyOf(changed) || !continues(refused, changedNext, keptNext)) continue;
        const { address, port, time, number } = refused;
        if (kept === 'originator' && connection.sawHandshake) {
          const { address: dialled, port: dialledPort } = changed;
          this.serverChanged.set(refused.index, { stray: true, address: dialled, port: dialledPort, time });
          this.serverChanged.set(index, { stray: false, address, port, time });
        } else if (kept === 'responder') {
          const silence = Math.max(0, time - connection.end);
          const now = { address, port };
          const before = { address: changed.address, port: changed.port };
          this.clientChanged.set(refused.index, { before, now, number, silence });
          this.clientChanged.set(index, { before, now, number, silence });
        }
      }
    }
  }

  private compareOpen(kept: OpenStream['ends'][0], changed: OpenStream['ends'][0], end: number): void {
    for (const refused of this.byRefuser.get(keyOf(kept)) ?? []) {
      const known = this.clientChanged.has(refused.index) || this.serverChanged.has(refused.index);
      if (known || keyOf(refused) === keyOf(changed) || refused.time < end) continue;
      if (!continues(refused, changed.next, kept.next)) continue;
      const { address, port, number, time } = refused;
      const before = { address: changed.address, port: changed.port };
      this.clientChanged.set(refused.index, { before, now: { address, port }, number, silence: time - end });
    }
  }

  /** The stream of this connection under another server address. */
  untranslated(index: number): Untranslated | null {
    return this.serverChanged.get(index) ?? null;
  }

  /** The stream of this connection under another client address or port. */
  rebound(index: number): Rebound | null {
    return this.clientChanged.get(index) ?? null;
  }
}
