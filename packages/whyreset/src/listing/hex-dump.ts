/** `tcpdump -x`: `0x0010:  0a4d 0202 …`; Wireshark and text2pcap: `0010  0a 4d 02 02 …`. */
const TCPDUMP = /^\s*0x([0-9a-f]{4,5}):\s+((?:[0-9a-f]{2}(?:[0-9a-f]{2})?(?:\s|$)){1,16})/i;
const WIRESHARK = /^\s*([0-9a-f]{4,8})\s{2,3}((?:[0-9a-f]{2}(?:\s|$)){1,16})/i;

/** Longest packet put together from a dump, bytes. */
const LONGEST = 65_535 + 64;

/** Puts together the bytes of one packet from the lines of its dump. */
export class HexDump {
  private readonly bytes: number[] = [];
  /** A line was missing or out of order: what follows it has no place. */
  private broken = false;

  /** Takes a line of a dump; false when it is none. */
  take(line: string): boolean {
    const [, offset, columns] = TCPDUMP.exec(line) ?? WIRESHARK.exec(line) ?? [];
    if (offset === undefined) return false;
    if (Number.parseInt(offset, 16) !== this.bytes.length) this.broken = true;
    if (this.broken || this.bytes.length > LONGEST) return true;
    const digits = columns!.replace(/\s/g, '').slice(0, 32);
    for (let i = 0; i + 1 < digits.length; i += 2)
      this.bytes.push(Number.parseInt(digits.slice(i, i + 2), 16));
    return true;
  }

  /** The packet from its IP header on; null without a dump, or when no IP packet with TCP or ICMP is in it. */
  packet(): Uint8Array | null {
    return ipPacketIn(Uint8Array.from(this.bytes));
  }
}

/** Where the IP header may begin: at once, behind Ethernet, with a VLAN tag, behind a cooked or loopback header. */
const OFFSETS = [0, 14, 18, 16, 20, 4];

/** The IP packet inside a frame of unknown link type; null when there is none that carries TCP or ICMP. */
export function ipPacketIn(frame: Uint8Array): Uint8Array | null {
  for (const at of OFFSETS) if (isIp(frame, at)) return frame.slice(at);
  return null;
}

function isIp(bytes: Uint8Array, at: number): boolean {
  if (bytes.length < at + 40) return false;
  const first = bytes[at]!;
  if (first >> 4 === 6) return bytes[at + 6] === 6 || bytes[at + 6] === 58;
  if (first >> 4 !== 4 || (first & 0xf) < 5) return false;
  const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  // Offload leaves length 0 (Linux with TSO); else it is at least the header's.
  return (length === 0 || length >= 40) && (bytes[at + 9] === 6 || bytes[at + 9] === 1);
}
