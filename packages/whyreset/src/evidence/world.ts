import type { LaterAttempts } from '../connection/hosts/attempt-log.ts';
import type { Directions, SpokenOnPort } from '../connection/hosts/hosts.ts';
import type { HostView } from '../host/view.ts';
import type { Pair } from '../vantage/pair.ts';
import type { Watch } from '../vantage/watch.ts';

/** What was seen of one address in all its connections. */
export interface AddressProfile {
  /** TTLs of its packets other than RSTs, 0 when none were seen. */
  ttlMin: number;
  ttlMax: number;
  /** Smallest round trip between the vantage and it, seconds; -1 unknown. */
  minRtt: number;
}

/** What was seen of one server endpoint (address and port) in all its connections. */
export interface ResponderProfile {
  connections: number;
  established: number;
  /** SYNs answered by a RST. */
  refused: number;
  /** Attempts that met silence: SYNs, and never a packet from the server. */
  unanswered: number;
  /** SYN-ACKs that the client never answered. */
  halfOpen: number;
  /** Connections in which the server accepted what the client began with, by protocol. */
  spoken: SpokenOnPort;
  firstRefused: number;
  lastRefused: number;
  lastEstablished: number;
  /** Smallest SYN → SYN-ACK time, seconds; -1 unknown. */
  minHandshakeRtt: number;
}

/** How the same trouble shows in the connections beside this one. */
export interface Neighbours {
  /** Connections to the same server that were open together with this one and ended within half a second of it, this one included. */
  sameInstant: number;
  /** Of these, those that also began within half a second of this one: one event at either end, no timer. */
  sameStart: number;
  /** Troubled connections to the same server whose silence before the end equals this one's, this one included. */
  sameSilence: number;
  /** Troubled connections to the same server that ended after a silence, of whatever length. */
  silent: number;
  /**
   * Troubled connections that the same server ended at the same age of their last request, this one included, and
   * whose requests began at different times, as a time limit needs; 0 when it did not end this one.
   */
  sameAge: number;
  /**
   * Troubled connections that the same server ended at the same age of the connection, this one included, and that
   * began at different times; 0 when it did not end this one, or its beginning was not seen.
   */
  sameLife: number;
  /** Troubled connections that the same server ended after as many answers as this one, this one included. */
  sameServed: number;
  /** Troubled connections to the same server in all. */
  troubled: number;
  /** Of these, those that the server ended while a request had no answer, by a FIN or a RST. */
  unanswered: number;
  /** Connections that the same server ended right after it had accepted them, before their client sent a byte. */
  endedAtAccept: number;
  /** Attempts of this client at this server that were not accepted, this one included: retries of one attempt. */
  attempts: number;
  /** What this client tried in vain: attempts, different addresses and ports, seconds from the first to the last. */
  tried: { attempts: number; addresses: number; ports: number; span: number };
  /** Handshake-only connections from the same client to the same server, and their median spacing in seconds. */
  probes: number;
  probeSpacing: number;
  /** Handshake-only connections to the same server by whatever client, and seconds from the first to the last. */
  serverProbes: { count: number; span: number };
  /** Connections of this client to this server reset by the client at the same age after their last request. */
  samePatience: number;
  /** Troubled connections to this server whose first request asked for the same name; 0 when it named none. */
  sameName: number;
}

/** One stream of bytes that was seen under two server addresses. */
export interface Untranslated {
  /** This connection is the one that nobody dialled. */
  stray: boolean;
  /** The server in the other one. */
  address: string;
  port: number;
  /** When the first packet came that nobody had dialled for. */
  time: number;
}

/** One stream of bytes that was seen under two names of its client. */
export interface Rebound {
  before: { address: string; port: number };
  now: { address: string; port: number };
  /** First frame under the new name. */
  number: number;
  /** Seconds from the last packet under the old name to it. */
  silence: number;
}

/** What is known beyond one connection. */
export interface World {
  /** Connections of the capture by the directions it holds of them. */
  readonly directions: Readonly<Directions>;
  address(address: string): AddressProfile | null;
  responder(address: string, port: number): ResponderProfile | null;
  /** What came at a server after `time`; null when none of its connections was seen to open. */
  after(address: string, port: number, time: number): LaterAttempts | null;
  /** The first attempt of `client` at the same port of another server that was accepted in `(from, to]`. */
  acceptedElsewhere(
    client: string,
    server: { address: string; port: number },
    from: number,
    to: number,
  ): { address: string; time: number } | null;
  neighbours(index: number): Neighbours | null;
  /** The same stream under another address, null when there is none. */
  untranslated(index: number): Untranslated | null;
  /** The same stream under another address or port of its client, null when there is none. */
  rebound(index: number): Rebound | null;
  /** Where the connection stands in its archive, for `neighbours` and `untranslated`. */
  index: number;
  /** Time of the capture's last segment, on the connection's clock; -1 when not known. */
  until: number;
  /** The finest difference that the input's times show, seconds: 0 for a capture, infinite for a packet list without times. */
  resolution: number;
  /** Packets are known to be missing: lines of a packet list that could not be read. */
  incomplete: boolean;
  /** The same connection as the other captures have it; empty when there are none, or it is not in them. */
  pairs: readonly Pair[];
  /** Of an attempt to connect: whether the other captures would hold it, had it come there; empty for all else. */
  watches: readonly Watch[];
  /** What the hosts recorded themselves, held against this capture; null when nothing was given. */
  host: HostView | null;
}

/** A world in which nothing else was seen. */
export const EMPTY_WORLD: World = {
  directions: { both: 0, one: 0 },
  address: () => null,
  responder: () => null,
  after: () => null,
  acceptedElsewhere: () => null,
  neighbours: () => null,
  untranslated: () => null,
  rebound: () => null,
  index: 0,
  until: -1,
  resolution: 0,
  incomplete: false,
  pairs: [],
  watches: [],
  host: null,
};
