import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generateTimeouts } from '../../../scripts/generate-timeouts.ts';
import { type KnownTimeout, timeouts } from './timeouts.ts';

const byId = (id: string): KnownTimeout => {
  const found = timeouts.find((timeout) => timeout.id === id);
  if (!found) throw new Error(`no timeout ${id}`);
  return found;
};

describe('timeouts', () => {
  it('are what the table says', () => {
    for (const [path, content] of generateTimeouts()) {
      expect(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')).toBe(content);
    }
  });

  it('name each limit once, with a source and the day it was read', () => {
    expect(new Set(timeouts.map(({ id }) => id)).size).toBe(timeouts.length);
    for (const { id, source, date, product } of timeouts) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(product).not.toBe('');
      expect(source).not.toBe('');
      expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });

  it('have a default within the range that can be set', () => {
    for (const { id, defaultSeconds, min, max } of timeouts) {
      if (defaultSeconds === null) continue;
      expect(defaultSeconds, id).toBeGreaterThanOrEqual(min ?? 0);
      expect(defaultSeconds, id).toBeLessThanOrEqual(max ?? Number.POSITIVE_INFINITY);
    }
  });

  it('count requests where the limit is a number of requests, and seconds everywhere else', () => {
    expect(byId('nginx-max-requests')).toMatchObject({
      what: 'max-requests',
      unit: 'requests',
      defaultSeconds: 1000,
    });
    for (const { id, what, unit } of timeouts) {
      expect(unit, id).toBe(what === 'max-requests' ? 'requests' : 'seconds');
    }
  });

  it('hold the numbers that the products document', () => {
    expect(byId('aws-nlb-tcp')).toMatchObject({
      defaultSeconds: 350,
      min: 60,
      max: 6000,
      side: 'path',
      atExpiry: 'rst-on-next-packet',
      date: '2026-11-20',
    });
    expect(byId('node-server-keepalive')).toMatchObject({ defaultSeconds: 5, atExpiry: 'fin', min: null });
    expect(byId('haproxy-http-keepalive').defaultSeconds).toBeNull();
  });
});
