import { be16, be32 } from './bytes.ts';
import type { Segment } from './segment.ts';

/** MP_TCPRST (RFC 8684 §3.6): a Multipath TCP subflow reset that says why. */
export interface MptcpReset {
  /** 0–6, see `MPTCP_RESET_REASONS`. */
  reason: number;
  /** The T flag: the condition is transient, another subflow may be tried. */
  transient: boolean;
}

/** The TCP options of one segment; -1 or null where an option is absent. */
export interface TcpOptions {
  mss: number;
  /** Shift count as sent; values above 14 count as 14 (RFC 7323 §2.3). */
  windowScale: number;
  sackPermitted: boolean;
  /** SACK blocks, `[left, right)` as absolute sequence numbers. */
  sack: [number, number][];
  tsVal: number;
  tsEcr: number;
  /** Subtype of the first Multipath TCP option (RFC 8684 §3). */
  mptcp: number;
  mptcpReset: MptcpReset | null;
  /** Kinds in order, without NOP and end-of-list: the layout is a stack's fingerprint. */
  kinds: number[];
  /** An option's length makes no sense; what came before it is given. */
  malformed: boolean;
  /** The snap length cut the options. */
  truncated: boolean;
}

/** RFC 8684 §3.6 and the IANA registry of MP_TCPRST reason codes. */
export const MPTCP_RESET_REASONS: readonly string[] = [
  'unspecified error',
  'MPTCP-specific error',
  'lack of resources',
  'administratively prohibited',
  'too much outstanding data',
  'unacceptable performance',
  'middlebox interference',
];

/** Parses the options in the segment's bytes; call it only where they are wanted, it allocates. */
export function tcpOptions(segment: Segment): TcpOptions {
  const { bytes, tcpOffset, headerLength, tcpCaptured } = segment;
  const options: TcpOptions = {
    mss: -1,
    windowScale: -1,
    sackPermitted: false,
    sack: [],
    tsVal: -1,
    tsEcr: -1,
    mptcp: -1,
    mptcpReset: null,
    kinds: [],
    malformed: false,
    truncated: tcpCaptured < headerLength,
  };
  const end = tcpOffset + Math.min(headerLength, tcpCaptured);
  let at = tcpOffset + 20;
  while (at < end) {
    const kind = bytes[at]!;
    if (kind === 0) break;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = at + 1 < end ? bytes[at + 1]! : 0;
    if (length < 2 || at + length > end) {
      options.malformed = !options.truncated;
      break;
    }
    options.kinds.push(kind);
    readOption(options, kind, bytes, at, length);
    at += length;
  }
  return options;
}

function readOption(options: TcpOptions, kind: number, bytes: Uint8Array, at: number, length: number): void {
  if (kind === 2 && length === 4) options.mss = be16(bytes, at + 2);
  else if (kind === 3 && length === 3) options.windowScale = Math.min(14, bytes[at + 2]!);
  else if (kind === 4 && length === 2) options.sackPermitted = true;
  else if (kind === 5 && (length - 2) % 8 === 0) {
    for (let block = at + 2; block < at + length; block += 8) {
      options.sack.push([be32(bytes, block), be32(bytes, block + 4)]);
    }
  } else if (kind === 8 && length === 10) {
    options.tsVal = be32(bytes, at + 2);
    options.tsEcr = be32(bytes, at + 6);
  } else if (kind === 30 && length >= 3) readMptcp(options, bytes, at, length);
  else if (kind >= 2 && kind <= 8 && kind !== 6 && kind !== 7) options.malformed = true;
}

function readMptcp(options: TcpOptions, bytes: Uint8Array, at: number, length: number): void {
  const subtype = bytes[at + 2]! >> 4;
  if (options.mptcp < 0) options.mptcp = subtype;
  if (subtype === 8 && length === 4) {
    options.mptcpReset = { reason: bytes[at + 3]!, transient: (bytes[at + 2]! & 1) !== 0 };
  }
}
