import { emptyPacket, type ListedPacket } from './listed-packet.ts';
import { readTime, TIME } from './listed-time.ts';
import { readWiresharkInfo } from './wireshark-info.ts';

/** The columns of Wireshark's packet list; empty where the list has none. */
export interface WiresharkRow {
  number: string;
  time: string;
  source: string;
  destination: string;
  protocol: string;
  length: string;
  info: string;
  sourcePort: string;
  destinationPort: string;
}

const wholeTime = new RegExp(`^(?:${TIME})$`);

/** One packet from the columns of a packet list; null when they are damaged. */
export function readWiresharkRow(line: number, row: WiresharkRow): ListedPacket | null {
  const read = readWiresharkInfo(row.protocol, row.info);
  if (read === null) return null;
  const end = (host: string, ...ports: (string | null)[]) => ({
    host,
    port: ports.find((p) => p !== null && p !== '') ?? null,
  });
  const packet = emptyPacket(
    line,
    end(row.source, read.sourcePort, row.sourcePort),
    end(row.destination, read.destinationPort, row.destinationPort),
  );
  const time = row.time.trim();
  packet.time = wholeTime.test(time) ? readTime(time) : null;
  if (time !== '' && packet.time === null) return null;
  packet.number = /^\d{1,9}$/.test(row.number.trim()) ? Number(row.number) : null;
  packet.frameLength = /^\d{1,6}$/.test(row.length.trim()) ? Number(row.length) : null;
  packet.tcp = read.tcp;
  packet.icmp = read.icmp;
  return packet;
}
