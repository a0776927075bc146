import { type Flow, type ListFlows, type Member, membersUpTo } from './list-flows.ts';
import type { ListedPacket } from './listed-packet.ts';

/*
 * Wireshark shows a packet with application data by what is said in it: no ports, no numbers, no flags. Which
 * connection it belongs to, and how long it is, follows from the lines around it: the frame's length less the headers
 * that other lines of the connection have, and the next number that the connection shows.
 */

const SYN = 0x02;
const FIN = 0x01;
const RST = 0x04;
const ACK = 0x10;
/** Lines looked at for the next number of a connection. */
const FURTHEST = 400;

/** How the next shown number of a connection agrees with the packet lying before it. */
interface Fit {
  member: Member;
  /** 0: it moves on by exactly this packet; 1: by more; 2: nothing shows. */
  grade: 0 | 1 | 2;
  /** Position of the line that shows it. */
  at: number;
  length: number | null;
}

/** Works out, line by line, where packets without ports belong. */
export class Attribution {
  private readonly packets: readonly ListedPacket[];
  private readonly flows: ListFlows;
  private readonly members: (Member | null)[];
  /** Next number of each side, as the list counts; and whether the flow has ended. */
  private readonly states = new Map<
    Flow,
    { next: [number | null, number | null]; ended: boolean; at: number }
  >();

  /** @param members of every packet that shows its ports; those found are added */
  constructor(packets: readonly ListedPacket[], flows: ListFlows, members: (Member | null)[]) {
    this.packets = packets;
    this.flows = flows;
    this.members = members;
  }

  /** Goes through the list once; returns the positions of packets that may belong to several connections, or to none. */
  settle(): number[] {
    const unclear: number[] = [];
    for (const [at, packet] of this.packets.entries()) {
      if (packet.tcp === null) continue;
      if (this.members[at] === null && packet.source.port === null) {
        const found = this.find(at, packet);
        if (found === null) unclear.push(at);
        else {
          this.members[at] = found.member;
          packet.tcp.length = found.length;
        }
      }
      const member = this.members[at] ?? null;
      if (member !== null) this.advance(at, member, packet);
    }
    return unclear;
  }

  private find(at: number, packet: ListedPacket): Fit | null {
    const known = this.flows
      .between(packet.source.host, packet.destination.host)
      .filter(({ flow }) => this.states.has(flow));
    // What was on its way when a connection was reset still arrives.
    const open = known.filter(({ flow }) => !this.states.get(flow)!.ended);
    const candidates = open.length > 0 ? open : known;
    const fits = candidates
      .map((member) => this.fit(at, packet, member))
      .filter((fit) => fit !== null)
      .sort((a, b) => a.grade - b.grade || a.at - b.at);
    const [best, second] = fits;
    if (best === undefined) return null;
    if (second !== undefined && second.grade === best.grade && (best.grade === 2 || second.at === best.at))
      return null;
    return best;
  }

  /** Null when the connection cannot hold the packet here. */
  private fit(at: number, packet: ListedPacket, member: Member): Fit | null {
    const { flow, side } = member;
    const known = this.states.get(flow)!.next[side];
    const length = this.lengthOf(packet, member);
    for (const i of this.after(flow, at)) {
      const { tcp } = this.packets[i]!;
      if (tcp === null || tcp.flags === null || (tcp.flags & SYN) !== 0) continue;
      const own = this.members[i]?.side === side;
      const shown = own ? tcp.seq : (tcp.flags & ACK) !== 0 ? tcp.ack : null;
      if (shown === null || known === null) continue;
      const moved = (shown - known) | 0;
      if (moved <= 0) {
        // Its own next packet stands where this one would have: nothing lies between, unless it is a repetition.
        if (own && moved === 0 && (tcp.flags & RST) === 0 && (length ?? 1) > 0) return null;
        continue;
      }
      if (length !== null && moved < length) return null;
      return { member, grade: moved === length ? 0 : 1, at: i, length: length ?? moved };
    }
    return { member, grade: 2, at: Number.POSITIVE_INFINITY, length };
  }

  /** Positions of the flow's next packets that show their ports. */
  private *after(flow: Flow, at: number): Generator<number> {
    const { members } = flow;
    const low = membersUpTo(flow, at);
    for (let i = low; i < members.length && i < low + FURTHEST; i++) yield members[i]!;
  }

  /** Payload length from the frame's, by the headers of the connection's other packets; null when nothing tells. */
  private lengthOf(packet: ListedPacket, { flow }: Member): number | null {
    if (packet.frameLength === null) return null;
    for (const i of flow.members.slice(0, FURTHEST)) {
      const { frameLength, tcp } = this.packets[i]!;
      if (frameLength === null || tcp === null || tcp.length === null || tcp.flags === null) continue;
      // A SYN and a RST have options of their own, and Ethernet pads what is shorter than 60 bytes.
      if ((tcp.flags & (SYN | RST)) !== 0 || frameLength <= 60) continue;
      if (tcp.options?.some(({ kind }) => kind === 5)) continue;
      return Math.max(0, packet.frameLength - (frameLength - tcp.length));
    }
    return null;
  }

  private advance(at: number, { flow, side }: Member, { tcp }: ListedPacket): void {
    const state = this.states.get(flow) ?? { next: [null, null], ended: false, at };
    this.states.set(flow, state);
    const flags = tcp!.flags ?? ACK;
    const peer = side === 0 ? 1 : 0;
    if ((flags & SYN) !== 0) state.ended = false;
    const from = tcp!.seq ?? state.next[side];
    if (from !== null) {
      const end = from + (tcp!.length ?? 0) + ((flags & SYN) !== 0 ? 1 : 0) + (flags & FIN);
      const known = state.next[side];
      if (known === null || end - known > 0 || (flags & SYN) !== 0) state.next[side] = end;
    }
    if ((flags & ACK) !== 0 && tcp!.ack !== null)
      state.next[peer] = Math.max(state.next[peer] ?? 0, tcp!.ack);
    if ((flags & RST) !== 0) state.ended = true;
    state.at = at;
  }
}
