import { Random } from './random.ts';

/**
 * Networks on which everything is honest and yet a RST looks as if a box had made it: each is one connection, seen
 * at the client, as a timeline (docs/timeline.md). Every packet has the time at which it was sent, which its
 * timestamp shows, and the time at which it passes the capture. Times are seconds.
 */
export interface Network {
  /** What the server writes beside the TCP header. */
  timestamps: boolean;
  ids: 'counter' | 'zero' | 'random';
  initialTtl: 64 | 128 | 255;
  /** Routers between the server and the capture. */
  hops: number;
  /** One way between the server and the capture. */
  delay: number;
  exchanges: number;
  /** Pause before each request, and before what ends it. */
  think: number;
  seed: number;
}

/** Who made the RST, in truth. */
export type Maker = 'its TCP' | 'its host' | 'another host';

export interface Situation {
  made: Maker;
  timeline(network: Network): string;
}

interface Fields {
  seq?: number;
  ack?: number;
  length?: number;
  ttl?: number;
  id?: number;
  mac?: string;
  /** Made without the socket: no timestamp, IP-ID 0, window 0. */
  stateless?: boolean;
  /** It waits this long on its way to the capture. */
  queued?: number;
}

const SERVER_CARD = '02:00:00:00:00:02';
const OTHER_CARD = '02:00:00:00:00:33';
const REQUEST = 120;

/** One connection: who sent what when. */
class Exchange {
  now = 0;
  readonly random: Random;
  readonly next = { client: 1, server: 1 };
  ttl: number;
  delay: number;
  private readonly ids: { client: number; server: number };
  private readonly clock: number;
  private readonly lines: { time: number; text: string }[] = [];
  readonly network: Network;

  constructor(network: Network) {
    this.network = network;
    this.random = new Random(network.seed);
    this.ttl = network.initialTtl - network.hops;
    this.delay = network.delay;
    this.ids = { client: this.random.below(60_000), server: this.random.below(60_000) };
    this.clock = this.random.below(1_000_000);
  }

  private write(passes: number, direction: '>' | '<', flags: string, sent: number, fields: Fields): void {
    const own = direction === '>' ? 'client' : 'server';
    const { seq = this.next[own], ack, length = 0, stateless = false, mac } = fields;
    const stamped = this.network.timestamps && !stateless;
    const parts = [
      `seq ${seq}`,
      ack === undefined ? '' : `ack ${ack}`,
      stamped ? `ts ${Math.round(sent * 1000) + this.clock} echo 1` : 'nots',
      `win ${stateless ? 0 : 501}`,
      `ttl ${fields.ttl ?? (direction === '>' ? 64 : this.ttl)}`,
      `id ${fields.id ?? this.nextId(own, stateless || flags === 'S.')}`,
      mac === undefined ? '' : `mac ${mac}`,
      length > 0 ? `len ${length}` : '',
    ];
    const text = `+${passes.toFixed(9)} ${direction} ${flags} ${parts.filter((part) => part !== '').join(' ')}`;
    this.lines.push({ time: passes, text });
  }

  private nextId(own: 'client' | 'server', idless: boolean): number {
    const { ids } = this.network;
    if (ids === 'zero' || idless) return 0;
    if (ids === 'random') return this.random.below(65_536);
    return ++this.ids[own] & 0xffff;
  }

  /** The client sends and the capture sees it at once; `now` stays. */
  client(flags: string, fields: Fields = {}): void {
    this.write(this.now, '>', flags, this.now, { ack: this.next.server, ...fields });
    this.next.client += (fields.length ?? 0) + (/[SF]/.test(flags) && fields.seq === undefined ? 1 : 0);
  }

