import { firstLine } from './application-text.ts';
import { emptyTcp, type ListedTcp } from './listed-packet.ts';
import { readTcpdumpOptions } from './tcp-option-text.ts';

const FLAG_BITS: Readonly<Record<string, number>> = {
  F: 0x01,
  S: 0x02,
  R: 0x04,
  P: 0x08,
  '.': 0x10,
  U: 0x20,
  E: 0x40,
  W: 0x80,
  e: 0,
};

function flagsOf(letters: string): number | null {
  if (letters === 'none') return 0;
  let flags = 0;
  for (const letter of letters) {
    const bit = FLAG_BITS[letter];
    if (bit === undefined) return null;
    flags |= bit;
  }
  return flags;
}

const numberIn = (text: string, pattern: RegExp): number | null => {
  const found = pattern.exec(text);
  return found === null ? null : Number(found[1]);
};

const isWord = (value: number | null) => value === null || value <= 0xffff_ffff;

/**
 * What tcpdump since 4.0 prints behind the colon: `Flags [P.], seq 1:183, ack 1, win 63, options […], length 182`.
 * Null when the line ends before its flags. `length` stays null when the line was cut and nothing tells it.
 */
function readNew(text: string): ListedTcp | null {
  const letters = /^Flags \[([^\]\s]{1,9})\]/.exec(text)?.[1];
  const flags = letters === undefined ? null : flagsOf(letters);
  if (flags === null) return null;
  const tcp = emptyTcp('tcpdump');
  tcp.flags = flags;
  const optionsAt = text.indexOf('options [');
  const before = optionsAt < 0 ? text : text.slice(0, optionsAt);
  const optionsEnd = optionsAt < 0 ? -1 : text.indexOf(']', optionsAt);
  const behind = optionsAt < 0 ? text : optionsEnd < 0 ? '' : text.slice(optionsEnd + 1);
  const [, first, last] = /\bseq (\d{1,10})(?::(\d{1,10}))?/.exec(before) ?? [];
  tcp.seq = first === undefined ? null : Number(first);
  tcp.ack = numberIn(before, /\back (\d{1,10})/);
  tcp.window = numberIn(before, /\bwin (\d{1,5})\b/);
  const length = numberIn(behind, /\blength (\d{1,6})\b/);
  const spanned = last === undefined ? null : (Number(last) - Number(first)) >>> 0;
  // Without payload tcpdump prints no range, and of a bare acknowledgement no number at all.
  tcp.length = length ?? spanned ?? (tcp.window === null ? null : 0);
  if (optionsAt >= 0)
    tcp.options = optionsEnd < 0 ? null : readTcpdumpOptions(text.slice(optionsAt + 9, optionsEnd));
  else tcp.options = length === null ? null : [];
  tcp.badChecksum = badChecksum(before);
  const application = /\blength \d+: (?:HTTP|RTSP|SMTP|FTP)?:? ?(.*)/s.exec(behind)?.[1];
  if (application !== undefined && tcp.length !== null) tcp.payload = firstLine(application, tcp.length);
  return tcp;
}

/** What tcpdump before 4.0 and OpenBSD's print: `P 1:183(182) ack 1 win 63 <nop,nop,timestamp 1 2> (DF)`. */
function readOld(text: string): ListedTcp | null {
  const found =
    /^([SFRPUWE]{1,5}|\.)(?: \[[^\]]*\])? (?:(\d{1,10}):(\d{1,10})\((\d{1,6})\)|(?=ack|win|urg))/.exec(text);
  if (found === null) return null;
  const letters = found[1]!;
  const tcp = emptyTcp('tcpdump');
  tcp.ack = numberIn(text, /\back (\d{1,10})/);
  tcp.flags = (letters === '.' ? 0 : flagsOf(letters)!) | (tcp.ack === null ? 0 : FLAG_BITS['.']!);
  tcp.seq = found[2] === undefined ? null : Number(found[2]);
  tcp.length = found[4] === undefined ? 0 : Number(found[4]);
  tcp.window = numberIn(text, /\bwin (\d{1,5})\b/);
  const options = /<([^>]*)>/.exec(text)?.[1];
  tcp.options = options === undefined ? (text.includes('<') ? null : []) : readTcpdumpOptions(options);
  tcp.badChecksum = badChecksum(text);
  return tcp;
}

/** `cksum 0xfe30 (incorrect -> 0x1c2e)`, before 4.0 `[bad tcp cksum 0xfe30 (->0x1c2e)!]`. */
function badChecksum(text: string): number | null {
  const found = /cksum 0x([0-9a-f]{4}) \(incorrect|bad tcp cksum (?:0x)?([0-9a-f]{1,4})/.exec(text);
  return found === null ? null : Number.parseInt(found[1] ?? found[2]!, 16);
}

/** Reads what stands behind `source > destination: `; null when it is not TCP, or ends too early. */
export function readTcpdumpTcp(text: string): ListedTcp | null {
  const tcp = text.startsWith('Flags') ? readNew(text) : readOld(text);
  if (tcp === null || !isWord(tcp.seq) || !isWord(tcp.ack)) return null;
  if ((tcp.flags! & FLAG_BITS['.']!) !== 0 && tcp.ack === null) return null;
  return (tcp.window ?? 0) > 0xffff || (tcp.length ?? 0) > 0xffff * 16 ? null : tcp;
}

/** Nothing of the line is missing that tcpdump always prints. */
export function isComplete({ window, options, length, flags }: ListedTcp): boolean {
  return window !== null && options !== null && length !== null && flags !== null;
}
