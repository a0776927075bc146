import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDiagnosis, diagnose, LibraryUsageError } from '../../packages/whyreset/src/index.ts';
import { root } from '../helpers/cli.ts';

const bytes = (name: string) => new Uint8Array(readFileSync(join(root, 'test/captures', name)));

describe('the library', () => {
  it('refuses a path, and says what it takes', () => {
    const path = 'trouble.pcap' as unknown as Uint8Array;
    expect(() => diagnose(path)).toThrow(LibraryUsageError);
    expect(() => diagnose(path)).toThrow(/takes the bytes of a capture .* not the string 'trouble\.pcap'\.$/);
    expect(() => diagnose([{ name: 'a', bytes: 'b' as unknown as Uint8Array }])).toThrow(/not a Object|not/);
  });

  it.each([1, 7, 4096])('gives the same from pieces of %d bytes as at once', (size) => {
    const capture = bytes('listener-closed-queue.pcap');
    const stream = createDiagnosis().file('a.pcap');
    for (let at = 0; at < capture.length; at += size) stream.push(capture.subarray(at, at + size));
    expect(stream.result()).toEqual(diagnose([{ name: 'a.pcap', bytes: capture }]));
  });

  it('joins the files of one capture, and compares two of one moment', () => {
    const names = ['injected-both-ends-client.pcap', 'injected-both-ends-server.pcap'];
    const stream = createDiagnosis({ several: true });
    for (const name of names) stream.file(name).push(bytes(name));
    expect(stream.result()).toEqual(diagnose(names.map((name) => ({ name, bytes: bytes(name) }))));
  });

  it('is narrowed as the command is', () => {
    const capture = bytes('listener-closed-queue.pcap');
    const [first] = diagnose(capture).resets;
    const port = Number(first!.connection.originator.split(':').at(-1));
    expect(createDiagnosis({ port }).push(capture).result().resets).toHaveLength(1);
    expect(() => createDiagnosis({ connection: 'somewhere' })).toThrow(LibraryUsageError);
  });
});
