import type { Connection, Endpoint, Side, TimelinePacket, Turn } from '../../connection/connection.ts';
import { ACK, FIN, PSH, RST, SYN } from '../../wire/segment.ts';
import { newSubject, type Subject } from '../define.ts';
import { EMPTY_WORLD, type Neighbours, type World } from '../world.ts';

/** What of a packet is not what an ordinary Linux stack would have sent. */
export interface Oddity {
  /** Payload: text (latin-1) or a number of filler bytes. */
  data?: string | number;
  seq?: number;
  ack?: number;
  window?: number;
  ttl?: number;
  ipId?: number;
  /** No timestamp option. */
  plain?: boolean;
  /** TSval and TSecr; milliseconds of the time, and 0, unless told. */
  ts?: number;
  echo?: number;
  /** Don't Fragment; set unless told. */
  df?: boolean;
  probe?: boolean;
  mac?: string;
}

interface Half {
  endpoint: Endpoint;
  next: number;
  ipId: number;
  ttl: number;
  turns: Turn[];
}

const LETTERS: Record<string, number> = { S: SYN, F: FIN, P: PSH, R: RST, '.': ACK };
const ISN: Record<Side, number> = { originator: 1_000_000, responder: 3_000_000_000 };
const SERVER_TTL = 57;

function half(side: Side): Half {
  const client = side === 'originator';
  const endpoint: Endpoint = {
    address: client ? '10.0.0.1' : '10.0.0.2',
    port: client ? 40_000 : 80,
    packets: 0,
    bytes: 0,
    synSeen: false,
    sent: 0,
    acked: 0,
    retransmissions: 0,
    gaps: 0,
    zeroWindows: 0,
    keepAliveProbes: 0,
    badChecksums: 0,
    resets: 0,
    fin: null,
    rst: null,
    ttlMin: 0,
    ttlMax: 0,
    mac: null,
    rstMac: null,
    windowScale: 7,
    mss: 1460,
    timestamps: true,
    minRtt: -1,
    firstTurn: null,
    lastTurn: null,
    turns: 0,
    tail: new Uint8Array(0),
    tlsRecordLacks: -1,
    lastDataNumber: 0,
    lastDataTime: -1,
  };
  return { endpoint, next: 0, ipId: client ? 100 : 7000, ttl: client ? 64 : SERVER_TTL, turns: [] };
}

/**
 * A connection written packet by packet for a test of one kind of evidence.
 * What is not said is as Linux would send it; seen from the client, the server
 * seven hops away. Round trips are those of the handshake alone unless given.
 */
export class ConnectionBuilder {
  readonly timeline: TimelinePacket[] = [];
  private readonly halves: Record<Side, Half> = {
    originator: half('originator'),
    responder: half('responder'),
  };
  private readonly changes: Partial<Connection>[] = [];

  client(time: number, flags: string, oddity: Oddity = {}): this {
    return this.add('originator', time, flags, oddity);
  }

  server(time: number, flags: string, oddity: Oddity = {}): this {
    return this.add('responder', time, flags, oddity);
  }

  /** SYN, SYN-ACK, ACK seen at the client, `roundTrip` seconds to the server. */
  handshake(roundTrip = 0.02): this {
    return this.client(0, 'S').server(roundTrip, 'S.').client(roundTrip, '.');
  }

  /** The answer of a stack that could not place the other side's latest packet. */
  passive(from: Side, time: number, oddity: Oddity = {}): this {
    const trigger = this.timeline.findLast((p) => p.from !== from && (p.flags & RST) === 0);
    return this.add(from, time, 'R', { seq: trigger?.ack ?? 0, window: 0, ipId: 0, plain: true, ...oddity });
  }

  /** Changes fields of a side's summary. */
  side(side: Side, changes: Partial<Endpoint>): this {
    Object.assign(this.halves[side].endpoint, changes);
    return this;
  }

  with(changes: Partial<Connection>): this {
    this.changes.push(changes);
    return this;
  }