  /** The server sends at `sent`; the capture sees it a one-way delay later. */
  server(sent: number, flags: string, fields: Fields = {}): number {
    const passes = sent + this.delay + (fields.queued ?? 0);
    const bare = flags === 'R';
    this.write(passes, '<', flags, sent, bare ? fields : { ack: this.next.client, ...fields });
    if (fields.seq === undefined) this.next.server += (fields.length ?? 0) + (/F/.test(flags) ? 1 : 0);
    return passes;
  }

  open(synAckTtl = this.ttl): void {
    this.write(0, '>', 'S', 0, { seq: 0 });
    this.write(2 * this.delay, '<', 'S.', this.delay, { seq: 0, ack: 1, ttl: synAckTtl });
    this.now = 2 * this.delay;
    this.client('.');
  }

  /** A request and its answer, acknowledged. */
  exchange(length = 200, fields: Fields = {}): void {
    this.now += this.network.think;
    this.client('P.', { length: REQUEST });
    const arrived = this.now + this.delay;
    this.server(arrived + 0.001, '.', fields);
    this.now = this.server(arrived + 0.002, 'P.', { ...fields, length });
    this.client('.');
  }

  begin(): void {
    this.open();
    for (let i = 0; i < this.network.exchanges; i++) this.exchange();
  }

  /** The client's next request, and when it reaches the server. */
  request(): number {
    this.now += this.network.think;
    this.client('P.', { length: REQUEST });
    return this.now + this.delay;
  }

  /** The RST that a stack without the connection answers that request with. */
  refuse(sent: number, seq: number, fields: Fields = {}): void {
    this.server(sent, 'R', { seq, stateless: true, ...fields });
  }

  text(): string {
    return this.lines
      .toSorted((a, b) => a.time - b.time)
      .map(({ text }) => text)
      .join('\n');
  }
}

/** The server pushes on `times` times after a RST that its TCP never made, and the client refuses it. */
function pushOn(x: Exchange, from: number, times: number): void {
  const expected = x.next.client - REQUEST;
  for (let i = 1; i <= times; i++) {
    x.now = x.server(from + 0.1 * i, 'P.', { length: 5, ack: expected });
    x.client('R', { seq: x.next.client, stateless: true });
  }
}

