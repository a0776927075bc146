import { type CapturedPacket, pcap, TEST_EPOCH } from '../../packages/whyreset/src/wire/testing/captures.ts';
import {
  ethernetFrame,
  icmpErrorPacket,
  tcpIpPacket,
  tcpOption,
} from '../../packages/whyreset/src/wire/testing/packets.ts';
import {
  parseTimeline,
  type Script,
  type ScriptIcmp,
  type ScriptLine,
  type ScriptSide,
} from './timeline-parse.ts';

/** What a stack remembers while it talks. */
interface Stack {
  settings: ScriptSide;
  isn: number;
  /** Next relative sequence number; 1 before anything was sent in a connection that starts in the middle. */
  next: number;
  sent: boolean;
  ipId: number;
  /** TSval last received. */
  tsEcr: number;
  /** Absolute ACK of its latest packet that had one, and the sequence number just past its latest packet. */
  lastAck: number | null;
  lastEnd: number;
  /** Its packets, without Ethernet, for ICMP errors to quote. */
  packets: { seq: number; bytes: Uint8Array }[];
}

const MACS = { '>': '02:00:00:00:00:01', '<': '02:00:00:00:00:02' } as const;
const TS_OFFSET = { '>': 1_000_000, '<': 7_000_000 } as const;
const unsigned = (value: number) => value >>> 0;

/** Deterministic, so that the same text always gives the same bytes (constants of Numerical Recipes). */
const scramble = (value: number) => (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;

function stack(settings: ScriptSide, seed: number): Stack {
  const isn = scramble(seed * 7919 + settings.port);
  const ipId = isn & 0x7fff;
  return { settings, isn, next: 1, sent: false, ipId, tsEcr: 0, lastAck: null, lastEnd: 0, packets: [] };
}

function nextId(own: Stack): number {
  if (own.settings.id === 'zero') return 0;
  own.ipId = own.settings.id === 'random' ? scramble(own.ipId) & 0xffff : (own.ipId + 1) & 0xffff;
  return own.ipId;
}

interface Numbers {
  seq: number;
  ack: number;
}

/** Absolute numbers as an ordinary stack would choose them. */
function numbers(line: ScriptLine, own: Stack, peer: Stack): Numbers {
  if (line.kind === 'passive') {
    if (peer.lastAck === null)
      throw line.error('"passive" needs a packet with ACK from the other side first');
    return { seq: peer.lastAck, ack: 0 };
  }
  if (line.kind === 'refusal') return { seq: 0, ack: peer.lastEnd };
  const syn = line.flags.includes('S');
  const seq = syn ? own.isn : unsigned(own.isn + own.next);
  return { seq, ack: line.flags.includes('.') ? unsigned(peer.isn + peer.next) : 0 };
}

function frame(line: ScriptLine, own: Stack, peer: Stack): Uint8Array {
  const { flags, fields, payload } = line;
  const syn = flags.includes('S');
  const stateless = line.kind !== 'ordinary';
  let { seq, ack } = numbers(line, own, peer);
  if (fields.seq !== undefined) seq = unsigned(own.isn + fields.seq);
  if (fields.ack !== undefined) ack = unsigned(peer.isn + fields.ack);
  if (fields.rawseq !== undefined) seq = fields.rawseq;
  if (fields.rawack !== undefined) ack = fields.rawack;

  const tsVal = fields.ts ?? unsigned(TS_OFFSET[line.direction] + Math.round(line.time * 1000));
  const stamped = !stateless && fields.nots === undefined;
  const timestamps = stamped ? tcpOption.timestamps(tsVal, fields.echo ?? own.tsEcr) : [];
  const more = fields.mssonly === undefined;
  const sackPermitted = more ? tcpOption.sackPermitted() : [];
  const options = syn
    ? [...tcpOption.mss(1460), ...sackPermitted, ...timestamps, ...(more ? tcpOption.windowScale(7) : [])]
    : [...timestamps];
  if (fields.sack !== undefined) {
    const [left, right] = fields.sack;
    options.push(1, 1, ...tcpOption.sack([unsigned(peer.isn + left), unsigned(peer.isn + right)]));
  }
  if (fields.mptcprst !== undefined) options.push(...tcpOption.mptcpReset(fields.mptcprst));
  const idless = stateless || (syn && flags.includes('.'));
  const ipId = fields.id ?? (idless ? 0 : nextId(own));

  const end = unsigned(seq + payload.length + (syn ? 1 : 0) + (flags.includes('F') ? 1 : 0));
  if (!flags.includes('R')) {
    own.next = Math.max(own.sent ? own.next : 0, unsigned(end - own.isn));
    own.sent = true;
  }
  own.lastEnd = end;
  if (flags.includes('.')) own.lastAck = ack;
  if (stamped) peer.tsEcr = tsVal;

  const address = ({ settings: { ip, port } }: Stack) =>
    ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
  const packet = tcpIpPacket({
    from: address(own),
    to: address(peer),
    flags,
    seq,
    ack,
    window: fields.win ?? (stateless ? 0 : syn ? 64_240 : 501),
    options,
    payload,
    ttl: fields.ttl ?? own.settings.ttl,
    ipId,
    dontFragment: fields.nodf === undefined,
  });
  own.packets.push({ seq: unsigned(seq - own.isn), bytes: packet });
  const from = fields.mac ?? MACS[line.direction];
  return ethernetFrame(packet, { from, to: MACS[line.direction === '>' ? '<' : '>'] });
}

/** @param victim the side whose packet is complained about, and which the error reaches */
function icmpFrame(line: ScriptIcmp, victim: Stack, peer: Stack): Uint8Array {
  const { quote, type, code, mtu } = line;
  const quoted = victim.packets.findLast(({ seq }) => quote === null || seq === quote);
  if (quoted === undefined) throw line.error('there is no packet to quote');
  const { ip: to } = victim.settings;
  const from = line.from ?? peer.settings.ip;
  const packet = icmpErrorPacket({ from, to, type, code, mtu, about: quoted.bytes });
  return ethernetFrame(packet, { from: MACS[line.direction], to: MACS[line.direction === '>' ? '<' : '>'] });
}

/** Packets of all connections of a script in order of time; equal times keep the order of the text. */
function packetsOf(scripts: readonly Script[]): CapturedPacket[] {
  const packets: (CapturedPacket & { at: number })[] = [];
  for (const [index, { client, server, lines }] of scripts.entries()) {
    const stacks = { '>': stack(client, index * 2 + 1), '<': stack(server, index * 2 + 2) };
    for (const line of lines) {
      const own = stacks[line.direction];
      const peer = stacks[line.direction === '>' ? '<' : '>'];
      const bytes = line.kind === 'icmp' ? icmpFrame(line, peer, own) : frame(line, own, peer);
      const nanoseconds = Math.round(line.time * 1e9);
      packets.push({
        at: line.time,
        bytes,
        seconds: TEST_EPOCH + Math.floor(nanoseconds / 1e9),
        nanoseconds: nanoseconds % 1e9,
      });
    }
  }
  return packets.sort((a, b) => a.at - b.at);
}

/**
 * A timeline in text (docs/timeline.md) as the capture that it describes.
 * @throws Error that names the line and what is wrong with it.
 */
export function timelineToPcap(text: string): Uint8Array {
  return pcap(packetsOf(parseTimeline(text)), { nano: true });
}
