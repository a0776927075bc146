import { formatAddress } from '../wire/address.ts';

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

/**
 * A bounded table from an endpoint to a few numbers, by open addressing in
 * typed arrays. It is written once per connection, at its end. The text form of
 * the address is made only when someone asks.
 */
class EndpointTable {
  private readonly slots: Int32Array;
  /** Four address words, then family and port. */
  private keys: Int32Array;
  values: Float64Array;
  count = 0;
  private readonly width: number;
  private readonly limit: number;

  constructor(limit: number, width: number) {
    this.limit = limit;
    this.width = width;
    this.slots = new Int32Array(1 << (33 - Math.clz32(limit)));
    this.keys = new Int32Array(64 * 5);
    this.values = new Float64Array(64 * width);
  }

  /** Offset of the endpoint's values; a new one is filled by `initial`. -1 when the table is full. */
  enter(
    words: Int32Array,
    at: number,
    label: number,
    initial: (values: Float64Array, at: number) => void,
  ): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let h = Math.imul(label ^ 0x2545f491, 0x9e3779b1);
    for (let i = 0; i < 4; i++) h = Math.imul((h ^ words[at + i]!) + (h >>> 15), 0x85ebca6b);
    let slot = (h ^ (h >>> 13)) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const key = (slots[slot]! - 1) * 5;
      if (this.keys[key + 4] === label && this.same(key, words, at)) return (slots[slot]! - 1) * this.width;
    }
    if (this.count === this.limit) return -1;
    if (this.count * 5 === this.keys.length) this.grow();
    const key = this.count * 5;
    for (let i = 0; i < 4; i++) this.keys[key + i] = words[at + i]!;
    this.keys[key + 4] = label;
    slots[slot] = ++this.count;
    const value = (this.count - 1) * this.width;
    initial(this.values, value);
    return value;
  }

  /** Calls back with the text form and label of every endpoint. */
  each(visit: (address: string, label: number, at: number) => void): void {
    const words = new Uint32Array(4);
    for (let i = 0; i < this.count; i++) {
      for (let w = 0; w < 4; w++) words[w] = this.keys[i * 5 + w]!;
      const label = this.keys[i * 5 + 4]!;
      visit(formatAddress(words, (label & IPV6_LABEL) !== 0 ? 6 : 4), label, i * this.width);
    }
  }

  private same(key: number, words: Int32Array, at: number): boolean {
    const { keys } = this;
    return (
      keys[key] === words[at] &&
      keys[key + 1] === words[at + 1] &&
      keys[key + 2] === words[at + 2] &&
      keys[key + 3] === words[at + 3]
    );
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Int32Array(keys.length * 2);
    this.keys.set(keys);
    this.values = new Float64Array(values.length * 2);
    this.values.set(values);
  }
}

/** Above the port in a label. */
const IPV6_LABEL = 1 << 16;

/** Columns of an address. */
const TTL_MIN = 0;
const TTL_MAX = 1;
const MIN_RTT = 2;
/** Columns of a responder. */
const CONNECTIONS = 0;
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

function newAddress(values: Float64Array, at: number): void {
  values[at + MIN_RTT] = -1;
}
function newResponder(values: Float64Array, at: number): void {
  values.fill(-1, at + FIRST_REFUSED, at + SERVER_TTL_MIN);
}

/** What one finished connection adds. The same object is filled for each. */
export interface HostReport {
  family: 4 | 6;
  words: Int32Array;
  originatorAt: number;
  responderAt: number;
  responderPort: number;
  start: number;
  established: boolean;
  refused: boolean;
  unanswered: boolean;
  halfOpen: boolean;
  refusedAt: number;
  responderResets: number;
  handshakeRtt: number;
  originatorTtlMin: number;
  originatorTtlMax: number;
  originatorRtt: number;
  responderTtlMin: number;
  responderTtlMax: number;
  responderRtt: number;
}

/** Everything known of hosts beyond a single connection, bounded by `limit` endpoints of each kind. */
export class Hosts {
  private readonly addresses: EndpointTable;
  private readonly responders: EndpointTable;
  private byAddress: Map<string, number> | null = null;
  private byResponder: Map<string, number> | null = null;

  constructor(limit = 65_536) {
    this.addresses = new EndpointTable(limit, 3);
    this.responders = new EndpointTable(limit, 12);
  }

  /** Null when the address was never seen, or the table was full when it was. */
  address(address: string): AddressObservations | null {
    this.byAddress ??= this.index(this.addresses, (text) => text);
    const at = this.byAddress.get(address);
    if (at === undefined) return null;
    const v = this.addresses.values;
    return { ttlMin: v[at + TTL_MIN]!, ttlMax: v[at + TTL_MAX]!, minRtt: v[at + MIN_RTT]! };
  }

  responder(address: string, port: number): ResponderObservations | null {
    this.byResponder ??= this.index(this.responders, (text, label) => `${text} ${label & 0xffff}`);
    const at = this.byResponder.get(`${address} ${port}`);
    if (at === undefined) return null;
    const v = this.responders.values;
    return {
      connections: v[at + CONNECTIONS]!,
      established: v[at + ESTABLISHED]!,
      refused: v[at + REFUSED]!,
      unanswered: v[at + UNANSWERED]!,
      halfOpen: v[at + HALF_OPEN]!,
      resets: v[at + RESETS]!,
      firstRefused: v[at + FIRST_REFUSED]!,
      lastRefused: v[at + LAST_REFUSED]!,
      lastEstablished: v[at + LAST_ESTABLISHED]!,
      minHandshakeRtt: v[at + HANDSHAKE]!,
      ttlMin: v[at + SERVER_TTL_MIN]!,
      ttlMax: v[at + SERVER_TTL_MAX]!,
    };
  }

  add(c: HostReport): void {
    this.byAddress = null;
    this.byResponder = null;
    const label = c.family === 6 ? IPV6_LABEL : 0;
    this.addAddress(c.words, c.originatorAt, label, c.originatorTtlMin, c.originatorTtlMax, c.originatorRtt);
    this.addAddress(c.words, c.responderAt, label, c.responderTtlMin, c.responderTtlMax, c.responderRtt);
    const at = this.responders.enter(c.words, c.responderAt, label | c.responderPort, newResponder);
    if (at < 0) return;
    const v = this.responders.values;
    v[at + CONNECTIONS]!++;
    v[at + RESETS]! += c.responderResets;
    if (c.unanswered) v[at + UNANSWERED]!++;
    if (c.halfOpen) v[at + HALF_OPEN]!++;
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
  }

  private addAddress(
    words: Int32Array,
    from: number,
    label: number,
    min: number,
    max: number,
    rtt: number,
  ): void {
    const at = this.addresses.enter(words, from, label, newAddress);
    if (at < 0) return;
    widen(this.addresses.values, at + TTL_MIN, min, max);
    lower(this.addresses.values, at + MIN_RTT, rtt);
  }

  private index(table: EndpointTable, key: (text: string, label: number) => string): Map<string, number> {
    const map = new Map<string, number>();
    table.each((text, label, at) => map.set(key(text, label), at));
    return map;
  }
}

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
