import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CaptureInput, diagnose } from '../../packages/whyreset/src/index.ts';
import { root } from '../helpers/cli.ts';
import { essence } from '../helpers/essence.ts';
import { type Frames, fileOf, framesOf } from '../helpers/pcap-frames.ts';
import { Random } from '../helpers/random.ts';

const folder = join(root, 'test/captures');
const captures = readdirSync(folder).filter((name) => name.endsWith('.pcap'));
const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)));

/** As `tcpdump -C` would have written it: some packets to each file. */
function cut({ linkType, packets }: Frames, parts: number, nameOf: (part: number) => string): CaptureInput[] {
  const size = Math.ceil(packets.length / parts);
  return Array.from({ length: parts }, (_, part) => ({
    name: nameOf(part),
    bytes: fileOf({ linkType, packets: packets.slice(part * size, (part + 1) * size) }),
  }));
}

const whole = (frames: Frames) => diagnose(fileOf(frames));
const packetsOf = ({ resets }: ReturnType<typeof diagnose>) => resets.map(({ packet }) => packet);

describe('a capture in several files is the capture', () => {
  it.each(captures)('%s', (name) => {
    const frames = framesOf(read(name));
    const expected = whole(frames);
    for (const parts of [2, 3, 7]) {
      const random = new Random(parts);
      const inputs = cut(frames, parts, (part) => `trace.pcap${part}`).toSorted(() => random.next() - 0.5);
      const result = diagnose(inputs);
      expect(result.inputs).toHaveLength(1);
      expect(essence(result)).toEqual(essence(expected));
      expect(packetsOf(result)).toEqual(packetsOf(expected));
    }
  });
});

describe('a file that is given twice counts once', () => {
  it.each(captures)('%s', (name) => {
    const bytes = read(name);
    const expected = diagnose(bytes);
    const twice = diagnose([
      { name: 'a.pcap', bytes },
      { name: 'b.pcap', bytes: fileOf(framesOf(bytes)) },
    ]);
    if (expected.inputs[0]!.tcpPackets === 0) return;
    expect(twice.inputs).toHaveLength(1);
    expect(essence(twice)).toEqual(essence(expected));
    expect(twice.summary).toEqual(expected.summary);
  });
});

describe('files that are one capture in part', () => {
  const frames = framesOf(read('mixed-500.pcap'));

  it('an empty last file of a rotation is no vantage', () => {
    const inputs = cut(frames, 3, (part) => `trace${part}.pcap`);
    const result = diagnose([...inputs, { name: 'trace3.pcap', bytes: fileOf({ ...frames, packets: [] }) }]);
    expect(result.inputs.map(({ files }) => files?.map(({ packets }) => packets))).toEqual([
      [...inputs.map(({ bytes }) => framesOf(bytes).packets.length), 0],
    ]);
    expect(essence(result)).toEqual(essence(whole(frames)));
  });

  it('one file of a rotation that is given twice counts once', () => {
    const inputs = cut(frames, 3, (part) => `trace${part}.pcap`);
    const result = diagnose([...inputs, { ...inputs[1]!, name: 'copy.pcap' }]);
    expect(result.inputs).toHaveLength(1);
    expect(essence(result)).toEqual(essence(whole(frames)));
  });
});

describe('captures of one moment at two places stay two', () => {
  const pairs = captures
    .filter((name) => name.endsWith('-client.pcap'))
    .map((name) => name.slice(0, -12))
    .filter((name) => captures.includes(`${name}-server.pcap`));

  it.each(pairs)('%s', (name) => {
    const ends = ['client', 'server'].map((end) => ({ name: end, bytes: read(`${name}-${end}.pcap`) }));
    expect(diagnose(ends).inputs).toHaveLength(2);
  });

  it.each(pairs)('%s, each in files of its own', (name) => {
    const ends = ['client', 'server'].map((end) => ({ name: end, bytes: read(`${name}-${end}.pcap`) }));
    const parts = ends.flatMap((end) => cut(framesOf(end.bytes), 2, (part) => `${end.name}.${part}`));
    const result = diagnose(parts);
    expect(result.inputs.map(({ files }) => files?.map((file) => file.name))).toEqual([
      ['client.0', 'client.1'],
      ['server.0', 'server.1'],
    ]);
    expect(essence(result)).toEqual(essence(diagnose(ends)));
  });
});
