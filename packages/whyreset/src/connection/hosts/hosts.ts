import { PROTOCOLS, type SpokenProtocol } from '../../protocol/spoken-protocol.ts';
import { AttemptLog, type LaterAttempts } from './attempt-log.ts';
import { EndpointTable, IPV6_LABEL } from './endpoint-table.ts';
import type { HostReport } from './host-report.ts';
import { type EndpointUse, MidStreamUse, type PortUse } from './mid-stream-use.ts';
import { OpenStreams } from './open-streams.ts';

/** How many connections to a server spoke which protocol, with success; `proxied` of them began with a PROXY header. */
export type SpokenOnPort = Readonly<Record<SpokenProtocol | 'proxied', number>>;

/** What was seen of one address in all its connections. */
export interface AddressObservations {
  /** TTLs of its packets other than RSTs; 0 when none were seen. */
  ttlMin: number;
  ttlMax: number;
  /** Smallest round trip between the vantage and it, seconds; -1 unknown. */
  minRtt: number;
}

/** What was seen of one server endpoint in all its connections. Times are seconds since the capture's epoch, -1 never. */
export interface ResponderObservations {
  connections: number;
  established: number;
  /** SYNs answered by a RST. */
  refused: number;
  /** Attempts that met silence: SYNs, and never a packet from the responder. */
  unanswered: number;
  /** SYN-ACKs that the originator never answered. */
  halfOpen: number;
  /** Connections in which the responder accepted what the originator began with, by protocol. */
  spoken: SpokenOnPort;
  /** RSTs of any kind the responder sent. */
  resets: number;
  firstRefused: number;
  lastRefused: number;
  lastEstablished: number;
  /** Smallest SYN → SYN-ACK time, seconds; -1 unknown. */
  minHandshakeRtt: number;
  /** TTL of the responder's packets in established connections, smallest and largest; 0 when none. */
  ttlMin: number;
  ttlMax: number;
}

/** A server of which the capture holds no SYN. */
const NEVER_OPENED: ResponderObservations = {
  connections: 0,
  established: 0,
  refused: 0,
  unanswered: 0,
  halfOpen: 0,
  spoken: { tls: 0, http1: 0, http2: 0, other: 0, proxied: 0 },
  resets: 0,
  firstRefused: -1,
  lastRefused: -1,
  lastEstablished: -1,
  minHandshakeRtt: -1,
  ttlMin: 0,
  ttlMax: 0,
};

/** Columns of an address. */
const TTL_MIN = 0;
const TTL_MAX = 1;
const MIN_RTT = 2;
/** Columns of a responder. */
const OPENED = 0;
const ESTABLISHED = 1;
const REFUSED = 2;
const RESETS = 3;
const FIRST_REFUSED = 4;
const LAST_REFUSED = 5;
const LAST_ESTABLISHED = 6;
const HANDSHAKE = 7;
const SERVER_TTL_MIN = 8;
const SERVER_TTL_MAX = 9;
const UNANSWERED = 10;
const HALF_OPEN = 11;
/** One for each of `PROTOCOLS`, then those behind a PROXY header. */
const SPOKEN = 12;
const PROXIED = SPOKEN + PROTOCOLS.length;

function newAddress(values: Float64Array, at: number): void {
  values[at + MIN_RTT] = -1;
}
function newResponder(values: Float64Array, at: number): void {
  values.fill(-1, at + FIRST_REFUSED, at + SERVER_TTL_MIN);
}

/** Connections of a capture by what it holds of them. */
export interface Directions {
  /** Packets of both sides. */
  both: number;
  /** Packets of one side, which acknowledges others that are not in the capture. */
  one: number;
}

/** One connection with both sides in ten: a filter or a mirror of one direction lets a few through. */
const NEARLY_ALL = 10;

/** The capture was taken where only one direction passes, or with a filter that let one through. */
export function holdsOneDirection({ both, one }: Directions): boolean {
  return one > 0 && one >= NEARLY_ALL * both;
}

