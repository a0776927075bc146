import { type Duration, milliseconds } from './duration.ts';
import { type KnownTimeout, timeouts } from './timeouts.ts';
import { UsageError } from './usage-error.ts';

/**
 * What stands between a client and a server.
 * A `pool` is a program that opens connections to the server and keeps them for reuse: the server has to keep
 * them longer than it does. A `flow` is a box that forgets a silent connection: one of the ends has to close
 * it, or to speak, before that.
 */
export type FrontEndKind = 'pool' | 'flow';

interface FrontEndRow {
  kind: FrontEndKind;
  /** Row of the known timeouts that states the idle limit. */
  row: string;
  /** The limit is so many times the row; 1 unless a comment says why. */
  times?: number;
}

/** Names by which `behind` knows the boxes of the known-timeouts table. */
const FRONT_ENDS = {
  'aws-alb': { kind: 'pool', row: 'aws-alb-idle' },
  'aws-clb': { kind: 'pool', row: 'aws-clb-idle' },
  'aws-cloudfront': { kind: 'pool', row: 'aws-cloudfront-origin-keepalive' },
  'aws-nlb': { kind: 'flow', row: 'aws-nlb-tcp' },
  'aws-nlb-tls': { kind: 'flow', row: 'aws-nlb-tls' },
  'aws-gwlb': { kind: 'flow', row: 'aws-gwlb-tcp' },
  'aws-natgw': { kind: 'flow', row: 'aws-natgw' },
  'aws-network-firewall': { kind: 'flow', row: 'aws-network-firewall' },
  'aws-security-group': { kind: 'flow', row: 'aws-ec2-sg-tcp-nitro6' },
  'azure-lb': { kind: 'flow', row: 'azure-lb' },
  'azure-natgw': { kind: 'flow', row: 'azure-natgw' },
  'gcp-alb': { kind: 'pool', row: 'gcp-alb-backend' },
  'gcp-vpc': { kind: 'flow', row: 'gcp-vpc-conntrack' },
  'gcp-cloudnat': { kind: 'flow', row: 'gcp-cloudnat-established' },
  'oci-lb': { kind: 'pool', row: 'oci-lb-backend' },
  cloudflare: { kind: 'pool', row: 'cloudflare-origin-idle' },
  heroku: { kind: 'pool', row: 'heroku-router-dyno' },
  fly: { kind: 'pool', row: 'fly-proxy-idle' },
  nginx: { kind: 'pool', row: 'nginx-upstream-keepalive' },
  'nginx-stream': { kind: 'flow', row: 'nginx-stream-idle' },
  // Every round throws away half of the idle connections: after twelve rounds, one of 4,096 is left.
  haproxy: { kind: 'pool', row: 'haproxy-pool-purge', times: 12 },
  envoy: { kind: 'pool', row: 'envoy-http-idle-up' },
  'envoy-tcp': { kind: 'flow', row: 'envoy-tcp-idle' },
  ipvs: { kind: 'flow', row: 'ipvs-tcp' },
  'cisco-asa': { kind: 'flow', row: 'asa-conn' },
  'palo-alto': { kind: 'flow', row: 'panos-tcp' },
  'go-client': { kind: 'pool', row: 'go-client' },
  reqwest: { kind: 'pool', row: 'reqwest' },
  okhttp: { kind: 'pool', row: 'okhttp' },
  'jdk-client': { kind: 'pool', row: 'jdk-httpclient' },
  'dotnet-client': { kind: 'pool', row: 'dotnet-client' },
  'apache-httpclient': { kind: 'pool', row: 'apache-httpclient5' },
  curl: { kind: 'pool', row: 'curl-idle' },
} as const satisfies Record<string, FrontEndRow>;

/** A box of the known-timeouts table, by name. */
export type FrontEndName = keyof typeof FRONT_ENDS;

/** All names that `behind` takes. */
export const frontEndNames = Object.keys(FRONT_ENDS) as FrontEndName[];

/**
 * A name, for the box as it comes; or a box that was configured: by name with its own idle limit, or, where
 * the table does not know it, with its kind and limit.
 */
export type Behind =
  | FrontEndName
  | { frontEnd: FrontEndName; idle: Duration }
  | { kind: FrontEndKind; idle: Duration; name?: string };

/** A box on the path, with the limit that counts. */
export interface FrontEnd {
  name: string;
  kind: FrontEndKind;
  /** Idle limit, milliseconds. */
  idleMs: number;
  /** The row that states it; null where the caller did. */
  timeout: KnownTimeout | null;
}

/**
 * The boxes that `behind` names, with their limits.
 *
 * @throws UsageError for a name that is not in the table; the sentence lists those that are.
 */
export function frontEnds(behind: Behind | readonly Behind[] | undefined): FrontEnd[] {
  if (behind === undefined) return [];
  return (Array.isArray(behind) ? behind : [behind]).map(frontEnd);
}

function frontEnd(behind: Behind): FrontEnd {
  if (typeof behind === 'string') return known(behind, null);
  if ('frontEnd' in behind) return known(behind.frontEnd, milliseconds(behind.idle, 'behind.idle'));
  if (behind.kind !== 'pool' && behind.kind !== 'flow')
    throw new UsageError(`behind.kind is ${JSON.stringify(behind.kind)}: give 'pool' or 'flow'`);
  return {
    name: behind.name ?? `a ${behind.kind} of ${behind.idle}`,
    kind: behind.kind,
    idleMs: milliseconds(behind.idle, 'behind.idle'),
    timeout: null,
  };
}

function known(name: FrontEndName, idleMs: number | null): FrontEnd {
  if (!Object.hasOwn(FRONT_ENDS, name))
    throw new UsageError(
      `behind names ${JSON.stringify(name)}, which is not known: give one of ${frontEndNames.join(', ')}, or { kind: 'pool' | 'flow', idle: '60s' }`,
    );
  const { kind, row, times = 1 }: FrontEndRow = FRONT_ENDS[name];
  if (idleMs !== null) return { name, kind, idleMs, timeout: null };
  const timeout = timeouts.find(({ id }) => id === row);
  if (timeout?.defaultSeconds == null) throw new Error(`bug: the table has no default for ${row}`);
  return { name, kind, idleMs: timeout.defaultSeconds * times * 1000, timeout };
}
