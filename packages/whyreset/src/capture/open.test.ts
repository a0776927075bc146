import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError, type OpenInput, readChunks } from './open.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whyreset-open-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Compressible but not trivial, longer than two reads. */
const DATA = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * i * 31 + (i >> 7)) & 0xff);

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function all(input: OpenInput): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of input.chunks) parts.push(chunk.slice());
  return Uint8Array.from(Buffer.concat(parts));
}

describe('an input is read', () => {
  it('plain', async () => {
    const input = readChunks(file('plain', DATA));
    expect(Buffer.compare(await all(input), DATA)).toBe(0);
    expect(input).toMatchObject({
      size: DATA.length,
      bytesRead: DATA.length,
      compression: null,
      warnings: [],
    });
  });

  it('empty, or shorter than any magic', async () => {
    expect(await all(readChunks(file('empty', new Uint8Array(0))))).toHaveLength(0);
    expect(await all(readChunks(file('short', Uint8Array.of(0x1f, 0x00))))).toEqual(Uint8Array.of(0x1f, 0));
  });

  it('from gzip, of several members too', async () => {
    const packed = Buffer.concat([gzipSync(DATA.subarray(0, 1000)), gzipSync(DATA.subarray(1000))]);
    const input = readChunks(file('packed.gz', packed));
    expect(Buffer.compare(await all(input), DATA)).toBe(0);
    expect(input).toMatchObject({
      size: packed.length,
      bytesRead: packed.length,
      compression: 'gzip',
      warnings: [],
    });
  });

  it('from a gzip cut short, as far as it goes', async () => {
    const packed = gzipSync(DATA);
    const input = readChunks(file('cut.gz', packed.subarray(0, packed.length >> 1)));
    const got = await all(input);
    expect(got.length).toBeGreaterThan(DATA.length / 4);
    expect(Buffer.compare(got, DATA.subarray(0, got.length))).toBe(0);
    expect(input.warnings).toMatchObject([{ code: 'truncated' }]);
  });

  it('from a damaged gzip, as far as it goes', async () => {
    const packed = Buffer.from(gzipSync(DATA));
    packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 400);
    const input = readChunks(file('bad.gz', packed));
    const got = await all(input);
    expect(got.length).toBeGreaterThan(1000);
    expect(input.warnings).toMatchObject([{ code: 'garbled-compression', count: 1 }]);
  });

  // A zstd frame of stored blocks (RFC 8878 §3.1.1), written by hand so that no tool is needed.
  const stored = (bytes: Uint8Array): Buffer => {
    const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])];
    for (let at = 0; at < bytes.length; at += 100_000) {
      const block = bytes.subarray(at, at + 100_000);
      const header = (block.length << 3) | (at + block.length >= bytes.length ? 1 : 0);
      parts.push(Buffer.from([header & 0xff, (header >> 8) & 0xff, header >> 16]), Buffer.from(block));
    }
    return Buffer.concat(parts);
  };

  it('from zstd', async () => {
    const input = readChunks(file('packed.zst', stored(DATA)));
    expect(Buffer.compare(await all(input), DATA)).toBe(0);
    expect(input).toMatchObject({ compression: 'zstd', warnings: [] });
  });

  it('from a zstd cut short, and not from one that asks for terabytes', async () => {
    const cut = readChunks(file('cut.zst', stored(DATA).subarray(0, 1_500_000)));
    expect((await all(cut)).length).toBeGreaterThan(1_000_000);
    expect(cut.warnings).toHaveLength(1);
    const greedy = readChunks(file('greedy.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xff, 1, 0, 0])));
    expect(await all(greedy)).toHaveLength(0);
    expect(greedy.warnings).toHaveLength(1);
  });

  it('from standard input, even one byte at a time', async () => {
    const door = fileURLToPath(new URL('./open.ts', import.meta.url));
    const program = `
      import { readChunks } from ${JSON.stringify(door)};
      const input = readChunks('-');
      let n = 0;
      for await (const chunk of input.chunks) n += chunk.length;
      console.log(JSON.stringify([input.name, input.size, input.compression, n]));`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const packed = gzipSync(DATA.subarray(0, 5000));
    for (let i = 0; i < 4; i++) {
      child.stdin.write(packed.subarray(i, i + 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
    child.stdin.end(packed.subarray(4));
    let output = '';
    for await (const chunk of child.stdout) output += chunk;
    expect(JSON.parse(output)).toEqual(['standard input', null, 'gzip', 5000]);
  });
});

describe('an input that cannot be read', () => {
  const refused = (path: string): unknown => {
    try {
      readChunks(path);
    } catch (error) {
      return error;
    }
    return null;
  };

  it('is named with the reason', () => {
    const missing = refused('/nowhere/x.pcap');
    expect(missing).toBeInstanceOf(InputError);
    expect(missing).toMatchObject({ code: 'not-found', message: 'There is no file /nowhere/x.pcap.' });
    expect(refused(folder)).toMatchObject({ code: 'is-directory', message: expect.stringContaining(folder) });
  });

  const root = process.getuid?.() === 0;
  if (root) console.warn('Skipped, reading without permission: root may read everything.');
  it.skipIf(root)('for want of permission', () => {
    const path = file('secret', DATA);
    execFileSync('chmod', ['000', path]);
    expect(refused(path)).toMatchObject({ code: 'permission' });
  });
});
