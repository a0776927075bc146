import { addressOf, type Place } from './place.ts';

/** One TCP connection as `conntrack -L`, `conntrack -E` or /proc/net/nf_conntrack shows it. */
export interface ConntrackRecord {
  source: number;
  line: number;
  /** What happened to the entry; null in a list. */
  event: 'NEW' | 'UPDATE' | 'DESTROY' | null;
  state: string | null;
  /** Seconds until the entry expires; null when the line does not show it. */
  timeout: number | null;
  client: Place;
  server: Place;
  /** Where the server answers from, and where it answers to: other ends where addresses are translated. */
  answersFrom: Place;
  answersTo: Place;
  unreplied: boolean;
}

const ENTRY =
  /^(?:\s*\[\d{1,11}\.\d{1,9}\])?\s*(?:\[(NEW|UPDATE|DESTROY)\]\s+)?(?:ipv[46]\s+\d+\s+)?tcp\s+6\s+(?:(\d{1,9})\s+)?(?:([A-Z_]{4,12}[12]?)\s+)?src=/;
const ENDS = /src=(\S{2,45})\s+dst=(\S{2,45})\s+sport=(\d{1,5})\s+dport=(\d{1,5})/g;

function placeFrom(address: string, port: string): Place | null {
  const plain = addressOf(address);
  return plain === null || Number(port) > 65_535 ? null : { address: plain, port: Number(port) };
}

/** Null when the line is no TCP entry. */
export function readConntrack(text: string, line: number): ConntrackRecord | null {
  const found = ENTRY.exec(text);
  if (found === null) return null;
  const [original, reply] = [...text.matchAll(ENDS)].map(([, src, dst, sport, dport]) => ({
    from: placeFrom(src!, sport!),
    to: placeFrom(dst!, dport!),
  }));
  if (original?.from == null || original.to === null || reply?.from == null || reply.to === null) return null;
  return {
    source: -1,
    line,
    event: (found[1] as ConntrackRecord['event'] | undefined) ?? null,
    timeout: found[2] === undefined ? null : Number(found[2]),
    state: found[3] ?? null,
    client: original.from,
    server: original.to,
    answersFrom: reply.from,
    answersTo: reply.to,
    unreplied: text.includes('[UNREPLIED]'),
  };
}
