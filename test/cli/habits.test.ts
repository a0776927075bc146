import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { completionScript } from '../../packages/whyreset/src/cli/commands/completion.ts';
import { manualPage } from '../../packages/whyreset/src/cli/manual-page.ts';
import { createProgram } from '../../packages/whyreset/src/cli/program.ts';
import { cli, root, whyreset } from '../helpers/cli.ts';

const capture = join(root, 'test/captures/closed-port.pcap');
const folder = mkdtempSync(join(tmpdir(), 'whyreset-habits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an interrupt', () => {
  it('ends the recording on standard input, and what was recorded is diagnosed', async () => {
    const child = spawn(process.execPath, [cli, 'diagnose', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stdin.on('error', () => {});
    // More than one pipe's worth, so that it is known to be reading when the write is done.
    const packets = readFileSync(capture);
    const more = Array.from({ length: 2000 }, () => packets.subarray(24));
    await new Promise((done) => child.stdin.write(Buffer.concat([packets, ...more]), done));
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(out).toContain('10.77.2.2:8080');
  });
});

describe('an output that cannot be written', () => {
  it('is one sentence and exit code 2, and never the input', () => {
    const nowhere = whyreset(['diagnose', capture, '-o', join(folder, 'no/where.html')]);
    expect(nowhere).toMatchObject({ code: 2, stdout: '' });
    expect(nowhere.stderr).toMatch(
      /^whyreset: .*where\.html cannot be written: its folder does not exist\.\n$/,
    );
    const own = join(folder, 'own.pcap');
    copyFileSync(capture, own);
    const { code, stderr } = whyreset(['diagnose', own, '-o', own]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('would overwrite') });
    expect(readFileSync(own).equals(readFileSync(capture))).toBe(true);
  });
});

describe('a filter', () => {
  it.each([
    ['--port', '9'],
    ['--connection', '10.0.0.1:1>10.0.0.2:2'],
  ])('%s that matches nothing is said, exit code 2', (option, value) => {
    const { code, stderr } = whyreset(['diagnose', capture, option, value]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^whyreset: No connection in .*closed-port\.pcap .*whyreset connections/);
  });
});

describe('the wrong command', () => {
  it('names the right one for a log', () => {
    const { code, stderr } = whyreset(['diagnose', '-'], { input: 'Error: read ECONNRESET\n    at TCP\n' });
    expect(code).toBe(2);
    expect(stderr).toContain('whyreset explain -');
  });

  it('says what there is when none is given', () => {
    const { code, stdout } = whyreset([]);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
    expect(stdout.match(/whyreset (diagnose|explain)/g)!.length).toBeGreaterThanOrEqual(3);
  });
});

describe('what is made from the definitions of the commands', () => {
  const names = createProgram(() => {}).commands.map((command) => command.name());

  it.each(['bash', 'zsh', 'fish'] as const)('%s completes every command and option', (shell) => {
    const script = completionScript(shell);
    for (const command of createProgram(() => {}).commands) {
      expect(script).toContain(command.name());
      for (const { long } of command.options) expect(script).toContain(long!.replace(/^--/, ''));
    }
  });

  it('the manual page has every command', () => {
    const page = manualPage().replaceAll('\\-', '-');
    for (const name of names) expect(page).toContain(`.B whyreset ${name}`);
  });
});

describe('timeouts', () => {
  it('near a duration, of a product, and none', () => {
    expect(whyreset(['timeouts', '350']).stdout).toMatch(/^ *350 s {2}AWS Network Load Balancer/);
    expect(whyreset(['timeouts', 'nginx']).stdout).toMatch(/75 s {2}nginx · idle, server/);
    expect(whyreset(['timeouts', 'no-such-product'])).toMatchObject({ code: 1, stdout: '' });
  });
});
