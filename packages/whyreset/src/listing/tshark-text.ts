import type { ListingFormat, ListingParser, ListingSink } from './format.ts';
import { HexDump } from './hex-dump.ts';
import type { ListedPacket } from './listed-packet.ts';
import { TIME } from './listed-time.ts';
import { readWiresharkRow } from './wireshark-row.ts';

/** `    6   0.152339    10.77.2.2 → 10.77.1.2    TCP 66 8080 → 45974 [RST, ACK] Seq=1 …`; Wireshark's own text export has no arrow. */
const ROW = new RegExp(
  String.raw`^\s*(?:(\d{1,9})\s+)?(${TIME})\s+(\S+)\s+(?:(?:→|➔|->|â†’)\s+)?(\S+)\s+([A-Za-z0-9][\w./-]{1,24})\s+(?:(\d{1,6})\s+)?(\S.*)$`,
);

/** Addresses and names; words of prose and of tcpdump's lines are none. */
const HOST = /^(?=.*[.:])[\w.:%-]+$|^[a-z][\w-]*$/i;
const NO_PROTOCOL = /^(?:IP6?|In|Out|Flags|ARP,)$/;

class TsharkParser implements ListingParser {
  private readonly sink: ListingSink;
  private packet: ListedPacket | null = null;
  private dump = new HexDump();

  constructor(sink: ListingSink) {
    this.sink = sink;
  }

  take(line: string, number: number): boolean {
    if (this.packet !== null && this.dump.take(line)) return true;
    const [, listed, time, source, destination, protocol, length, info] = ROW.exec(line) ?? [];
    if (info === undefined || NO_PROTOCOL.test(protocol!) || NO_PROTOCOL.test(source!)) return false;
    if (!HOST.test(source!) || !HOST.test(destination!) || !looksListed(line, listed, protocol!, info))
      return false;
    this.flush();
    const packet = readWiresharkRow(number, {
      number: listed ?? '',
      time: time!,
      source: source!,
      destination: destination!,
      protocol: protocol!,
      length: length ?? '',
      info,
      sourcePort: '',
      destinationPort: '',
    });
    if (packet === null) this.sink.damaged(number, 'the line is cut or changed');
    else this.packet = packet;
    return true;
  }

  flush(): void {
    const { packet } = this;
    if (packet === null) return;
    packet.bytes = this.dump.packet();
    this.sink.packet(packet);
    this.packet = null;
    this.dump = new HexDump();
  }
}

/** An arrow between addresses, or Wireshark's words of a TCP line: else it is a line of some log. */
function looksListed(line: string, number: string | undefined, protocol: string, info: string): boolean {
  if (/\s(?:→|➔|->|â†’)\s/.test(line) || /\bSeq=\d/.test(info)) return true;
  return number !== undefined && /^[A-Z][A-Z0-9./v-]+$/.test(protocol);
}

export default {
  id: 'tshark-text',
  title: 'The packet list of tshark, and of Wireshark as plain text',
  parser: (sink) => new TsharkParser(sink),
} satisfies ListingFormat;
