import { enhancedPacket, interfaceDescription, sectionHeader } from '../wire/pcapng-writer.ts';
import type { TappedFrame } from './kernel/tap.ts';

const ETHERNET = 1;
/** LINKTYPE_LINUX_SLL2: what `tcpdump -i any` writes. */
const COOKED = 276;
const ARPHRD_ETHER = 1;

/** The head of a capture of one interface (`any` is all of a host), in pcapng with nanoseconds. */
export function captureHead(name: string, snapLength = 0): Uint8Array {
  return concatenated([
    sectionHeader('', 'whyreset lab'),
    interfaceDescription({
      linkNumber: name === 'any' ? COOKED : ETHERNET,
      snapLength,
      name,
      description: '',
      resolution: 9,
      offset: 0n,
    }),
  ]);
}

/** @param snapLength bytes kept of a frame, 0: all */
export function captureFrame({ bytes, time }: TappedFrame, snapLength = 0): Uint8Array {
  return enhancedPacket({
    interfaceId: 0,
    ticksHigh: Number(time >> 32n),
    ticksLow: Number(time & 0xffffffffn),
    wireLength: bytes.length,
    data: snapLength > 0 ? bytes.subarray(0, snapLength) : bytes,
    comments: [],
    flags: null,
  });
}

/** The frame with the cooked header in place of the Ethernet one: interface and direction are kept, the destination is lost. */
export function cooked(frame: TappedFrame, interfaceIndex: number): TappedFrame {
  const head = new Uint8Array(20);
  const view = new DataView(head.buffer);
  head.set(frame.bytes.subarray(12, 14), 0);
  view.setUint32(4, interfaceIndex, false);
  view.setUint16(8, ARPHRD_ETHER, false);
  head[10] = frame.packetType;
  head[11] = 6;
  head.set(frame.bytes.subarray(6, 12), 12);
  return { ...frame, bytes: concatenated([head, frame.bytes.subarray(14)]) };
}

export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
