import type { Connection, Side } from '../../connection/connection.ts';
import { endpoint, isReset, isSyn } from '../packets.ts';

/** What a family of stacks writes into the RSTs that its sockets send. */
export interface StackProfile {
  id: 'linux' | 'bsd' | 'windows' | 'high-ttl';
  name: string;
  /** TTL that it sends with by default, before any router. */
  initialTtl: 64 | 128 | 255;
  /** Window of its SYN or SYN-ACK, where that tells it from others with the same TTL; null when anything goes. */
  synWindow: number | null;
  /** A RST+ACK of an open connection: whether the timestamp option and the window stay. `either` where versions differ or no source tells. */
  timestamps: 'kept' | 'either';
  window: 'kept' | 'either';
  source: string;
}

/** How stacks build the RST of a socket; what answers without a socket is a bare RST with window 0 in all but lwIP. */
export const STACKS: readonly StackProfile[] = [
  {
    id: 'linux',
    name: 'Linux',
    initialTtl: 64,
    synWindow: null,
    timestamps: 'kept',
    window: 'kept',
    source: 'Linux net/ipv4/tcp_output.c tcp_send_active_reset, tcp_established_options',
  },
  {
    id: 'bsd',
    name: 'macOS or a BSD',
    initialTtl: 64,
    // net.inet.tcp.recvspace of 64 KiB and above, cut to the 16 bits of a SYN (tcp_output.c, tcp_syncache.c).
    synWindow: 65_535,
    // xnu, NetBSD, OpenBSD: "(flags & TH_RST) == 0" guards the option; FreeBSD since 9 keeps it.
    timestamps: 'either',
    window: 'either',
    source: 'xnu bsd/netinet/tcp_output.c, tcp_subr.c tcp_respond; FreeBSD sys/netinet/tcp_output.c',
  },
  {
    id: 'windows',
    name: 'Windows',
    initialTtl: 128,
    synWindow: null,
    timestamps: 'either',
    window: 'either',
    source: 'p0f 2 p0fr.fp (RST+ signatures with TTL 128); no source to read',
  },
  {
    id: 'high-ttl',
    name: 'a balancer, router or embedded stack',
    initialTtl: 255,
    synWindow: null,
    timestamps: 'either',
    window: 'either',
    // lwIP answers with RST+ACK and window TCP_WND even without a socket.
    source: 'lwIP src/core/tcp_out.c tcp_rst, TCP_TTL 255; p0f 2 p0fr.fp (TTL 255)',
  },
];

const initialOf = (ttl: number) => (ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255);

/** The stacks that a side's packets other than RSTs allow; by its RSTs where it sent nothing else. */
export function stacksOf(connection: Connection, side: Side): StackProfile[] {
  const seen = connection.timeline.filter((p) => p.from === side);
  const opened = seen.find((p) => isSyn(p) && !isReset(p));
  const ttl = endpoint(connection, side).ttlMax || (seen[0]?.ttl ?? 0);
  const synWindowSeen = opened === undefined ? -1 : opened.window;
  if (ttl === 0) return [...STACKS];
  return STACKS.filter(({ initialTtl, synWindow }) => {
    if (initialOf(ttl) !== initialTtl) return false;
    // Seen from the middle on, nothing tells the stacks with the same TTL apart.
    return synWindow === null || synWindowSeen < 0 || synWindowSeen === synWindow;
  });
}

/** Every stack that the side may be keeps the timestamp option on the RST of a socket. */
export function keepsTimestamps(connection: Connection, side: Side): boolean {
  const stacks = stacksOf(connection, side);
  return stacks.length > 0 && stacks.every(({ timestamps }) => timestamps === 'kept');
}

/** Every stack that the side may be keeps its window on the RST of a socket. */
export function keepsWindow(connection: Connection, side: Side): boolean {
  const stacks = stacksOf(connection, side);
  return stacks.length > 0 && stacks.every(({ window }) => window === 'kept');
}
