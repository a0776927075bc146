import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import type { CapturedPacket } from '../../packages/whyreset/src/wire/testing/captures.ts';
import { root } from '../helpers/cli.ts';
import { essence } from '../helpers/essence.ts';
import { fileOf, framesOf, later } from '../helpers/pcap-frames.ts';
import { Random } from '../helpers/random.ts';

type Packet = Required<CapturedPacket>;

const folder = join(root, 'test/captures');
/** Rests on copies that are in order themselves. */
const FORWARDS = 'nat-idle-router-any.pcap';
const captures = readdirSync(folder).filter((name) => name.endsWith('.pcap') && name !== FORWARDS);
const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)));

const senderOf = ({ bytes }: Packet) => bytes.slice(6, 12).join();
const gap = (a: Packet, b: Packet) => (b.seconds - a.seconds) * 1e9 + b.nanoseconds - a.nanoseconds;

/** As two receive queues write it: packets of opposite directions that are close in time change places in the file, each with its own time. */
function queues(packets: readonly Packet[], random: Random): Packet[] {
  const out = [...packets];
  for (let i = 0; i + 1 < out.length; i++) {
    const [one, two] = [out[i]!, out[i + 1]!];
    if (gap(one, two) > 20_000 || senderOf(one) === senderOf(two) || !random.chance(0.5)) continue;
    out[i] = two;
    out[i + 1] = one;
    i++;
  }
  return out;
}

const WAYS: Record<string, (packets: readonly Packet[]) => Packet[]> = {
  'times that are a little out of order': (packets) => {
    const random = new Random(7);
    return packets.map((packet) => later(packet, random.below(4_000) - 2_000));
  },
  'packets of two queues in the wrong order': (packets) => queues(packets, new Random(3)),
  'the last packets twice': (packets) => [
    ...packets,
    ...packets.slice(-6).map((packet) => later(packet, 1_000)),
  ],
};

describe.each(Object.entries(WAYS))('%s', (_, disturb) => {
  it.each(captures)('%s', (name) => {
    const frames = framesOf(read(name));
    expect(essence(diagnose(fileOf({ ...frames, packets: disturb(frames.packets) })))).toEqual(
      essence(diagnose(fileOf(frames))),
    );
  });
});

/** Durations across the step are wrong, so causes that rest on them may change; what the packets say without a clock may not. */
describe('a clock that is set back by a second in the middle', () => {
  it.each(captures)('%s', (name) => {
    const { linkType, packets } = framesOf(read(name));
    const expected = diagnose(fileOf({ linkType, packets }));
    const stepped = packets.map((packet, i) => (i * 2 < packets.length ? packet : later(packet, -1e9)));
    const result = diagnose(fileOf({ linkType, packets: stepped }));
    const histories = ({ resets }: typeof result) =>
      resets.map(({ connection }) => JSON.stringify(connection)).sort();
    expect(histories(result)).toEqual(histories(expected));
  });
});
