import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose, type Result } from '../../packages/whyreset/src/index.ts';
import type { CapturedPacket } from '../../packages/whyreset/src/wire/testing/captures.ts';
import { root } from '../helpers/cli.ts';
import { fileOf, forwarded, framesOf, later, readdressed, tcpAt } from '../helpers/pcap-frames.ts';

type Packet = Required<CapturedPacket>;

const folder = join(root, 'test/captures');
const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
const ETHERNET = 1;
const captures = readdirSync(folder).filter(
  (name) => name.endsWith('.pcap') && framesOf(read(name)).linkType === ETHERNET,
);

/** What a router with source translation shows to `tcpdump -i any`: the client's own address on one side, its own on the other. */
function translatedOnTheWay(packets: readonly Packet[], client: number): Packet[] {
  return packets.flatMap((packet) => {
    const at = tcpAt(packet.bytes);
    if (at < 0) return [packet];
    const fromClient = packet.bytes[29] === client;
    const outside = readdressed(packet.bytes, client, 77);
    return fromClient
      ? [packet, { ...later(packet, 4_000), bytes: forwarded(outside) }]
      : [
          { ...packet, bytes: outside },
          { ...later(packet, 4_000), bytes: forwarded(packet.bytes) },
        ];
  });
}

const told = ({ resets }: Pick<Result, 'resets'>) =>
  resets
    .map(({ connection: { originator, responder }, verdict }) => {
      const port = originator.replace(/^.*:/, '');
      return `${port} ${responder} ${verdict.cause} ${verdict.sender}`;
    })
    .sort();

describe('a connection that the capture holds before and after a translation is one', () => {
  it.each(captures)('%s', (name) => {
    const frames = framesOf(read(name));
    const first = frames.packets.find(({ bytes }) => tcpAt(bytes) > 0);
    if (first === undefined) return;
    const packets = translatedOnTheWay(frames.packets, first.bytes[29]!);
    const expected = diagnose(fileOf(frames));
    const result = diagnose(fileOf({ ...frames, packets }));
    expect(told(result)).toEqual(told(expected));
    expect(result.summary.connections).toBe(expected.summary.connections);
  });
});
