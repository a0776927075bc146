import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../helpers/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'whyreset-pack-'));
const run = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const tool = (path: string, ...args: string[]) =>
  run(process.execPath, [join(root, 'node_modules', path), ...args], root);

beforeAll(() => {
  for (const name of ['guard', 'whyreset']) {
    run('npm', ['pack', '--silent', '--pack-destination', folder], join(root, 'packages', name));
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tarball = (prefix: string) =>
  join(folder, readdirSync(folder).find((name) => name.startsWith(prefix))!);

describe('the packages as they would be published', () => {
  it('pass publint', () => {
    for (const name of ['guard', 'whyreset']) {
      expect(tool('publint/src/cli.js', '--strict', join(root, 'packages', name))).toMatch(/All good/);
    }
  });

  it('pass attw', () => {
    for (const prefix of ['whyreset-guard', 'whyreset-0']) {
      // Throws, and so fails, on any problem.
      expect(tool('@arethetypeswrong/cli/dist/index.js', tarball(prefix), '--profile', 'esm-only')).toMatch(
        /🟢/,
      );
    }
  });

  it('install elsewhere, run and type-check', () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'package.json'), '{"type":"module","private":true}');
    run(
      'npm',
      [
        'install',
        '--no-audit',
        '--no-fund',
        '--prefer-offline',
        tarball('whyreset-guard'),
        tarball('whyreset-0'),
      ],
      elsewhere,
    );
    const bin = join(elsewhere, 'node_modules/.bin/whyreset');
    expect(run(bin, ['--version'], elsewhere)).toMatch(/^\d+\.\d+\.\d+/);
    const capture = join(root, 'test/captures/closed-port.pcap');
    expect(run(bin, ['diagnose', capture, '--fail-on', 'never'], elsewhere)).toContain('no-listener');

    writeFileSync(
      join(elsewhere, 'use.ts'),
      `import { diagnose, explain, type Result } from 'whyreset';
import { timeouts } from '@whyreset/guard/timeouts';
const result: Result = diagnose(new Uint8Array(0));
export const answer: [number, string, unknown] = [result.resets.length, timeouts[0]!.id, explain('I3')];
`,
    );
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', ''];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    expect(run(process.execPath, [tsc, ...options, 'use.ts'], elsewhere)).toBe('');

    writeFileSync(
      join(elsewhere, 'service.ts'),
      `import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { heartbeat } from '@whyreset/guard/heartbeat';
import { type Guarded, serve } from '@whyreset/guard/server';
export const server: Server & Guarded = serve(createServer(), { behind: 'aws-alb', drain: { grace: '25s' } });
export const dead: number = heartbeat(connect(5432), { behind: ['aws-nlb', 'azure-lb'] }).deadAfterMs;
`,
    );
    const withNode = [...options.slice(0, -1), 'node', '--typeRoots', join(root, 'node_modules/@types')];
    expect(run(process.execPath, [tsc, ...withNode, 'service.ts'], elsewhere)).toBe('');
  }, 180_000);

  it('give types to programs that resolve modules as Node 10 did (the default of NestJS)', () => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const report = JSON.parse(
      run(
        process.execPath,
        [
          attw,
          tarball('whyreset-guard'),
          '-f',
          'json',
          '--profile',
          'strict',
          '--ignore-rules',
          'cjs-resolves-to-esm',
          '--exclude-entrypoints',
          './package.json',
        ],
        folder,
      ),
    );
    expect(Object.keys(report.analysis.entrypoints).sort()).toEqual([
      '.',
      './heartbeat',
      './server',
      './timeouts',
    ]);
    for (const { resolutions } of Object.values<{
      resolutions: Record<string, { resolution?: { isTypeScript: boolean } }>;
    }>(report.analysis.entrypoints))
      expect(resolutions.node10?.resolution?.isTypeScript).toBe(true);
  }, 60_000);

  it('hold what their documents link to, and say where they come from', () => {
    for (const [name, prefix] of [
      ['guard', 'whyreset-guard'],
      ['whyreset', 'whyreset-0'],
    ] as const) {
      const files = run('tar', ['-tzf', tarball(prefix)], folder).split('\n');
      for (const document of files.filter((file) => file.endsWith('.md'))) {
        const text = readFileSync(join(root, 'packages', name, document.replace(/^package\//, '')), 'utf8');
        for (const [, link] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g))
          expect(files, `${document} links to ${link}`).toContain(
            posix.normalize(posix.join(posix.dirname(document), link!)),
          );
      }
      const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
      for (const field of ['repository', 'homepage', 'bugs', 'keywords'])
        expect(manifest[field], field).toBeDefined();
    }
  });

  it('are ready to be released: versions agree, and the changelogs say what changed', () => {
    const printed = run(
      process.execPath,
      [join(root, 'node_modules/tsx/dist/cli.mjs'), 'scripts/release.ts'],
      root,
    );
    expect(printed).toMatch(/# guard \d[\s\S]*# whyreset \d[\s\S]*\.tgz: \d+ files/);
  });

  it('list only doors that open', async () => {
    const doors = await Promise.all([
      import(join(root, 'packages/whyreset/dist/index.js')),
      import(join(root, 'packages/guard/dist/index.js')),
      import(join(root, 'packages/guard/dist/known-timeouts.js')),
      import(join(root, 'packages/guard/dist/server/index.js')),
    ]);
    expect(Object.keys(doors[0])).toEqual(
      expect.arrayContaining(['diagnose', 'explain', 'NotACaptureError']),
    );
    expect(Object.keys(doors[1])).toEqual(
      expect.arrayContaining(['GuardedAgent', 'heartbeat', 'reconnect', 'timeouts', 'matchTimeouts']),
    );
    expect(Object.keys(doors[2])).toEqual(['matchTimeouts', 'timeouts']);
    expect(Object.keys(doors[3])).toEqual(['frontEndNames', 'serve']);
  });
});
