import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connectionsCommand } from '../../packages/whyreset/src/cli/commands/connections.ts';
import { root, whyreset } from '../helpers/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'whyreset-connections-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const captures = join(root, 'test/captures');
const KEYS = [
  'ts',
  'originator',
  'responder',
  'state',
  'history',
  'originatorPackets',
  'responderPackets',
  'originatorBytes',
  'responderBytes',
  'resets',
];
const STATES = ['S0', 'S1', 'SF', 'REJ', 'S2', 'S3', 'RSTO', 'RSTR', 'RSTOS0', 'RSTRH', 'SH', 'SHR', 'OTH'];

describe('connections --format ndjson', () => {
  it.each(readdirSync(captures).filter((name) => /\.pcap(ng)?$/.test(name)))('%s', async (name) => {
    const output = join(folder, 'connections.ndjson');
    expect(await connectionsCommand([join(captures, name)], { format: 'ndjson', output })).toBe(0);
    const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const connection = JSON.parse(line);
      expect(Object.keys(connection)).toEqual(KEYS);
      expect(STATES).toContain(connection.state);
      expect(connection.history).toMatch(/^\^?[a-zA-Z]*$/);
      for (const end of [connection.originator, connection.responder])
        expect(end).toMatch(/^(\[[0-9a-f:.]+\]|[\d.]+):\d+$/);
    }
  });

  it('prints the same of several files, as an array and as a table', () => {
    const files = ['closed-port.pcap', 'healthy.pcapng'].map((name) => join(captures, name));
    const json = whyreset(['connections', ...files, '--format', 'json']);
    expect(JSON.parse(json.stdout)).toHaveLength(3);
    const markdown = whyreset(['connections', ...files, '--format', 'markdown']);
    expect(markdown.stdout.trimEnd().split('\n')).toHaveLength(5);
  });
});
