import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ResetEntry, Result } from '../../packages/whyreset/src/index.ts';
import { root, whyreset } from '../helpers/cli.ts';

/** Two captures, and what the kernel of one end recorded. */
const at = (name: string) => join(root, 'test/host', name);
const scratch = mkdtempSync(join(tmpdir(), 'whyreset-ends-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const SERVER = '10.77.2.2';
const GLOBAL_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET = 14;

/** What the server's host, one router away, would have captured of what the client's did; its clock is two hours ahead. */
function fromServer(name: string): string {
  const bytes = readFileSync(at(`${name}.pcap`));
  const swapped = bytes.readUInt32LE(0) !== 0xa1b2c3d4 && bytes.readUInt32LE(0) !== 0xa1b23c4d;
  expect(swapped).toBe(false);
  const unit = bytes.readUInt32LE(0) === 0xa1b23c4d ? 1e9 : 1e6;
  for (let offset = GLOBAL_HEADER; offset < bytes.length; ) {
    const ip = offset + RECORD_HEADER + ETHERNET;
    const own = bytes.subarray(ip + 12, ip + 16).join('.') === SERVER;
    // One router fewer, or one more, and the header checksum follows (RFC 1624).
    const by = own ? 1 : -1;
    bytes[ip + 8]! += by;
    const sum = bytes.readUInt16BE(ip + 10) - by * 256;
    bytes.writeUInt16BE((sum + 0xffff) % 0xffff || 0xffff, ip + 10);
    // Half of the 30 µs between packet and answer at the client is the way.
    const ticks = bytes.readUInt32LE(offset + 4) + (own ? -1 : 1) * 5e-6 * unit;
    const carry = Math.floor(ticks / unit);
    bytes.writeUInt32LE(bytes.readUInt32LE(offset) + 7200 + carry, offset);
    bytes.writeUInt32LE(ticks - carry * unit, offset + 4);
    offset += RECORD_HEADER + bytes.readUInt32LE(offset + 8);
  }
  const path = join(scratch, `${name}-server.pcap`);
  writeFileSync(path, bytes);
  return path;
}

function told(inputs: readonly string[], ...options: string[]): ResetEntry[] {
  const { stdout, stderr } = whyreset(['diagnose', ...inputs, '--format', 'json', ...options]);
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as Result).resets;
}

const trace = (name: string) => ['--trace', at(`${name}.trace`)];
const counters = (name: string) => [
  '--counters',
  at(`${name}.before`),
  at(`${name}.after`),
  '--counters-of',
  SERVER,
];
const factsOf = (entry: ResetEntry) => entry.evidence.map(({ fact }) => fact);

describe.each([
  ['close-unread', 'unread-data-at-close'],
  ['linger-zero', 'abort-by-linger-zero'],
  ['ss-kill', 'administrative-kill'],
])('%s, captured at both ends', (name, cause) => {
  const ends = [at(`${name}.pcap`), fromServer(name)];

  it('is one connection, whose two views agree', () => {
    const [entry, ...others] = told(ends);
    expect(others).toEqual([]);
    expect(entry!.vantages).toMatchObject([
      { input: 0 },
      { input: 1, nearer: 'server', fate: 'both', hops: 1 },
    ]);
    expect(Math.abs(entry!.vantages![1]!.clock!.offset - 7200)).toBeLessThan(0.001);
    expect(entry!.verdict.certainty).not.toBe('proven');
  });

  it.each([
    ['the client’s first', ends],
    ['the server’s first', [...ends].reverse()],
  ])('is decided by the trace of the server, which is told once: %s', (_, inputs) => {
    const entries = told(inputs, ...trace(name), ...counters(name));
    expect(entries).toHaveLength(1);
    const [entry] = entries;
    expect(entry!.verdict).toMatchObject({ cause, sender: 'responder', certainty: 'proven' });
    expect(factsOf(entry!).filter((fact) => fact === 'kernelReason')).toHaveLength(1);
    expect(factsOf(entry!).filter((fact) => fact === 'counterDeltas')).toHaveLength(1);
    expect(entry!.next).toBeNull();
  });

  it('is decided by the trace as from one end alone', () => {
    const [both] = told(ends, ...trace(name));
    const [alone] = told([ends[0]!], ...trace(name));
    expect(both!.verdict).toEqual(alone!.verdict);
  });
});

describe('a trace of the host whose name a RST bears, and captures that prove it was never there', () => {
  it('contradict each other, and nothing is decided', () => {
    // The server's capture was edited: its RST is not in it, though it ran on.
    const path = fromServer('close-unread');
    const bytes = readFileSync(path);
    const starts: number[] = [];
    for (
      let offset = GLOBAL_HEADER;
      offset < bytes.length;
      offset += RECORD_HEADER + bytes.readUInt32LE(offset + 8)
    )
      starts.push(offset);
    const last = starts.at(-1)!;
    expect(bytes[last + RECORD_HEADER + ETHERNET + 20 + 13]! & 4).toBe(4);
    // Its place is taken by a RST of the same host to another port two seconds later: the capture goes on, and sees
    // what that host resets. One field up, one down: the checksum stays right.
    const later = Buffer.from(bytes.subarray(last));
    const tcp = RECORD_HEADER + ETHERNET + 20;
    later.writeUInt32LE(later.readUInt32LE(0) + 2, 0);
    later.writeUInt16BE(later.readUInt16BE(tcp + 2) + 1, tcp + 2);
    later.writeUInt16BE(later.readUInt16BE(tcp + 14) - 1, tcp + 14);
    const edited = join(scratch, 'edited.pcap');
    writeFileSync(edited, Buffer.concat([bytes.subarray(0, last), later]));
    const inputs = [at('close-unread.pcap'), edited];
    const without = told(inputs).find(({ vantages }) => vantages?.length === 2);
    expect(without!.verdict.sender).toBe('middlebox');
    const entry = told(inputs, ...trace('close-unread')).find(({ vantages }) => vantages?.length === 2);
    expect(entry!.verdict).toMatchObject({ cause: null, certainty: 'undetermined' });
    expect(factsOf(entry!)).toEqual(expect.arrayContaining(['bothVantages', 'kernelReason']));
  });
});
