import { seqDifference } from '../wire/sequence.ts';
import type { ListedTcp } from './listed-packet.ts';

const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
const FIN = 0x01;

/** Numbers of a segment on one axis. */
export interface Numbers {
  seq: number;
  ack: number;
  /** They are those of the wire. */
  raw: boolean;
}

/** One direction of a conversation. */
interface Half {
  /** What the text counts this side's numbers from; null until it shows. */
  base: number | null;
  /** The next number that this side will send; null until something tells. */
  next: number | null;
  /** Shift of the window, from the SYN; -1 without. */
  scale: number;
  synSeen: boolean;
  /** The last acknowledgement that this side's lines show; null until one does. */
  acked: number | null;
  /** Where the payload ends that this side has sent; a FIN is none. */
  dataEnd: number | null;
}

const newHalf = (): Half => ({
  base: null,
  next: null,
  scale: -1,
  synSeen: false,
  acked: null,
  dataEnd: null,
});

/** Numbers this far apart belong to different starts. */
const FAR = 1 << 28;
/** Between two connections on one pair of ports; more than a window. */
const GENERATION = 0x1000_0000;

/** A start for numbers whose own is not known. Two connections must not share one, or they would be taken for one stream. */
function startFor(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Works out the numbers of one connection, packet by packet, from what a text shows of them. */
export class Conversation {
  readonly halves: readonly [Half, Half] = [newHalf(), newHalf()];
  /** Position in the list of the last packet. */
  last = -1;
  private readonly key: string;
  private generation = 0;
  /** The text counts from the start of the connection (tcpdump) or does not (tcpdump -S); null until a packet tells. */
  private relative: boolean | null = null;
  /** The numbers are known to be those of the wire. */
  private raw = false;
  private closed = false;

  /** @param key names the connection */
  constructor(key: string) {
    this.key = key;
  }

  /**
   * @param side 0 or 1, who sent it
   * @param ahead the next number of this side that a later line shows, for one that shows none; null when none does
   */
  read(side: 0 | 1, tcp: ListedTcp, ahead: number | null): Numbers {
    const own = this.halves[side];
    const peer = this.halves[side === 0 ? 1 : 0];
    const flags = tcp.flags ?? ACK;
    if ((flags & SYN) !== 0) this.readSyn(side, tcp);
    const seq = tcp.seq === null ? this.unshown(side, ahead) : this.place(side, tcp.seq, tcp);
    if (own.base === null && tcp.seq !== null) own.base = seq;
    own.next ??= seq;
    const shown = (flags & ACK) !== 0 ? tcp.ack : null;
    const ack = shown === null ? unshownAck(own, peer, tcp) : this.place(side === 0 ? 1 : 0, shown, tcp);
    // tcpdump counts the other side from one below what the first packet acknowledges.
    if (shown !== null) {
      peer.base ??= (ack - 1) >>> 0;
      if (peer.next === null || (flags & RST) === 0) peer.next = later(peer.next, ack);
    }
    if (shown !== null && (flags & RST) === 0) own.acked = ack;
    if ((tcp.length ?? 0) > 0 && (flags & RST) === 0)
      own.dataEnd = later(own.dataEnd, (seq + tcp.length!) >>> 0);
    const end = (seq + (tcp.length ?? 0) + ((flags & SYN) !== 0 ? 1 : 0) + (flags & FIN)) >>> 0;
    if ((flags & RST) === 0) own.next = later(own.next, end);
    if ((flags & (RST | FIN)) !== 0) this.closed = true;
    // A bare RST has an acknowledgement field too, which no text shows.
    const whole = (flags & RST) === 0 || (flags & ACK) !== 0;
    return { seq, ack: (flags & ACK) !== 0 ? ack : 0, raw: (this.raw || tcp.numbering === 'raw') && whole };
  }

  /** Takes in a packet whose bytes are known. */
  readRaw(side: 0 | 1, seq: number, ack: number, flags: number, length: number): void {
    const own = this.halves[side];
    const peer = this.halves[side === 0 ? 1 : 0];
    if ((flags & SYN) !== 0 || own.base === null) own.base = seq;
    if ((flags & ACK) !== 0) peer.base ??= (ack - 1) >>> 0;
    this.raw = true;
    if ((flags & RST) !== 0) return;
    own.next = (seq + length + ((flags & SYN) !== 0 ? 1 : 0) + (flags & FIN)) >>> 0;
    if ((flags & ACK) !== 0) peer.next = later(peer.next, ack);
  }

  /** A number of the text, with nothing remembered: for selective acknowledgements. Null when it lies nowhere near. */
  near(side: 0 | 1, listed: number): number | null {
    const { base, next } = this.halves[side];
    if (next === null) return null;
    const found = [listed, ((base ?? 0) + listed) >>> 0].sort((a, b) => away(a, next) - away(b, next))[0]!;
    return away(found, next) < FAR ? found : null;
  }

  private readSyn(side: 0 | 1, tcp: ListedTcp): void {
    const own = this.halves[side];
    const peer = this.halves[side === 0 ? 1 : 0];
    const scale = tcp.options?.find(({ kind }) => kind === 3)?.body[0];
    const fresh = (tcp.flags! & ACK) === 0 && (tcp.portsReused || this.closed);
    if (fresh) {
      this.generation++;
      this.closed = false;
      for (const half of this.halves) Object.assign(half, newHalf());
    }
    own.scale = scale ?? -1;
    own.synSeen = true;
    if (tcp.numbering === 'wireshark') {
      this.relative = tcp.seq === 0;
      this.raw = !this.relative;
      own.base ??= this.relative ? this.start(side) : tcp.seq;
      if (this.relative) peer.base ??= this.start(side === 0 ? 1 : 0);
    } else {
      own.base = tcp.seq;
      this.raw = true;
    }
  }

  private start(side: 0 | 1): number {
    return (startFor(`${this.key} ${side}`) + this.generation * GENERATION) >>> 0;
  }

  /** Where on the axis a number of the text lies. */
  private place(side: 0 | 1, listed: number, tcp: ListedTcp): number {
    const half = this.halves[side];
    if (tcp.numbering === 'raw') {
      half.base ??= listed;
      return listed;
    }
    if (tcp.numbering === 'wireshark') {
      if (this.relative === null) this.relative = listed < FAR;
      if (!this.relative) return listed;
      half.base ??= this.start(side);
      return (half.base + listed) >>> 0;
    }
    if ((tcp.flags! & SYN) !== 0 && half.base === listed) return listed;
    if (half.base === null || half.next === null) return listed;
    const counted = (half.base + listed) >>> 0;
    const [asIs, asCounted] = [away(listed, half.next), away(counted, half.next)];
    if (Math.min(asIs, asCounted) > FAR && this.relative !== null) return this.relative ? counted : listed;
    if (asIs === asCounted) return this.relative === false ? listed : counted;
    if (listed !== counted && Math.abs(asIs - asCounted) > 1) this.relative = asCounted < asIs;
    return asCounted < asIs ? counted : listed;
  }

  /** tcpdump prints no number for a bare acknowledgement: it stands where the side's next byte will. */
  private unshown(side: 0 | 1, ahead: number | null): number {
    const own = this.halves[side];
    if (own.next !== null) return own.next;
    if (this.relative === true && own.base === null) own.base = this.start(side);
    if (own.base !== null && this.relative === true) return (own.base + (ahead ?? 1)) >>> 0;
    return ahead ?? 0;
  }
}

/**
 * The acknowledgement of a line that shows none is what this side acknowledged last, and never a FIN that it may not
 * have received. Only an HTTP response shows that the request before it had come.
 */
function unshownAck(own: Half, peer: Half, { payload }: ListedTcp): number {
  const known = own.acked ?? peer.base ?? 0;
  const isResponse = payload !== null && payload[0] === 0x48 && payload[4] === 0x2f;
  return isResponse && peer.dataEnd !== null ? later(known, peer.dataEnd) : known;
}

function away(a: number, b: number): number {
  return Math.abs(seqDifference(a, b));
}

function later(known: number | null, candidate: number): number {
  return known === null || seqDifference(candidate, known) > 0 ? candidate : known;
}