  private add(from: Side, time: number, letters: string, oddity: Oddity): this {
    const own = this.halves[from];
    const peer = this.halves[from === 'originator' ? 'responder' : 'originator'];
    let flags = 0;
    for (const letter of letters) flags |= LETTERS[letter] ?? 0;
    const length = typeof oddity.data === 'string' ? oddity.data.length : (oddity.data ?? 0);
    const seq = oddity.seq ?? own.next;
    const ack = (flags & ACK) === 0 ? 0 : (oddity.ack ?? peer.next);
    const past = seq + length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0);
    const isReset = (flags & RST) !== 0;
    const packet: TimelinePacket = {
      number: this.timeline.length + 1,
      time,
      from,
      flags,
      seq,
      ack,
      rawSeq: (ISN[from] + seq) >>> 0,
      rawAck: (flags & ACK) === 0 ? 0 : (ISN[from === 'originator' ? 'responder' : 'originator'] + ack) >>> 0,
      rawNumbers: true,
      length,
      window: oddity.window ?? ((flags & SYN) !== 0 ? 64_240 : 501),
      ttl: oddity.ttl ?? own.ttl,
      ipId: oddity.ipId ?? ((flags & (SYN | ACK)) === (SYN | ACK) ? 0 : own.ipId++),
      dontFragment: oddity.df ?? true,
      headerLength: oddity.plain === true ? 20 : (flags & SYN) !== 0 ? 40 : 32,
      tsVal: oddity.plain === true ? -1 : (oddity.ts ?? Math.round(time * 1000)),
      tsEcr: oddity.plain === true ? -1 : (oddity.echo ?? 0),
      retransmission: length > 0 && past <= own.next && oddity.probe !== true,
      keepAliveProbe: oddity.probe === true,
      copies: 0,
      copyTtl: 0,
      direction: null,
    };
    this.timeline.push(packet);
    this.count(own.endpoint, packet, past, isReset, oddity);
    if (!isReset && ack > peer.endpoint.acked) peer.endpoint.acked = ack;
    if (length > 0 && !packet.keepAliveProbe && !isReset) this.speak(own, peer, packet, oddity.data);
    if (!isReset && past > own.next) own.next = past;
    return this;
  }

  private count(e: Endpoint, p: TimelinePacket, past: number, isReset: boolean, { mac }: Oddity): void {
    e.packets++;
    if ((p.flags & SYN) !== 0) e.synSeen = true;
    if (p.retransmission) e.retransmissions++;
    if (p.keepAliveProbe) e.keepAliveProbes++;
    const ending = { number: p.number, time: p.time, seq: past };
    if (isReset) {
      e.resets++;
      e.rst ??= ending;
      e.rstMac ??= mac ?? e.mac;
      return;
    }
    if ((p.flags & FIN) !== 0) e.fin ??= ending;
    e.mac ??= mac ?? null;
    e.ttlMin = e.ttlMin === 0 ? p.ttl : Math.min(e.ttlMin, p.ttl);
    e.ttlMax = Math.max(e.ttlMax, p.ttl);
    e.sent = Math.max(e.sent, past);
  }

  private speak(own: Half, peer: Half, p: TimelinePacket, data: string | number | undefined): void {
    const { endpoint: e } = own;
    const latest = Math.max(e.lastDataTime, peer.endpoint.lastDataTime);
    const since = e.lastDataTime > peer.endpoint.lastDataTime ? e : peer.endpoint;
    // As in the tracker (`PAUSE` of turns.ts).
    const paused = latest >= 0 && p.time - latest >= 1;
    if (e.lastTurn === null || peer.endpoint.lastDataTime >= e.lastDataTime || paused) {
      const head = Uint8Array.from(typeof data === 'string' ? data : [], (letter) => letter.charCodeAt(0));
      const turn: Turn = {
        head,
        number: p.number,
        time: p.time,
        length: 0,
        idleBefore: latest < 0 ? -1 : p.time - latest,
        idleSince: since.lastDataNumber,
      };
      e.firstTurn ??= turn;
      e.lastTurn = turn;
      e.turns++;
    }
    if (!p.retransmission) {
      const bytes = typeof data === 'string' ? Array.from(data, (letter) => letter.charCodeAt(0)) : [];
      // Filler bytes are zeros, as bytes that were not captured.
      e.tail = Uint8Array.from([...new Array(8).fill(0), ...e.tail, ...bytes].slice(-8));
      e.lastTurn.length += p.length;
      e.bytes += p.length;
    }
    e.lastDataNumber = p.number;
    e.lastDataTime = p.time;
  }

  connection(): Connection {
    const { timeline, halves } = this;
    const [syn, synAck, ack] = timeline;
    const { originator, responder } = {
      originator: halves.originator.endpoint,
      responder: halves.responder.endpoint,
    };
    if (syn !== undefined && synAck !== undefined && (synAck.flags & SYN) !== 0 && responder.minRtt < 0) {
      responder.minRtt = synAck.time - syn.time;
      if (ack !== undefined && originator.minRtt < 0) originator.minRtt = ack.time - synAck.time;
    }
    const connection: Connection = {
      input: 0,
      family: 4,
      start: timeline[0]?.time ?? 0,
      end: timeline.at(-1)?.time ?? 0,
      originator,
      responder,
      roles: { basis: 'handshake', certainty: 'certain', says: 'the builder says so', packets: [] },
      state: 'OTH',
      history: '',
      sawHandshake: originator.synSeen,
      ended: 'end-of-input',
      timeline,
      elidedAt: 0,
      elided: 0,
      resetPayload: null,
      mptcpReset: null,
      mptcpFastClose: false,
      foreignSack: null,
      icmp: [],
      predecessor: null,
    };
    return Object.assign(connection, ...this.changes);
  }

  /** Ready for `evidence.of`; facts are drawn afresh for each subject. */
  subject(world: Partial<World> = {}): Subject {
    return newSubject(this.connection(), { ...EMPTY_WORLD, ...world });
  }
}

export function build(): ConnectionBuilder {
  return new ConnectionBuilder();
}

/** What is known of neighbours: nothing but what is said. */
export function near(changes: Partial<Neighbours>): Neighbours {
  return {
    sameInstant: 1,
    sameStart: 1,
    sameSilence: 1,
    silent: 1,
    endedAtAccept: 0,
    sameAge: 0,
    sameLife: 1,
    sameServed: 1,
    troubled: 1,
    unanswered: 0,
    attempts: 0,
    tried: { attempts: 0, addresses: 0, ports: 0, span: 0 },
    serverProbes: { count: 0, span: 0 },
    probes: 0,
    probeSpacing: -1,
    samePatience: 0,
    sameName: 0,
    ...changes,
  };
}
