/** A frame that ends a stream or announces the end of the connection (RFC 9113 §6.4, §6.8). */
export interface EndFrame {
  kind: 'RST_STREAM' | 'GOAWAY';
  /** The stream that was reset; for GOAWAY the last one that the sender will still serve. */
  stream: number;
  /** Error code (RFC 9113 §7), unsigned 32 bits. */
  code: number;
}

const HEADER = 9;
const RST_STREAM = 3;
const SETTINGS = 4;
const GOAWAY = 7;
/** Types that RFC 9113 §6 defines, and those of its registered extensions that are met: ALTSVC, ORIGIN, PRIORITY_UPDATE. */
const isKnownType = (type: number) => type <= 10 || type === 12 || type === 16;
/** SETTINGS_MAX_FRAME_SIZE can be no larger (RFC 9113 §6.5.2). */
const LARGEST = 0xff_ffff;

const length24 = (b: Uint8Array, at: number) => (b[at]! << 16) | (b[at + 1]! << 8) | b[at + 2]!;
const uint32 = (b: Uint8Array, at: number) =>
  ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;

/** The bytes begin with a SETTINGS frame, as everything a server says in HTTP/2 must (RFC 9113 §3.4). */
export function isSettings(b: Uint8Array, at: number, length: number): boolean {
  if (length < HEADER || b[at + 3] !== SETTINGS || b[at + 4]! > 1 || uint32(b, at + 5) !== 0) return false;
  const size = length24(b, at);
  return size % 6 === 0 && size <= 6 * 64;
}

/** As `isSettings`, but fewer bytes than a frame header has decide nothing unless they speak against it. */
export function mayBeSettings(b: Uint8Array, at: number, length: number): boolean {
  if (length >= HEADER) return isSettings(b, at, length);
  return (length < 1 || b[at] === 0) && (length < 4 || b[at + 3] === SETTINGS);
}

/** A frame begins here that fits its type: streams have frames of their own, the connection has others. */
function isFrame(b: Uint8Array, at: number): boolean {
  const type = b[at + 3]!;
  const stream = uint32(b, at + 5);
  if (!isKnownType(type) || stream > 0x7fff_ffff || length24(b, at) > LARGEST) return false;
  if (type === RST_STREAM) return length24(b, at) === 4 && stream !== 0;
  if (type === GOAWAY) return length24(b, at) >= 8 && stream === 0;
  if (type === SETTINGS) return stream === 0;
  return true;
}

/**
 * Calls back with each RST_STREAM and GOAWAY in bytes that begin at a frame
 * boundary, as far as they were kept. Stops at the first thing that is no frame.
 */
export function endFrames(
  b: Uint8Array,
  at: number,
  length: number,
  found: (kind: EndFrame['kind'], stream: number, code: number) => void,
): void {
  const end = at + length;
  for (let i = at; i + HEADER <= end && isFrame(b, i); i += HEADER + length24(b, i)) {
    const type = b[i + 3]!;
    const body = i + HEADER;
    if (type === RST_STREAM && body + 4 <= end) found('RST_STREAM', uint32(b, i + 5), uint32(b, body));
    else if (type === GOAWAY && body + 8 <= end)
      found('GOAWAY', uint32(b, body) & 0x7fff_ffff, uint32(b, body + 4));
  }
}

/** Graceful, or the peer's own wish: NO_ERROR and CANCEL are no trouble. */
const isPeaceful = (code: number) => code === 0 || code === 8;

/** The bytes hold a RST_STREAM or GOAWAY that complains. Asked of every turn, so it goes without a callback. */
export function complains(b: Uint8Array, at: number, length: number): boolean {
  const end = at + length;
  for (let i = at; i + HEADER <= end && isFrame(b, i); i += HEADER + length24(b, i)) {
    const type = b[i + 3]!;
    const code = i + HEADER + (type === GOAWAY ? 4 : 0);
    if ((type === RST_STREAM || type === GOAWAY) && code + 4 <= end && !isPeaceful(uint32(b, code)))
      return true;
  }
  return false;
}

/** Length of the connection preface that goes before a client's frames (RFC 9113 §3.4). */
export const PREFACE_LENGTH = 24;
