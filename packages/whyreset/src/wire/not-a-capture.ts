/** The input is no capture file that this reader knows; the message says what it looks like. */
export class NotACaptureError extends Error {
  readonly code = 'not-a-capture';
  /** It is text all the same: a log, an error text. */
  readonly text: boolean;
  constructor(message: string, text = false) {
    super(message);
    this.name = 'NotACaptureError';
    this.text = text;
  }
}

/** Magic bytes of what people hand in by mistake, and what to tell them. */
const LOOKALIKES: readonly (readonly [readonly number[], string])[] = [
  [[0x1f, 0x8b], 'this is gzip data; decompress it first'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'this is zstd data; decompress it first'],
  [[0x04, 0x22, 0x4d, 0x18], 'this is lz4 data; decompress it first'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'this is xz data; decompress it first'],
  [[0x42, 0x5a, 0x68], 'this is bzip2 data; decompress it first'],
  [[0x50, 0x4b, 0x03, 0x04], 'this is a zip archive; unpack it first'],
  [[0x73, 0x6e, 0x6f, 0x6f, 0x70, 0], 'this is a Solaris snoop capture; convert it with `editcap -F pcap`'],
  [[0x62, 0x74, 0x73, 0x6e, 0x6f, 0x6f, 0x70], 'this is a Bluetooth btsnoop log'],
  [
    [0x47, 0x4d, 0x42, 0x55],
    'this is a Microsoft Network Monitor capture; convert it with `editcap -F pcap`',
  ],
  [
    [0x52, 0x54, 0x53, 0x53],
    'this is a Microsoft Network Monitor capture; convert it with `editcap -F pcap`',
  ],
  [
    [0x54, 0x52, 0x53, 0x4e, 0x49, 0x46, 0x46],
    'this is a Sniffer capture; convert it with `editcap -F pcap`',
  ],
  [[0x58, 0x43, 0x50, 0], 'this is a NetXRay capture; convert it with `editcap -F pcap`'],
  [[0x7f, 0x45, 0x4c, 0x46], 'this is a program (ELF)'],
  [
    [0xa1, 0xb2, 0x34, 0xcd],
    'this is a pcap variant of an old patched libpcap; convert it with `editcap -F pcap`',
  ],
  [
    [0xcd, 0x34, 0xb2, 0xa1],
    'this is a pcap variant of an old patched libpcap; convert it with `editcap -F pcap`',
  ],
  [[0x0a, 0x0d, 0x0d, 0x0a], 'it begins like pcapng, but its byte-order mark is garbled'],
  // d4 c3 b2 a1 read as text and written as UTF-8, with and without replacement characters.
  [[0xef, 0xbf, 0xbd, 0xc3, 0xb2], 'this was a pcap, destroyed by being copied as text'],
  [[0xc3, 0x94, 0xc3, 0x83], 'this was a pcap, destroyed by being copied as text'],
];

const PCAP_MAGICS = [0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0xa1b2cd34, 0x34cdb2a1];

/** The error for input that begins with `head` (its first bytes, all of them when it is shorter). */
export function notACapture(head: Uint8Array): NotACaptureError {
  return new NotACaptureError(`Not a packet capture (pcap or pcapng): ${looksLike(head)}.`);
}

function looksLike(head: Uint8Array): string {
  if (head.length === 0) return 'the input is empty';
  for (const [magic, says] of LOOKALIKES) {
    if (magic.every((byte, i) => head[i] === byte)) return says;
  }
  if (isText(head)) return textLooksLike(new TextDecoder().decode(head));
  if (head.length < 4) return `the input is only ${head.length} byte${head.length === 1 ? '' : 's'} long`;
  if (isErf(head)) return 'this looks like an Endace ERF capture; convert it with `editcap -F pcap`';
  if (PCAP_MAGICS.some((magic) => sharedBytes(head, magic) === 3)) {
    return 'it begins like pcap, but one byte of its magic number is garbled';
  }
  if (head.every((byte) => byte === 0)) return 'it begins with zeros';
  const hex = [...head.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `it begins with the bytes ${hex}`;
}

/** The error for a text, which begins like this, in which no line is a packet. */
export function noPackets(beginning: string): NotACaptureError {
  return new NotACaptureError(
    `Not a packet capture (pcap or pcapng), nor a packet list of tcpdump, tshark or Wireshark: ${textLooksLike(beginning)}.`,
    true,
  );
}

function textLooksLike(text: string): string {
  if (/^\s*<(!doctype|html|head|body)/i.test(text))
    return 'this is an HTML page, perhaps a login page that was downloaded instead';
  if (/^\s*<\?xml/i.test(text)) return 'this is XML';
  if (/^\s*[[{]/.test(text)) return 'this looks like JSON';
  if (/^\s*0{3,8}[:\s]/.test(text)) return 'this looks like a hex dump; convert it with `text2pcap`';
  return 'this is text';
}

function isText(head: Uint8Array): boolean {
  return (
    head.every((byte) => byte >= 0x80 || (byte >= 0x20 && byte !== 0x7f) || (byte >= 9 && byte <= 13)) &&
    head.every((byte) => byte < 0x80)
  );
}

/** ERF has no magic: type (1–48) at byte 8, record length at 10 not below its 16-byte header. */
function isErf(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  const type = head[8]! & 0x7f;
  const recordLength = (head[10]! << 8) | head[11]!;
  return (
    type >= 1 &&
    type <= 48 &&
    recordLength >= 16 &&
    recordLength < 20_000 &&
    head[7]! >= 0x30 &&
    head[7]! < 0x90
  );
}

function sharedBytes(head: Uint8Array, magic: number): number {
  let shared = 0;
  for (let i = 0; i < 4; i++) if (head[i] === ((magic >>> (24 - 8 * i)) & 0xff)) shared++;
  return shared;
}
