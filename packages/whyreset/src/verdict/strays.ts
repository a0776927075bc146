import type { Connection, Side, TimelinePacket } from '../connection/connection.ts';
import { distance, endpoint, hasAck, isReset, other } from '../evidence/packets.ts';
import type { Untranslated } from '../evidence/world.ts';

/** Numbers of one stream lie at most a window apart, bytes; by chance two lie so near once in two thousand. */
const WINDOW = 1 << 20;

/** Packets that reached a host outside of any connection it knows: it answered with nothing but RSTs. */
interface Stray {
  index: number;
  /** The host that spoke. */
  address: string;
  port: number;
  /** Raw numbers of its first packet. */
  seq: number;
  ack: number;
  time: number;
}

/** The side that sent nothing but RSTs, in a connection that nobody was seen to open; null when there is none. */
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
  return p === undefined ? null : (p.rawSeq - p.seq + endpoint(connection, side).sent) >>> 0;
}

const keyOf = ({ address, port }: { address: string; port: number }) => `${address} ${port}`;

/**
 * A translator that loses track of a connection lets a packet through as it
 * is: the client then gets the right bytes from an address it never dialled.
 * Both halves of the story are in the capture, under two names; the sequence
 * numbers, which a translator leaves alone, show that they are one stream.
 */
export class Strays {
  private readonly byEndpoint = new Map<string, Stray[]>();
  private readonly found = new Map<number, Untranslated>();

  /** Connections are added in the order of their archive. */
  add(index: number, connection: Connection): void {
    const side = refuser(connection);
    if (side === null) return;
    const speaker = other(side);
    const first = firstOf(connection.timeline, speaker);
    if (first === undefined) return;
    const { address, port } = endpoint(connection, speaker);
    const key = keyOf(endpoint(connection, side));
    const strays = this.byEndpoint.get(key) ?? [];
    strays.push({ index, address, port, seq: first.rawSeq, ack: first.rawAck, time: first.time });
    this.byEndpoint.set(key, strays);
  }

  /** Looks for the connections that the strays belong to; another walk, only where there are any. */
  settle(archive: { length: number; connection(index: number): Connection }): void {
    if (this.byEndpoint.size === 0) return;
    for (let index = 0; index < archive.length; index++) this.compare(index, archive.connection(index));
  }

  private compare(index: number, connection: Connection): void {
    if (!connection.sawHandshake) return;
    const { originator, responder } = connection;
    const strays = this.byEndpoint.get(keyOf(originator));
    if (strays === undefined) return;
    const asked = next(connection, 'originator');
    const answered = next(connection, 'responder');
    if (asked === null || answered === null) return;
    for (const stray of strays) {
      if (stray.address === responder.address && stray.port === responder.port) continue;
      if (Math.abs(distance(stray.seq, answered)) > WINDOW || Math.abs(distance(stray.ack, asked)) > WINDOW)
        continue;
      this.found.set(stray.index, {
        stray: true,
        address: responder.address,
        port: responder.port,
        time: stray.time,
      });
      this.found.set(index, { stray: false, address: stray.address, port: stray.port, time: stray.time });
    }
  }

  of(index: number): Untranslated | null {
    return this.found.get(index) ?? null;
  }
}
