import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import type { CapturedPacket } from '../../packages/whyreset/src/wire/testing/captures.ts';
import { pcapng } from '../../packages/whyreset/src/wire/testing/captures.ts';
import { root } from '../helpers/cli.ts';
import { essence } from '../helpers/essence.ts';
import { type Frames, fileOf, forwarded, framesOf, later } from '../helpers/pcap-frames.ts';

type Packet = Required<CapturedPacket>;

const folder = join(root, 'test/captures');
/** Holds packets twice itself, and others once on purpose: what is forwarded is what it tells. */
const FORWARDS = 'nat-idle-router-any.pcap';
const captures = readdirSync(folder).filter((name) => name.endsWith('.pcap') && name !== FORWARDS);
const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)));

const nanosecondsOf = ({ seconds, nanoseconds }: Packet) =>
  BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);

function inOrder(packets: readonly Packet[]): Packet[] {
  return packets.toSorted((a, b) => Number(nanosecondsOf(a) - nanosecondsOf(b)));
}

/** Each packet with a copy that follows it. */
function twice({ linkType, packets }: Frames, copy: (packet: Packet) => Packet): Frames {
  return { linkType, packets: inOrder(packets.flatMap((packet) => [packet, copy(packet)])) };
}

const LINK_ETHERNET = 1;

/** How a capture comes to hold each packet more than once. */
const WAYS: Record<string, (frames: Frames) => Uint8Array> = {
  'a mirror port of both directions': (frames) => fileOf(twice(frames, (packet) => later(packet, 3_000))),
  'a bridge and its port, in pcapng': (frames) =>
    pcapng(twice(frames, (packet) => ({ ...later(packet, 2_000), interfaceId: 1 })).packets, {
      interfaces: [0, 1].map(() => ({ linkType: frames.linkType, resolution: 9 })),
    }),
  'three taps of one machine': (frames) =>
    pcapng(
      inOrder(
        frames.packets.flatMap((packet) =>
          [0, 1, 2].map((interfaceId) => ({ ...later(packet, interfaceId * 1_500), interfaceId })),
        ),
      ),
      { interfaces: [0, 1, 2].map(() => ({ linkType: frames.linkType, resolution: 9 })) },
    ),
  'both sides of a router': (frames) =>
    fileOf(twice(frames, (packet) => ({ ...later(packet, 4_000), bytes: forwarded(packet.bytes) }))),
  'both sides of a router with a queue': (frames) =>
    fileOf(twice(frames, (packet) => ({ ...later(packet, 300_000), bytes: forwarded(packet.bytes) }))),
};

describe.each(Object.entries(WAYS))('every packet captured more than once: %s', (way, write) => {
  it.each(captures)('%s', (name) => {
    const bytes = read(name);
    const frames = framesOf(bytes);
    // A router that is written into a frame stands in an Ethernet header here.
    if (way.startsWith('both sides') && frames.linkType !== LINK_ETHERNET) return;
    expect(essence(diagnose(write(frames)))).toEqual(essence(diagnose(bytes)));
  });
});