/** Everything known of hosts beyond a single connection, bounded by `limit` endpoints of each kind. */
export class Hosts {
  readonly directions: Directions = { both: 0, one: 0 };
  /** Connections that were never closed. */
  readonly openStreams = new OpenStreams();
  private readonly addresses: EndpointTable;
  private readonly responders: EndpointTable;
  private readonly midStream: MidStreamUse;
  private readonly attempts = new AttemptLog();
  private byAddress: Map<string, number> | null = null;
  private byResponder: Map<string, number> | null = null;

  constructor(limit = 65_536) {
    this.addresses = new EndpointTable(limit, 3);
    this.responders = new EndpointTable(limit, PROXIED + 1);
    this.midStream = new MidStreamUse(limit);
  }

  /** Null when the address was never seen, or the table was full when it was. */
  address(address: string): AddressObservations | null {
    this.byAddress ??= this.index(this.addresses, (text) => text);
    const at = this.byAddress.get(address);
    if (at === undefined) return null;
    const v = this.addresses.values;
    return { ttlMin: v[at + TTL_MIN]!, ttlMax: v[at + TTL_MAX]!, minRtt: v[at + MIN_RTT]! };
  }

  /** Connections to the endpoint that a SYN or SYN-ACK in the capture shows to be opened. */
  opened(address: string, port: number): number {
    const at = this.placeOf(address, port);
    return at === undefined ? 0 : this.responders.values[at + OPENED]!;
  }

  responder(address: string, port: number): ResponderObservations | null {
    const at = this.placeOf(address, port);
    const midStream = this.midStream.endpoint(address, port)?.connections ?? 0;
    if (at === undefined) return midStream === 0 ? null : { ...NEVER_OPENED, connections: midStream };
    const v = this.responders.values;
    return {
      connections: v[at + OPENED]! + midStream,
      established: v[at + ESTABLISHED]!,
      refused: v[at + REFUSED]!,
      unanswered: v[at + UNANSWERED]!,
      halfOpen: v[at + HALF_OPEN]!,
      spoken: {
        tls: v[at + SPOKEN]!,
        http1: v[at + SPOKEN + 1]!,
        http2: v[at + SPOKEN + 2]!,
        other: v[at + SPOKEN + 3]!,
        proxied: v[at + PROXIED]!,
      },
      resets: v[at + RESETS]!,
      firstRefused: v[at + FIRST_REFUSED]!,
      lastRefused: v[at + LAST_REFUSED]!,
      lastEstablished: v[at + LAST_ESTABLISHED]!,
      minHandshakeRtt: v[at + HANDSHAKE]!,
      ttlMin: v[at + SERVER_TTL_MIN]!,
      ttlMax: v[at + SERVER_TTL_MAX]!,
    };
  }

  /** What came at a server after `time`; null when none of its connections was seen to open. */
  after(address: string, port: number, time: number): LaterAttempts | null {
    const at = this.placeOf(address, port);
    return at === undefined ? null : this.attempts.after(at, time);
  }

  /**
   * The first attempt of `client` at the same port of another server that was accepted in `(from, to]`, with the
   * address of that server. On a loopback address all clients and servers are one host.
   */
  acceptedElsewhere(
    client: string,
    address: string,
    port: number,
    from: number,
    to: number,
  ): { address: string; time: number } | null {
    this.byAddress ??= this.index(this.addresses, (text) => text);
    const responder = this.placeOf(address, port);
    const place = this.byAddress.get(client);
    if (responder === undefined || place === undefined) return null;
    const textOf = (at: number) => this.responders.textAt(at);
    const local = isLoopback(address);
    const found = this.attempts.acceptedElsewhere(
      { responder, responderPort: port, client: place },
      from,
      to,
      local ? (other) => isLoopback(textOf(other)) : null,
    );
    return found === null ? null : { address: textOf(found.responder), time: found.time };
  }

