import type { Tap } from '../kernel/tap.ts';
import type { TapLoop } from '../kernel/tap-loop.ts';
import { ACK, FIN, forge, PSH, RST, SYN } from './forge.ts';

type Towards = 'client' | 'server';

const FLAGS = { R: RST, 'R.': RST | ACK, 'P.': PSH | ACK, 'F.': FIN | ACK } as const;

/** One forged segment. Sequence and acknowledgement numbers are what its receiver expects next, plus `shift`. */
export interface Strike {
  towards: Towards;
  flags: keyof typeof FLAGS;
  ttl: number;
  ipId: number;
  window: number;
  shift?: number;
  dontFragment?: boolean;
  /** In hexadecimal. */
  payload?: string;
  /** Hardware address that it comes from, when another host of that link forges it; else the router's. */
  mac?: string;
}

export interface BoxOptions {
  /** In words, after “the router …”. */
  does: string;
  port: number;
  /** When it strikes: a segment to the server holds this text (or `hex:` bytes), or a connection was silent so long. */
  when: { text: string } | { idleSeconds: number };
  strikes: readonly Strike[];
}

interface Flow {
  client: Uint8Array;
  server: Uint8Array;
  clientPort: number;
  /** What each end has to send next. */
  next: Record<Towards, number>;
  at: number;
  done: boolean;
}

/**
 * A box on the path that follows connections and forges segments in the name of
 * their ends, from whole frames, so that every field is its own. It does not
 * hold anything back: what the ends send passes.
 */
export class Box {
  private readonly loop: TapLoop;
  private readonly taps: Record<Towards, Tap>;
  private readonly options: BoxOptions;
  private readonly flows = new Map<string, Flow>();
  /** Ethernet headers of frames that leave towards a side. */
  private readonly link: Partial<Record<Towards, Uint8Array>> = {};
  private readonly needle: Buffer | null;
  private readonly clock: NodeJS.Timeout | null;
  private readonly struck: (says: string) => void;

  constructor(loop: TapLoop, client: Tap, server: Tap, options: BoxOptions, struck: (says: string) => void) {
    this.loop = loop;
    this.taps = { client, server };
    this.options = options;
    this.struck = struck;
    const { when } = options;
    this.needle =
      'text' in when
        ? when.text.startsWith('hex:')
          ? Buffer.from(when.text.slice(4), 'hex')
          : Buffer.from(when.text)
        : null;
    this.clock = 'idleSeconds' in when ? setInterval(() => this.expire(when.idleSeconds), 5) : null;
    for (const side of ['client', 'server'] as const) loop.add(this.taps[side], () => this.follow(side));
  }

  close(): void {
    if (this.clock !== null) clearInterval(this.clock);
    for (const tap of Object.values(this.taps)) {
      this.loop.remove(tap);
      tap.close();
    }
  }

  private follow(side: Towards): void {
    // What the server has said by now belongs to the numbers of a strike, whichever interface is looked at first.
    if (side === 'client') this.follow('server');
    const tap = this.taps[side];
    for (let frame = tap.next(); frame !== null; frame = tap.next()) {
      const bytes = Buffer.from(frame.bytes);
      if (bytes.readUInt16BE(12) !== 0x0800 || bytes[23] !== 6) continue;
      if (frame.outgoing) this.link[side] = bytes.subarray(0, 14);
      else this.observe(side, bytes);
    }
  }

  private observe(side: Towards, frame: Buffer): void {
    const tcp = 14 + (frame[14]! & 15) * 4;
    const end = 14 + frame.readUInt16BE(16);
    const sourcePort = frame.readUInt16BE(tcp);
    const fromClient = side === 'client';
    if ((fromClient ? frame.readUInt16BE(tcp + 2) : sourcePort) !== this.options.port) return;
    // A frame back to where this one came from needs its addresses turned round.
    this.link[side] = Buffer.concat([frame.subarray(6, 12), frame.subarray(0, 6), frame.subarray(12, 14)]);
    const [source, destination] = [frame.subarray(26, 30), frame.subarray(30, 34)];
    const [client, server] = fromClient ? [source, destination] : [destination, source];
    const clientPort = fromClient ? sourcePort : frame.readUInt16BE(tcp + 2);
    const key = `${client.join('.')}:${clientPort}`;
    let flow = this.flows.get(key);
    if (flow === undefined) {
      // Of a connection older than the box the first segment tells both: its own number, and the other's by its ACK.
      const acked = frame.readUInt32BE(tcp + 8);
      flow = { client, server, clientPort, next: { client: acked, server: acked }, at: 0, done: false };
      this.flows.set(key, flow);
    }
    const payload = frame.subarray(tcp + (frame[tcp + 12]! >> 4) * 4, end);
    const flags = frame[tcp + 13]!;
    const length = payload.length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0);
    flow.next[side] = (frame.readUInt32BE(tcp + 4) + length) >>> 0;
    flow.at = performance.now();
    if ((flags & (RST | FIN)) !== 0) flow.done = true;
    if (fromClient && !flow.done && this.needle !== null && payload.includes(this.needle)) this.strike(flow);
  }

  private expire(seconds: number): void {
    for (const flow of this.flows.values()) {
      if (!flow.done && performance.now() - flow.at >= seconds * 1000) this.strike(flow);
    }
  }

  private strike(flow: Flow): void {
    flow.done = true;
    for (const strike of this.options.strikes) {
      const { towards } = strike;
      const from = towards === 'client' ? 'server' : 'client';
      const link = this.link[towards];
      if (link === undefined) continue;
      const { port } = this.options;
      const packet = forge({
        source: flow[from],
        destination: flow[towards],
        sourcePort: from === 'client' ? flow.clientPort : port,
        destinationPort: towards === 'client' ? flow.clientPort : port,
        seq: flow.next[from] + (strike.shift ?? 0),
        ack: strike.flags === 'R' ? 0 : flow.next[towards],
        flags: FLAGS[strike.flags],
        window: strike.window,
        ttl: strike.ttl,
        ipId: strike.ipId,
        dontFragment: strike.dontFragment === true,
        ...(strike.payload === undefined ? {} : { payload: Buffer.from(strike.payload, 'hex') }),
      });
      const frame = Buffer.concat([link, packet]);
      if (strike.mac !== undefined) frame.set(Buffer.from(strike.mac.replaceAll(':', ''), 'hex'), 6);
      this.taps[towards].send(frame);
    }
    const { length } = this.options.strikes;
    this.struck(`${length} forged segment${length > 1 ? 's' : ''}`);
  }
}
