import { emptyPacket, type ListedIcmp, type ListedPacket } from './listed-packet.ts';
import { readTime, TIME } from './listed-time.ts';
import { readTcpdumpTcp } from './tcpdump-tcp.ts';

const MAC = '[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}';

/** What may stand before the packet itself: its number (`-#`) and its time. */
const LEAD = new RegExp(String.raw`^\s*(?:(\d{1,9})\s{1,4})?(?:(${TIME})\s+)?`);
/** How the packet goes on: interface and direction of `-i any`, link-layer header of `-e`, or the network layer. */
const LINK = new RegExp(
  String.raw`^(?:\S{1,20}\s+)?(?:In|Out|B|M|P)\s|^(?:<[\w-]+>\s)?(?:IP6?\s|ARP,?\s|ethertype\s)|^${MAC}\b`,
  'i',
);

/** `10.0.0.1.443 > 10.0.0.2.50000: ` with what follows; names may stand for either number. */
const TCP =
  /(?:^|[\s:)])([^\s,()<>]{1,255})\.([\w-]{1,40}) > ([^\s,()<>]{1,255})\.([\w-]{1,40}): (Flags \[.*|(?:[SFRPUWE]{1,5}|\.) .*)/s;
const BETWEEN = /(?:^|[\s:)])([^\s,()<>]{1,255}) > ([^\s,()<>]{1,255}): (.*)/s;

/**
 * True when a packet begins on this line.
 *
 * @param pending a packet has begun whose ends are still to come, as `-v` breaks its lines
 */
export function beginsPacket(line: string, pending: boolean): boolean {
  const [lead, , time] = LEAD.exec(line)!;
  const rest = line.slice(lead.length);
  if (TCP.test(rest) && !(pending && time === undefined && !LINK.test(rest))) return true;
  if (!LINK.test(rest)) return false;
  // Without a time (`-t`) a sentence that begins with IP would be a packet.
  return time !== undefined || / > |^IP6? \(/.test(rest);
}

export function showsTime(line: string): boolean {
  return LEAD.exec(line)![2] !== undefined;
}

/** Reads one packet from all its text; null when it is damaged. Of other protocols it is only said that they are. */
export function readTcpdumpPacket(line: number, text: string): ListedPacket | null {
  const [lead, number, time] = LEAD.exec(text)!;
  const rest = text.slice(lead.length);
  const between = BETWEEN.exec(rest);
  const icmp = icmpOf(between?.[3] ?? '');
  const tcp = icmp === null ? TCP.exec(rest) : null;
  if (tcp === null && icmp === null && isCut(rest, between?.[3])) return null;
  const packet =
    tcp !== null
      ? emptyPacket(line, { host: tcp[1]!, port: tcp[2]! }, { host: tcp[3]!, port: tcp[4]! })
      : emptyPacket(line, { host: between?.[1] ?? '', port: null }, { host: between?.[2] ?? '', port: null });
  packet.icmp = icmp;
  if (tcp !== null) {
    packet.tcp = readTcpdumpTcp(tcp[5]!);
    if (packet.tcp === null) return null;
  }
  packet.number = number === undefined ? null : Number(number);
  packet.time = time === undefined ? null : readTime(time);
  if (time !== undefined && packet.time === null) return null;
  // The old form has the IP header behind the packet, the new one before it.
  const isOld = tcp !== null && !tcp[5]!.startsWith('Flags');
  readHeaders(packet, isOld ? rest : rest.slice(0, (tcp ?? between)?.index ?? rest.length));
  return packet;
}

/** The text ends before it says what it is, or (`tcpdump -q`) says nothing but a length. */
function isCut(text: string, rest: string | undefined): boolean {
  if (/proto TCP|next-header TCP/.test(text)) return true;
  if (rest === undefined) return / >(?: |$)|\bIP6?\s*(?:\(|\S*$)|ethertype IPv/.test(text) || text.length < 4;
  return /^(?:F(?:l(?:a(?:g(?:s(?: \[[^\]]*)?)?)?)?)?)?$|^tcp \d+/.test(rest.trim());
}

/** Packet types of a Linux cooked header by tcpdump's letters (linux/if_packet.h). */
const DIRECTIONS: Readonly<Record<string, number>> = { In: 0, B: 1, M: 2, P: 3, Out: 4 };

/** `(tos 0x0, ttl 64, id 33203, offset 0, flags [DF], proto TCP (6), length 60)`, and the frame's header of `-e`. */
function readHeaders(packet: ListedPacket, before: string): void {
  const ttl = /\b(?:ttl|hlim) (\d{1,3})\b/.exec(before)?.[1];
  const id = /\bid (\d{1,5})\b/.exec(before)?.[1];
  const flags = /\bflags \[([^\]]*)\]/.exec(before)?.[1];
  const mac = new RegExp(`(?:^|\\s)(${MAC})(?: \\(oui [^)]*\\))?(?: >|,? ethertype)`, 'i').exec(before)?.[1];
  if (ttl !== undefined && Number(ttl) <= 255) packet.ttl = Number(ttl);
  if (id !== undefined && Number(id) <= 0xffff) packet.ipId = Number(id);
  if (flags !== undefined) packet.dontFragment = flags.includes('DF');
  else if (/\(DF\)/.test(before)) packet.dontFragment = true;
  packet.mac = mac ?? null;
  if (/\bIP6\b|ethertype IPv6/.test(before)) packet.family = 6;
  const [, device, direction] = /^(?:([\w.@-]{1,20})\s+)?(In|Out|B|M|P)\s/.exec(before) ?? [];
  packet.device = device ?? null;
  packet.direction = direction === undefined ? null : DIRECTIONS[direction]!;
}

/** Type and code of what tcpdump's words stand for (RFC 792, RFC 1812, RFC 4443). */
const ICMP: readonly (readonly [RegExp, number, number])[] = [
  [/^ICMP .*\b(?:tcp|udp) port \S+ unreachable/, 3, 3],
  [/^ICMP .*need to frag/, 3, 4],
  [/^ICMP .*admin prohibited/, 3, 13],
  [/^ICMP host .*unreachable/, 3, 1],
  [/^ICMP net .*unreachable/, 3, 0],
  [/^ICMP .*protocol \d+ unreachable/, 3, 2],
  [/^ICMP time exceeded/, 11, 0],
  [/^ICMP6, destination unreachable.*prohibited/, 1, 1],
  [/^ICMP6, destination unreachable.*(?:tcp|udp) port/, 1, 4],
  [/^ICMP6, destination unreachable/, 1, 0],
  [/^ICMP6, packet too big/, 2, 0],
  [/^ICMP6, time exceeded/, 3, 0],
];

function icmpOf(text: string): ListedIcmp | null {
  const known = ICMP.find(([words]) => words.test(text));
  if (known === undefined) return null;
  const inner = TCP.exec(text);
  const mtu = /\bmtu (\d{2,5})\b/.exec(text)?.[1];
  return {
    type: known[1],
    code: /^ICMP host .*admin prohibited/.test(text) ? 10 : known[2],
    mtu: mtu === undefined ? 0 : Number(mtu),
    port: /\btcp port (\S+) unreachable/.exec(text)?.[1] ?? null,
    quoted:
      inner === null
        ? null
        : {
            source: { host: inner[1]!, port: inner[2]! },
            destination: { host: inner[3]!, port: inner[4]! },
            seq: Number(/\bseq (\d{1,10})/.exec(inner[5]!)?.[1] ?? Number.NaN) || null,
          },
  };
}
