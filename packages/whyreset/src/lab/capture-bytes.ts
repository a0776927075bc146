import { enhancedPacket, interfaceDescription, sectionHeader } from '../wire/pcapng-writer.ts';
import type { TappedFrame } from './kernel/tap.ts';

const ETHERNET = 1;

/** The head of a capture of one Ethernet interface, in pcapng with nanoseconds. */
export function captureHead(name: string): Uint8Array {
  return concatenated([
    sectionHeader('', 'whyreset lab'),
    interfaceDescription({
      linkNumber: ETHERNET,
      snapLength: 0,
      name,
      description: '',
      resolution: 9,
      offset: 0n,
    }),
  ]);
}

export function captureFrame({ bytes, time }: TappedFrame): Uint8Array {
  return enhancedPacket({
    interfaceId: 0,
    ticksHigh: Number(time >> 32n),
    ticksLow: Number(time & 0xffffffffn),
    wireLength: bytes.length,
    data: bytes,
    comments: [],
    flags: null,
  });
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
