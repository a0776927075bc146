import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { cli, whyreset } from '../helpers/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'whyreset-explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ended = (second: number, path = '/a') =>
  `2026/12/01 10:00:0${second} [error] 7#7: *3 upstream prematurely closed connection while reading response header from upstream, client: 10.0.0.1, request: "GET ${path} HTTP/1.1", upstream: "http://10.0.0.9:8080${path}"\n`;
const refused =
  '2026/12/01 10:00:09 [error] 7#7: *5 connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://10.0.0.9:8080/b"\n';

describe('explain --follow', () => {
  it('prints each ending as it comes, also after the log was rotated, and the whole at Ctrl-C', async () => {
    const log = join(folder, 'error.log');
    writeFileSync(log, ended(1));
    const child = spawn(process.execPath, [cli, 'explain', log, '--follow'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    const shows = (words: string) => expect.poll(() => out, { timeout: 10_000 }).toContain(words);
    await shows('10:00:01 closed without an answer');
    appendFileSync(log, ended(2));
    await shows('10:00:02 closed without an answer');
    renameSync(log, `${log}.1`);
    writeFileSync(log, refused);
    await shows('10:00:09 connection refused');
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(out).toContain('of 3 endings');
  });
});

describe('explain with files', () => {
  it('counts what several files and packed ones hold as one story', () => {
    writeFileSync(join(folder, 'one.log'), ended(1));
    writeFileSync(join(folder, 'two.log.gz'), gzipSync(ended(2) + refused));
    const { code, stdout } = whyreset(['explain', join(folder, '{one,two}.log*'), '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).groups.map(({ count }: { count: number }) => count)).toEqual([2, 1]);
  });
});

describe('answers as options', () => {
  it('move the list', () => {
    const leading = (...options: string[]) =>
      JSON.parse(whyreset(['explain', 'Error: read ECONNRESET', '--format', 'json', ...options]).stdout)
        .families[0].cause;
    expect(leading('--idle', 'yes', '--path', 'firewall')).toBe('I4');
    expect(leading('--reused', 'reused')).toBe('I2');
  });

  it('are named where one is not known', () => {
    const { code, stderr } = whyreset(['explain', 'Error: read ECONNRESET', '--idle', 'perhaps']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/yes.*no/s) });
  });
});

describe('a text without an ending', () => {
  it('is said to be one', () => {
    const { code, stderr } = whyreset(['explain', 'all is well']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('not recognised') });
  });
});
