import { describe, expect, it } from 'vitest';
import { matchTimeouts } from './match-timeouts.ts';

const ids = (...args: Parameters<typeof matchTimeouts>) =>
  matchTimeouts(...args).map(({ timeout }) => timeout.id);

describe('matchTimeouts', () => {
  it('puts the closest first', () => {
    const offsets = matchTimeouts(74.6).map(({ offBy }) => Math.abs(offBy));
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    expect(ids(74.6, { what: 'server-keepalive' })).toEqual(['nginx-keepalive']);
  });

  it('tolerates one second of a short timeout and two percent of a long one', () => {
    expect(ids(6, { side: 'server' })).toContain('node-server-keepalive');
    expect(ids(6.01, { side: 'server' })).not.toContain('node-server-keepalive');
    expect(ids(3672, { side: 'path' })).toContain('envoy-tcp-idle');
    expect(ids(3673, { side: 'path' })).not.toContain('envoy-tcp-idle');
    expect(ids(3527, { side: 'path' })).not.toContain('envoy-tcp-idle');
  });

  it('takes a tolerance of its own, down to none', () => {
    expect(ids(75.5, { what: 'server-keepalive', tolerance: 0 })).toEqual([]);
    expect(ids(75, { what: 'server-keepalive', tolerance: 0 })).toEqual(['nginx-keepalive']);
  });

  it('has no upper bound where only the next packet shows the expiry, and says that this is the weaker rule', () => {
    const natGateway = matchTimeouts(1000, { what: 'nat-idle' }).find(
      ({ timeout }) => timeout.id === 'aws-natgw',
    );
    expect(natGateway).toMatchObject({ rule: 'after-expiry', offBy: 650 });
    expect(ids(340, { what: 'nat-idle' })).not.toContain('aws-natgw');
    expect(matchTimeouts(350, { what: 'nat-idle' })[0]).toMatchObject({ rule: 'at-expiry', offBy: 0 });
  });

  it('chooses among several kinds and sides', () => {
    const matched = matchTimeouts(60, { what: ['lb-idle', 'client-keepalive'], side: ['path', 'client'] });
    expect(matched.map(({ timeout }) => timeout.id)).toEqual(
      expect.arrayContaining(['aws-alb-idle', 'dotnet-client']),
    );
    expect(matched.every(({ timeout }) => ['lb-idle', 'client-keepalive'].includes(timeout.what))).toBe(true);
  });

  it('never takes a count of requests for a time, nor "off" for zero seconds', () => {
    expect(ids(1000, { what: 'max-requests' })).toEqual([]);
    expect(ids(0, { what: 'max-age' })).toEqual([]);
    expect(ids(0.2, { what: 'db-session' })).toEqual([]);
  });

  it('matches nothing to a gap that is none', () => {
    expect(matchTimeouts(Number.NaN)).toEqual([]);
    expect(matchTimeouts(-5)).toEqual([]);
  });
});
