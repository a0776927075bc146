import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExecutable } from '../../scripts/build-executable.ts';
import { root } from '../helpers/cli.ts';

describe('the single executable', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whyreset-executable-'));
  let executable: string;
  beforeAll(async () => {
    executable = await buildExecutable(folder);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('diagnoses where there is no Node, and carries the page', () => {
    const report = join(folder, 'report.html');
    const capture = join(root, 'test/captures/closed-port.pcap');
    const { status, stderr } = spawnSync(executable, ['diagnose', capture, '-o', report], {
      cwd: folder,
      env: { PATH: '' },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(readFileSync(report, 'utf8')).toContain('whyreset-head');
  });
});