  private placeOf(address: string, port: number): number | undefined {
    this.byResponder ??= this.index(this.responders, (text, label) => `${text} ${label & 0xffff}`);
    return this.byResponder.get(`${address} ${port}`);
  }

  /** What connections without a handshake in view say of an endpoint; null when there were none. */
  midStreamUse(address: string, port: number): EndpointUse | null {
    return this.midStream.endpoint(address, port);
  }

  portUse(port: number): PortUse {
    return this.midStream.port(port);
  }

  add(c: HostReport): void {
    this.byAddress = null;
    this.byResponder = null;
    const label = c.family === 6 ? IPV6_LABEL : 0;
    if (c.directions !== 'unclear') this.directions[c.directions]++;
    this.midStream.add(c);
    const client = this.addresses.enter(c.words, c.originatorAt, label, newAddress);
    this.observe(client, c.originatorTtlMin, c.originatorTtlMax, c.originatorRtt);
    const server = this.addresses.enter(c.words, c.responderAt, label, newAddress);
    this.observe(server, c.responderTtlMin, c.responderTtlMax, c.responderRtt);
    // Without a SYN in view it is a guess which of the two ends is the responder.
    if (!c.opened) return;
    const at = this.responders.enter(c.words, c.responderAt, label | c.responderPort, newResponder);
    if (at < 0) return;
    const v = this.responders.values;
    v[at + OPENED]!++;
    v[at + RESETS]! += c.responderResets;
    if (c.unanswered) v[at + UNANSWERED]!++;
    if (c.halfOpen) v[at + HALF_OPEN]!++;
    if (c.accepted >= 0) v[at + SPOKEN + c.accepted]!++;
    if (c.proxied) v[at + PROXIED]!++;
    if (c.established) {
      v[at + ESTABLISHED]!++;
      v[at + LAST_ESTABLISHED] = Math.max(v[at + LAST_ESTABLISHED]!, c.start);
      widen(v, at + SERVER_TTL_MIN, c.responderTtlMin, c.responderTtlMax);
    }
    if (c.refused) {
      v[at + REFUSED]!++;
      const first = v[at + FIRST_REFUSED]!;
      v[at + FIRST_REFUSED] = first < 0 ? c.refusedAt : Math.min(first, c.refusedAt);
      v[at + LAST_REFUSED] = Math.max(v[at + LAST_REFUSED]!, c.refusedAt);
    }
    lower(v, at + HANDSHAKE, c.handshakeRtt);
    if (!c.refused && (!c.established || c.halfOpen)) return;
    const time = c.refused ? c.refusedAt : c.start;
    const responderPort = c.responderPort;
    this.attempts.add({ time, accepted: !c.refused, responder: at, responderPort, client });
  }

  /** @param at place of an address, negative where there was no room for it */
  private observe(at: number, ttlMin: number, ttlMax: number, rtt: number): void {
    if (at < 0) return;
    widen(this.addresses.values, at + TTL_MIN, ttlMin, ttlMax);
    lower(this.addresses.values, at + MIN_RTT, rtt);
  }

  private index(table: EndpointTable, key: (text: string, label: number) => string): Map<string, number> {
    const map = new Map<string, number>();
    table.each((text, label, at) => map.set(key(text, label), at));
    return map;
  }
}

const isLoopback = (address: string) => address === '::1' || address.startsWith('127.');

/** Takes a smaller known value; negative is unknown. */
function lower(v: Float64Array, at: number, value: number): void {
  if (value >= 0 && (v[at]! < 0 || value < v[at]!)) v[at] = value;
}

/** Widens a pair (smallest, largest) whose zero means nothing seen. */
function widen(v: Float64Array, at: number, min: number, max: number): void {
  if (max === 0) return;
  v[at] = v[at] === 0 ? min : Math.min(v[at]!, min);
  v[at + 1] = Math.max(v[at + 1]!, max);
}
