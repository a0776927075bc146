import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PacketRecords } from '../../packages/whyreset/src/wire/packet-records.ts';
import { pcap } from '../../packages/whyreset/src/wire/testing/captures.ts';
import { concat, ethernetFrame, ipv4Packet, u16 } from '../../packages/whyreset/src/wire/testing/packets.ts';
import { root, whyreset } from '../helpers/cli.ts';
import { fileOf, framesOf } from '../helpers/pcap-frames.ts';

const captures = join(root, 'test/captures');
const closedPort = join(captures, 'closed-port.pcap');
const mixed = new Uint8Array(readFileSync(join(captures, 'mixed-500.pcap')));
const folder = mkdtempSync(join(tmpdir(), 'whyreset-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const emptyCapture = file('empty.pcap', new Uint8Array(readFileSync(closedPort).subarray(0, 24)));
const garbage = file(
  'garbage.bin',
  Uint8Array.from({ length: 5000 }, (_, i) => (i * 167 + 13) & 0xff),
);

describe('one file of several that cannot be read', () => {
  it('is named, and the others are told', () => {
    const { code, stdout, stderr } = whyreset(['diagnose', garbage, closedPort]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/closed-port\.pcap: pcap/);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/garbage\.bin: Not a packet capture/);
    expect(stderr).toMatch(/^whyreset: .*garbage\.bin: Not a packet capture[^\n]*\n$/);
  });

  it('leaves no exit code 0', () => {
    const healthy = join(captures, 'health-check.pcap');
    expect(whyreset(['diagnose', healthy, join(folder, 'nowhere.pcap')]).code).toBe(2);
    expect(whyreset(['diagnose', healthy, emptyCapture]).code).toBe(0);
  });

  it('is an error when none can be read', () => {
    const { code, stdout, stderr } = whyreset(['diagnose', garbage, join(folder, 'nowhere.pcap')]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n').filter((line) => line !== '')).toHaveLength(1);
  });
});

it('a rotated capture is told with the packet numbers of the whole, and annotated file by file', () => {
  const frames = framesOf(mixed);
  const whole = file('whole.pcap', fileOf(frames));
  const half = Math.ceil(frames.packets.length / 2);
  const parts = [
    file('part.pcap1', fileOf({ ...frames, packets: frames.packets.slice(half) })),
    file('part.pcap', fileOf({ ...frames, packets: frames.packets.slice(0, half) })),
  ];
  const annotated = (paths: string[], name: string) => {
    const target = join(folder, name);
    const { stdout } = whyreset(['diagnose', ...paths, '--format', 'json', '--annotate', target]);
    const comments: string[] = [];
    const records = new PacketRecords({
      interface: () => {},
      packet: (packet) => comments.push(...packet.comments.map((comment) => `${packet.number} ${comment}`)),
    });
    records.push(new Uint8Array(readFileSync(target)));
    records.end();
    return { resets: (JSON.parse(stdout) as { resets: unknown }).resets, comments };
  };
  const expected = annotated([whole], 'whole.pcapng');
  expect(expected.comments.length).toBeGreaterThan(10);
  expect(annotated(parts, 'parts.pcapng')).toEqual(expected);
});

it('a capture without TCP says what it holds instead', () => {
  const udp = (port: number) =>
    ethernetFrame(
      ipv4Packet(
        { from: '10.0.0.1', to: '10.0.0.2', protocol: 17 },
        concat(u16(port), u16(port), u16(48), u16(0), new Uint8Array(40)),
      ),
    );
  const path = file('gtp.pcap', pcap([udp(2152), udp(2152), udp(53)]));
  const { code, stdout } = whyreset(['diagnose', path]);
  expect(code).toBe(0);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    '3 packets, none of them TCP: 2 of UDP port 2152 (GTP-U), 1 of UDP port 53 (DNS)',
  );
});
