import { describe, expect, it } from 'vitest';
import { type Behind, frontEndNames, frontEnds } from '../front-ends.ts';
import { type HttpTimeouts, planTimeouts } from './timeout-plan.ts';

const NODE: HttpTimeouts = {
  keepAliveTimeout: 5000,
  headersTimeout: 60_000,
  requestTimeout: 300_000,
  maxRequestsPerSocket: 0,
};
const plan = (behind: Behind | Behind[], has: Partial<HttpTimeouts> = {}, keepAlive: number | null = null) =>
  planTimeouts({ ...NODE, ...has }, frontEnds(behind), keepAlive);
const codes = (...args: Parameters<typeof plan>) => plan(...args).notices.map(({ code }) => code);

describe('planTimeouts', () => {
  it.each([
    ['aws-alb', 65],
    ['nginx', 65],
    ['fly', 65],
    ['heroku', 95],
    ['oci-lb', 310],
    ['gcp-alb', 620],
    ['cloudflare', 930],
    ['envoy', 3720],
    ['aws-cloudfront', 10],
  ] as const)('outlasts the pool of %s, with the figure that its vendor gives', (name, seconds) => {
    expect(plan(name)).toMatchObject({ keepAliveTimeout: seconds * 1000, notices: [] });
  });

  it('puts the timeouts of every front end in order, without a complaint', () => {
    for (const name of frontEndNames) {
      const [box] = frontEnds(name);
      const { keepAliveTimeout, headersTimeout, requestTimeout, notices } = plan(name);
      if (box!.kind === 'pool') {
        expect(keepAliveTimeout, name).toBeGreaterThanOrEqual(box!.idleMs + 5000);
        expect(headersTimeout, name).toBeGreaterThan(keepAliveTimeout);
      } else {
        expect(keepAliveTimeout, name).toBeLessThan(box!.idleMs);
        expect(plan(name).tcpKeepAliveMs, name).toBeLessThan(box!.idleMs / 2);
      }
      expect(requestTimeout, name).toBeGreaterThanOrEqual(headersTimeout);
      expect(notices, name).toEqual([]);
    }
  });

  it('outlasts the longest of several pools', () => {
    expect(plan(['aws-alb', 'gcp-alb', 'aws-cloudfront']).keepAliveTimeout).toBe(620_000);
  });

  it('lets a pool win over a flow table that forgets sooner, and says what holds the connection', () => {
    const { keepAliveTimeout, tcpKeepAliveMs, notices } = plan(['gcp-alb', 'azure-lb']);
    expect({ keepAliveTimeout, tcpKeepAliveMs }).toEqual({
      keepAliveTimeout: 620_000,
      tcpKeepAliveMs: 108_000,
    });
    expect(notices).toMatchObject([
      { code: 'flow-outlived', message: expect.stringMatching(/azure-lb.*4 min/) },
    ]);
  });

  it('keeps a value that somebody chose, and tells when it is wrong', () => {
    const { keepAliveTimeout, notices } = plan('aws-alb', { keepAliveTimeout: 30_000 });
    expect(keepAliveTimeout).toBe(30_000);
    expect(notices).toMatchObject([
      { code: 'keep-alive-too-short', message: expect.stringMatching(/30 s.*aws-alb.*60 s.*65 s/) },
    ]);
    expect(plan('aws-alb', { keepAliveTimeout: 70_000 })).toMatchObject({
      keepAliveTimeout: 70_000,
      notices: [],
    });
    expect(codes('azure-lb', {}, 300_000)).toEqual(['keep-alive-too-long']);
  });

  it("takes Fastify's 72 s for the default that they are", () => {
    expect(plan('gcp-alb', { keepAliveTimeout: 72_000 }).keepAliveTimeout).toBe(620_000);
  });

  it('warns of a hint of zero, of swapped header and request timeouts, of a limit on requests', () => {
    expect(codes([], { keepAliveTimeout: 300 })).toEqual(['keep-alive-hint-zero']);
    expect(codes([], { keepAliveTimeout: 0 })).toEqual([]);
    expect(codes([], { headersTimeout: 61_000, requestTimeout: 30_000 })).toEqual(['headers-timeout']);
    expect(codes('aws-alb', { headersTimeout: 20_000 })).toEqual(['headers-timeout']);
    expect(codes([], { maxRequestsPerSocket: 100 })).toEqual(['max-requests']);
  });

  it('leaves a server alone about whose surroundings nothing is said', () => {
    expect(plan([])).toEqual({ ...NODE, tcpKeepAliveMs: null, notices: [] });
  });
});
