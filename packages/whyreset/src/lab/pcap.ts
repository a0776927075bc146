import type { TappedFrame } from './kernel/tap.ts';

/** The header of a pcap file with nanoseconds and Ethernet frames (draft-ietf-opsawg-pcap). */
export function pcapHeader(): Uint8Array {
  return new Uint8Array(new Uint32Array([0xa1b23c4d, 0x00040002, 0, 0, 262_144, 1]).buffer);
}

/** One frame as a record of such a file. */
export function pcapRecord({ bytes, time }: TappedFrame): Uint8Array {
  const record = new Uint8Array(16 + bytes.length);
  const fields = [Number(time / 1_000_000_000n), Number(time % 1_000_000_000n), bytes.length, bytes.length];
  record.set(new Uint8Array(new Uint32Array(fields).buffer));
  record.set(bytes, 16);
  return record;
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
