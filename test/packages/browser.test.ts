import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../helpers/cli.ts';

/** The core as a page would load it: one script, no module of Node. */
let script = '';
let inputs: string[] = [];

beforeAll(async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, 'packages/whyreset/src/index.ts')],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'whyreset',
    target: 'es2022',
    alias: { '@whyreset/guard/timeouts': join(root, 'packages/guard/src/known-timeouts.ts') },
  });
  script = outputFiles[0]!.text;
  inputs = Object.keys(metafile.inputs);
});

describe('the core in a browser', () => {
  it('bundles without a module of Node or a dependency', () => {
    expect(inputs.filter((path) => path.includes('node_modules') || path.startsWith('node:'))).toEqual([]);
    expect(script).not.toMatch(/\brequire\(|from "node:/);
  });

  it('diagnoses a capture where there is nothing but the language and the two text codecs', () => {
    const bytes = new Uint8Array(readFileSync(join(root, 'test/captures/closed-port.pcap')));
    const context = createContext({ TextDecoder, TextEncoder, bytes });
    const result = runInContext(
      `${script}; JSON.stringify(whyreset.diagnose(new Uint8Array(bytes)))`,
      context,
    );
    const parsed = JSON.parse(result as string);
    expect(parsed.schema).toBe('whyreset/result@2');
    expect(parsed.resets[0].verdict).toMatchObject({ cause: 'no-listener', sender: 'responder' });
    const explained = runInContext('JSON.stringify(whyreset.explain("read ECONNRESET"))', context);
    expect(JSON.parse(explained as string)).toMatchObject({ ended: 'rst' });
  });
});
