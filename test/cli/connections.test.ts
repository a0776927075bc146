import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, whyreset } from '../helpers/cli.ts';

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
  it.each(readdirSync(captures).filter((name) => /\.pcap(ng)?$/.test(name)))('%s', (name) => {
    const { stdout, code } = whyreset(['connections', join(captures, name), '--format', 'ndjson']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
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
});
