import { describe, expect, it } from 'vitest';
import { PacketRecords } from './packet-records.ts';
import { enhancedPacket, interfaceDescription, sectionHeader } from './pcapng-writer.ts';
import { pcap, pcapng } from './testing/captures.ts';
import { collect } from './testing/collect.ts';
import { concat, tcpPacket } from './testing/packets.ts';

interface Rewritten {
  bytes: Uint8Array;
  comments: string[][];
  interfaces: string[];
}

/** Reads records in pieces of any size and writes them anew, with a comment on packet 2. */
function rewritten(input: Uint8Array, piece = 13): Rewritten {
  const out: Rewritten = { bytes: new Uint8Array(0), comments: [], interfaces: [] };
  const parts = [sectionHeader('a summary', 'whyreset')];
  const records = new PacketRecords({
    interface(described) {
      out.interfaces.push(described.name);
      parts.push(interfaceDescription(described));
    },
    packet(record) {
      out.comments.push(record.comments);
      const comments = record.number === 2 ? [...record.comments, 'größer als 1 ✓'] : record.comments;
      parts.push(enhancedPacket({ ...record, comments }));
    },
  });
  for (let at = 0; at < input.length; at += piece) records.push(input.slice(at, at + piece));
  records.end();
  out.bytes = concat(...parts);
  return out;
}

const segments = (bytes: Uint8Array) => {
  const { segments: seen, info } = collect(bytes);
  return seen.map((segment) => ({ ...segment, time: (info.epochSeconds + segment.time).toFixed(6) }));
};

const packets = [1, 2, 3].map((n) => ({
  bytes: tcpPacket({ from: '10.0.0.1:40000', to: '10.0.0.2:80', flags: '.', seq: n, payload: 'x'.repeat(n) }),
  seconds: 1_795_269_308,
  nanoseconds: n * 123_456_000,
  originalLength: 2000 + n,
}));

describe('every form of capture keeps its packets, lengths and times when written anew', () => {
  it.each<[string, Uint8Array]>([
    ['pcap', pcap(packets)],
    ['pcap of the other byte order', pcap(packets, { bigEndian: true })],
    ['pcap with nanoseconds', pcap(packets, { nano: true })],
    ['Kuznetzov’s pcap', pcap(packets, { modified: true })],
    ['pcapng', pcapng(packets)],
    ['pcapng of the other byte order', pcapng(packets, { bigEndian: true })],
    ['obsolete packet blocks', pcapng(packets, { block: 'obsolete' })],
    [
      'a resolution of a power of two, and an offset',
      pcapng(packets, { interfaces: [{ resolution: 0x94, offset: 1_000_000_000n }] }),
    ],
    [
      'several interfaces',
      pcapng(
        packets.map((packet, i) => ({ ...packet, interfaceId: i % 2 })),
        { interfaces: [{ name: 'eth0' }, { name: 'lo', resolution: 9 }] },
      ),
    ],
    [
      'several sections',
      concat(
        pcapng(packets, { interfaces: [{ name: 'a' }] }),
        pcapng(packets, { bigEndian: true, interfaces: [{ resolution: 9 }] }),
      ),
    ],
  ])('%s', (_, input) => {
    const { bytes } = rewritten(input);
    // A second section begins at interface 0 again: renumbered here, as a writer of one section must.
    expect(segments(bytes)).toEqual(segments(input));
  });

  it('simple packet blocks, which have no time', () => {
    const input = pcapng(packets, { block: 'simple' });
    expect(collect(rewritten(input).bytes).segments).toHaveLength(3);
  });
});

it('whatever the pieces, the same comes out', () => {
  const input = pcapng(packets);
  const whole = rewritten(input, input.length).bytes;
  for (const piece of [1, 2, 7, 64]) expect(rewritten(input, piece).bytes).toEqual(whole);
});

it('keeps comments that were there, and cuts one that is too long between two characters', () => {
  const once = rewritten(pcap(packets));
  expect(once.comments).toEqual([[], [], []]);
  expect(rewritten(once.bytes).comments).toEqual([[], ['größer als 1 ✓'], []]);
  const packet = {
    interfaceId: 0,
    ticksHigh: 0,
    ticksLow: 0,
    wireLength: 1,
    data: Uint8Array.of(1),
    flags: 5,
  };
  const block = enhancedPacket({ ...packet, comments: [`${'a'.repeat(65_534)}ö`] });
  const length = new DataView(block.buffer).getUint16(34, true);
  expect([length, block[36 + length - 1]]).toEqual([65_534, 'a'.charCodeAt(0)]);
});

it('tells the names of interfaces on', () => {
  expect(rewritten(pcapng(packets, { interfaces: [{ name: 'eth0' }] })).interfaces).toEqual(['eth0']);
});
