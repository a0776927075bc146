import { thousands } from '../evidence/packets.ts';
import type { LadderRow } from '../verdict/result.ts';

/** Numbers below the first one seen wrap; shown as negative they can be read. Nothing sends 3.75 GiB in one view. */
const WRAPPED = 0xf000_0000;

const relative = (n: number): number => (n >= WRAPPED ? n - 2 ** 32 : n);

const FLAGS: Readonly<Record<string, string>> = {
  S: 'SYN',
  F: 'FIN',
  R: 'RST',
  P: 'PSH',
  '.': 'ACK',
  U: 'URG',
  E: 'ECE',
  W: 'CWR',
};

/** tcpdump's letters as names: `R.` → `RST,ACK`. No letter at all is a segment without flags. */
function flagNames(letters: string): string {
  const names = [...letters].map((letter) => FLAGS[letter] ?? letter);
  return names.length === 0 ? 'no flags' : names.join(',');
}

export const isReset = (row: LadderRow): boolean => row.flags.includes('R');

/**
 * What is written on an arrow, the fullest form first: `PSH,ACK 420:620 (200 B) ack 181`.
 * Sequence numbers stand as Wireshark and tcpdump show them, without separators, to be searched for.
 */
export function labels(row: LadderRow): string[] {
  if (row.icmp !== undefined) {
    const { type, code, reporter } = row.icmp;
    return [`ICMP ${type}/${code} from ${reporter}`, `ICMP ${type}/${code}`, 'ICMP'];
  }
  const flags = flagNames(row.flags);
  const ack = row.ack === null ? '' : ` ack ${relative(row.ack)}`;
  if (row.length > 0) {
    const range = `${relative(row.seq)}:${relative((row.seq + row.length) >>> 0)}`;
    const size = `(${thousands(row.length)} B)`;
    return [
      `${flags} ${range} ${size}${ack}`,
      `${flags} ${range} ${size}`,
      `${flags} ${range}`,
      `${flags} ${thousands(row.length)} B`,
    ];
  }
  // The SYN is number 0 by definition, and a bare ACK says nothing but what it acknowledges.
  const silent = (row.flags.includes('S') && row.seq === 0) || row.flags === '.';
  const seq = silent ? '' : ` seq ${relative(row.seq)}`;
  return [`${flags}${seq}${ack}`, `${flags}${seq || ack}`, flags];
}
