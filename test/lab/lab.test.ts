import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import { rights } from '../../packages/whyreset/src/lab/machine.ts';
import { scenarios } from '../../packages/whyreset/src/lab/scenarios/index.ts';
import { installed } from '../../packages/whyreset/src/lab/tool.ts';
import { root } from '../helpers/cli.ts';

const command = join(root, 'packages/whyreset/bin/whyreset.js');

function lab(args: string[], env: NodeJS.ProcessEnv = {}) {
  const ran = spawnSync(process.execPath, [command, 'lab', ...args], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '100', NO_COLOR: '1', ...env },
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

const allowed = rights();
const missing = ['ip', 'nft'].filter((name) => !installed(name));
const why = !allowed.namespaces
  ? allowed.why
  : missing.length > 0
    ? `${missing.join(' and ')} not installed`
    : null;
if (why !== null) console.log(`The lab is not performed: ${why}`);

describe('whyreset lab', () => {
  it('lists every scenario with what it needs', () => {
    const { code, out } = lab([]);
    expect(code).toBe(0);
    for (const { id } of scenarios) expect(out).toContain(id);
    expect(out).toContain('needs nothing');
    expect(out).toContain('needs user namespace or root');
  });

  it('says what is wrong with a name it does not know', () => {
    expect(lab(['no-such-thing'])).toMatchObject({
      code: 2,
      err: expect.stringContaining("no scenario 'no-such-thing'; whyreset lab lists them."),
    });
    expect(lab(['keep-alive-race'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/'keep-alive-race'\. Did you mean keepalive-race-crossing, .*unread\?/),
    });
  });

  describe('without any rights', () => {
    const bare = { PATH: '/nonexistent' };
    it('performs on loopback what needs nothing, and explains the error', () => {
      const { code, out, err } = lab(['rst-unread'], bare);
      expect(err).toContain('unshare');
      expect(out).toContain('The client sees: recv: ECONNRESET');
      expect(code).toBe(0);
    });
    it('refuses what needs namespaces, in one sentence', () => {
      expect(lab(['nat-idle-rst'], bare)).toMatchObject({
        code: 2,
        err: expect.stringMatching(/^whyreset: 'nat-idle-rst' needs network namespaces, .*\n$/),
      });
    });
  });
});

describe.skipIf(why !== null)('the closed loop', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'whyreset-test-lab-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  // A few of each kind; `npm run accuracy -- --check` performs all.
  it.each([
    'refused',
    'rst-unread',
    'rst-abortive',
    'write-after-close',
    'crash-idle',
    'keepalive-race-crossing',
    'keepalive-race-unread',
    'fw-reject-live',
    'host-reborn',
    'idle-rst-at-expiry',
    'mptcp-subflow',
    'own-firewall',
    'reset-by-other-interface',
    'bridge-loop',
    'kill-unread',
    'lingering-close',
  ])('%s is made, and named again', (id) => {
    const { code, out } = lab([id, '--check', '--record', directory]);
    expect(out.trimEnd().split('\n').slice(-1)[0]).not.toContain('WRONG');
    expect(code, out).toBe(0);
  });

  it('tells a run step by step, with the client’s words, the ladder and the diagnosis', () => {
    const { code, out } = lab(['keepalive-race-unread']);
    expect(code).toBe(0);
    expect(out).toContain('server: closes');
    expect(out).toContain('The client sees: recv: ECONNRESET');
    expect(out).toContain('Keep-alive race');
    expect(out).toMatch(/RST,ACK/);
  });

  it('keeps captures, counters, errors and the truth of a run', () => {
    expect(lab(['rst-unread', '--record', directory]).code).toBe(0);
    const own = join(directory, 'rst-unread');
    expect(readdirSync(own)).toEqual(
      expect.arrayContaining([
        'client.pcapng',
        'server.pcapng',
        'error.txt',
        'truth.json',
        'server-counters-before.txt',
        'server-counters-after.txt',
      ]),
    );
    const truth = JSON.parse(readFileSync(join(own, 'truth.json'), 'utf8'));
    expect(truth.observed.faults).toEqual([]);
    const { resets } = diagnose(readFileSync(join(own, 'client.pcapng')));
    const [entry] = resets;
    const named = [entry!.verdict.cause, ...entry!.alternatives.map(({ cause }) => cause)];
    expect(named).toContain('unread-data-at-close');
  });

  it('records on the router where a scenario asks for it: all interfaces in one capture', () => {
    lab(['nat-idle-any', '--record', directory]);
    const capture = readFileSync(join(directory, 'nat-idle-any', 'router.pcapng'));
    // Link type 276 (LINUX_SLL2) in the interface description block, which follows the section header.
    expect(capture.readUInt16LE(capture.readUInt32LE(4) + 8)).toBe(276);
    const ends = readFileSync(join(directory, 'nat-idle-any', 'client.pcapng'));
    expect(diagnose(capture).inputs[0]!.tcpPackets).toBeGreaterThan(
      1.5 * diagnose(ends).inputs[0]!.tcpPackets,
    );
  });

  it('leaves nothing behind when it is killed, and the next run clears what the kernel could not', async () => {
    const child = spawn(process.execPath, [command, 'lab', 'nat-idle-rst'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise<void>((resolve) => {
      let heard = '';
      child.stdout!.on('data', (chunk) => {
        heard += chunk;
        if (heard.includes('connects')) resolve();
      });
    });
    const mine = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`whyreset-lab-${child.pid}-`));
    expect(mine()).toHaveLength(1);
    const inside = () =>
      spawnSync('pgrep', ['-f', `^unshare .* lab nat-idle-rst$`], { encoding: 'utf8' }).stdout;
    expect(inside()).not.toBe('');
    child.kill('SIGKILL');
    await expect.poll(inside, { timeout: 10_000 }).toBe('');
    expect(lab(['rst-unread']).code).toBe(0);
    expect(mine()).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'works for a user without rights of his own, where the kernel allows user namespaces',
    () => {
      const ran = spawnSync(
        'setpriv',
        [
          '--reuid=65534',
          '--regid=65534',
          '--clear-groups',
          process.execPath,
          command,
          'lab',
          'rst-unread',
          '--check',
        ],
        {
          encoding: 'utf8',
          env: { ...process.env, HOME: '/nonexistent' },
        },
      );
      if (/allows no network namespaces/.test(ran.stderr))
        return console.log(`not tried as a plain user: ${ran.stderr.trim()}`);
      expect(ran.stdout).toMatch(/rst-unread +right +right +right/);
      expect(ran.status).toBe(0);
    },
  );
});