export const SITUATIONS: Readonly<Record<string, Situation>> = {
  'a filter on the server’s own host rejects one packet': {
    made: 'its host',
    timeline(network) {
      const x = new Exchange(network);
      x.begin();
      const seq = x.next.server;
      const arrived = x.request();
      x.refuse(arrived + 0.0001, seq);
      pushOn(x, arrived, 8);
      return x.text();
    },
  },
  'the address moved to another host, and the old one sends on': {
    made: 'another host',
    timeline(network) {
      const x = new Exchange({ ...network, hops: 0 });
      x.begin();
      const seq = x.next.server;
      const arrived = x.request();
      x.refuse(arrived, seq, { mac: OTHER_CARD });
      pushOn(x, arrived, 8);
      return x.text();
    },
  },
  'a RST overtakes the answer that was queued before it': {
    made: 'its TCP',
    timeline(network) {
      const x = new Exchange(network);
      x.begin();
      x.now += network.think;
      x.client('P.', { length: REQUEST });
      const arrived = x.now + x.delay;
      const sent = arrived + 0.002;
      x.now = x.server(sent, 'P.', { length: 1448 });
      // The client goes on after the first part; the rest, and the FIN, stand in a queue.
      const seq = x.next.server;
      for (let i = 1; i <= 3; i++) x.server(sent, 'P.', { length: 1448, queued: 0.05 * i });
      x.server(sent, 'F.', { queued: 0.2 });
      x.client('P.', { length: 10, ack: seq });
      x.refuse(x.now + x.delay, seq);
      return x.text();
    },
  },
  'a queue that all earlier packets stood in, but not the RST': {
    made: 'its TCP',
    timeline(network) {
      const x = new Exchange(network);
      const queued = 0.02 + 0.2 * x.random.next();
      x.open();
      for (let i = 0; i < Math.max(1, network.exchanges); i++) x.exchange(200, { queued });
      const seq = x.next.server;
      const arrived = x.request();
      // Pushed before the request came, still in the queue when the RST passes.
      for (let i = 1; i <= 4; i++)
        x.server(arrived - 0.03 + 0.007 * i, 'P.', { length: 5, queued, ack: x.next.client - REQUEST });
      x.refuse(arrived, seq);
      return x.text();
    },
  },
  'a round trip that shrank, as a queue drained': {
    made: 'its TCP',
    timeline(network) {
      const x = new Exchange(network);
      const long = x.delay * (2 + 8 * x.random.next());
      const short = x.delay;
      x.delay = long;
      x.begin();
      x.delay = short;
      const arrived = x.request();
      x.server(arrived, 'R.');
      return x.text();
    },
  },
  'another route, shorter and with fewer routers': {
    made: 'its TCP',
    timeline(network) {
      const x = new Exchange({ ...network, think: Math.max(network.think, 11) });
      const short = x.delay;
      x.delay = short * (1.2 + 6 * x.random.next());
      x.begin();
      const seq = x.next.server;
      x.delay = short;
      const ttl = Math.min(network.initialTtl, x.ttl + x.random.below(4));
      const bare = x.random.chance(0.5);
      const arrived = x.request();
      // Not on the client's own segment.
      const fewer = network.hops > 4 ? ttl : x.ttl;
      if (bare) x.refuse(arrived, seq, { ttl: fewer });
      else x.server(arrived, 'R.', { ttl: fewer });
      return x.text();
    },
  },
  'the program set its TTL (BGP, GTSM), and its kernel answers with the default': {
    made: 'its TCP',
    timeline(network) {
      const x = new Exchange(network);
      const set = x.random.pick([1, 2, 5, 8, 16, 32, 199, 200, 250, 255]);
      const hops = Math.min(network.hops, set - 1);
      x.ttl = set - hops;
      x.begin();
      const seq = x.next.server;
      const arrived = x.request();
      x.refuse(arrived, seq, { ttl: network.initialTtl - hops });
      return x.text();
    },
  },
  'the server had closed, and its due answer takes another route': {
    made: 'its TCP',
    timeline(network) {
      const x = new Exchange(network);
      x.begin();
      x.now = x.server(x.now + x.delay + network.think, 'F.');
      x.client('.');
      const seq = x.next.server;
      const arrived = x.request();
      const off = x.random.pick([-3, -2, 2, 3]);
      x.refuse(arrived, seq, { ttl: Math.min(network.initialTtl - Math.min(1, network.hops), x.ttl + off) });
      return x.text();
    },
  },
  'two cards of one bonded host send in turn': {
    made: 'its TCP',
    timeline(network) {
      const x = new Exchange({ ...network, hops: 0 });
      x.open();
      for (let i = 0; i < Math.max(2, network.exchanges); i++)
        x.exchange(200, { mac: i % 2 === 1 ? OTHER_CARD : SERVER_CARD });
      const seq = x.next.server;
      const arrived = x.request();
      if (x.random.chance(0.5)) x.refuse(arrived, seq, { mac: OTHER_CARD });
      else x.server(arrived, 'R.', { mac: OTHER_CARD });
      return x.text();
    },
  },
  'data that the server repeated in vain, then its abort, then late copies': {
    made: 'its TCP',
    timeline(network) {
      const x = new Exchange(network);
      x.begin();
      const seq = x.next.server;
      const start = x.now + x.delay + network.think;
      x.server(start, 'P.', { length: 300 });
      for (let i = 0; i < 4; i++) x.server(start + 0.2 * 2 ** i, 'P.', { length: 300, seq });
      const abort = start + 4;
      x.server(abort, 'R.');
      // Copies with what was written meanwhile, held up on the way.
      x.server(abort - 0.5, 'P.', { length: 340, seq, queued: 0.5 + x.random.next() });
      return x.text();
    },
  },
};
