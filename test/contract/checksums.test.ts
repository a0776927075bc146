import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import { pcap } from '../../packages/whyreset/src/wire/testing/captures.ts';
import {
  ethernetFrame,
  type TcpFields,
  tcpIpPacket,
} from '../../packages/whyreset/src/wire/testing/packets.ts';
import { root } from '../helpers/cli.ts';
import { essence } from '../helpers/essence.ts';
import { editFrames, ipv4At, tcpAt } from '../helpers/pcap-frames.ts';

const folder = join(root, 'test/captures');
const captures = readdirSync(folder).filter((name) => name.endsWith('.pcap'));
const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
const SOME = [
  'close-unread-node.pcap',
  'closed-port.pcap',
  'keepalive-race-unread.pcap',
  'sigkill-unread.pcap',
];

const ruin = (frame: Uint8Array, at: number) => {
  frame[at] = frame[at]! ^ 0x5a;
};

describe('checksums that are wrong in every packet', () => {
  it('leave the verdict as it was: IPv4 headers, as after a rewrite of addresses', () => {
    for (const name of SOME) {
      const bytes = read(name);
      const edited = editFrames(bytes, (frame) => ipv4At(frame) > 0 && ruin(frame, ipv4At(frame) + 10));
      const result = diagnose(edited);
      expect(essence(result), name).toEqual(essence(diagnose(bytes)));
      expect(result.inputs[0]!.warnings.map(({ code }) => code)).toContain('wrong-ip-checksums');
    }
  });

  it('leave the verdict as it was: TCP, as after anonymisation', () => {
    for (const name of SOME) {
      const bytes = read(name);
      const edited = editFrames(bytes, (frame) => tcpAt(frame) > 0 && ruin(frame, tcpAt(frame) + 16));
      const result = diagnose(edited);
      expect(essence(result), name).toEqual(essence(diagnose(bytes)));
      expect(result.inputs[0]!.warnings.map(({ code }) => code)).toContain('wrong-tcp-checksums');
    }
  });

  it('leave the verdict as it was: one sender’s alone, as where the receiving network card joins segments', () => {
    for (const name of SOME) {
      const bytes = read(name);
      const sender = (frame: Uint8Array) => frame[ipv4At(frame) + 15];
      let server: number | undefined;
      const edited = editFrames(bytes, (frame) => {
        const at = tcpAt(frame);
        if (at < 0) return;
        if ((frame[at + 13]! & 0x12) !== 0x02) server ??= sender(frame);
        if (sender(frame) === server) ruin(frame, at + 16);
      });
      expect(essence(diagnose(edited)), name).toEqual(essence(diagnose(bytes)));
    }
  });
});

describe('a wrong checksum among right ones', () => {
  const client = { from: '10.0.0.1:40000', to: '10.0.0.2:80' };
  const server = { from: '10.0.0.2:80', to: '10.0.0.1:40000' };
  const opened: TcpFields[] = [
    { ...client, flags: 'S', seq: 1000 },
    { ...server, flags: 'S.', seq: 5000, ack: 1001 },
    { ...client, flags: '.', seq: 1001, ack: 5001 },
    { ...server, flags: '.', seq: 5001, ack: 1001 },
  ];
  const frames = (packets: readonly TcpFields[]) =>
    packets.map((fields) => ethernetFrame(tcpIpPacket(fields)));

  it('of a RST: the RST is skipped, as its receiver does, and counted', () => {
    const bad: TcpFields = { ...server, flags: 'R', seq: 5001, checksum: 'bad' };
    const result = diagnose(pcap(frames([...opened, bad, bad])));
    expect(result.summary.resets).toBe(0);
    expect(result.inputs[0]!.warnings).toMatchObject([{ code: 'bad-tcp-checksum', count: 2 }]);
  });

  it('of an IPv4 header: the packet is skipped and counted', () => {
    const whole = frames([...opened, { ...server, flags: 'R', seq: 5001 }]);
    ruin(whole.at(-1)!, ipv4At(whole.at(-1)!) + 10);
    const result = diagnose(pcap(whole));
    expect(result.summary).toMatchObject({ resets: 0, connections: 1 });
    expect(result.inputs[0]!.warnings).toMatchObject([{ code: 'bad-ip-checksum', count: 1 }]);
  });
});

it('the shipped captures need none of this', () => {
  for (const name of captures) {
    const codes = diagnose(read(name)).inputs[0]!.warnings.map(({ code }) => code);
    expect(
      codes.filter((code) => code.includes('checksum')),
      name,
    ).toEqual([]);
  }
});
