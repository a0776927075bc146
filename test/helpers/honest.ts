import { Random } from './random.ts';

/**
 * Two hosts, a path between them, a capture somewhere on it, and resets that only the hosts make. What a stack
 * writes into a RST follows the sources of Linux, FreeBSD and xnu (tcp_v4_send_reset, tcp_send_active_reset,
 * tcp_respond) and, for Windows, p0f's RST file. Times are seconds.
 */
export type StackName = 'linux' | 'freebsd' | 'macos' | 'windows';
export type IdSource = 'zero' | 'constant' | 'per-socket' | 'global' | 'random';

/** How it ends. */
export type End =
  | 'server aborts'
  | 'client aborts'
  | 'both abort'
  | 'server closes, client writes on'
  | 'server forgets'
  | 'client dies during a response'
  | 'refused'
  | 'leftover of an earlier connection';

export interface HostSetup {
  stack: StackName;
  id: IdSource;
  /** Routers between it and the capture. */
  hops: number;
  /** The application chose a TTL of its own, which a stack without the socket does not know. */
  ownTtl: boolean;
  timestamps: boolean;
}

export interface Story {
  client: HostSetup;
  server: HostSetup;
  /** One way from the capture to each host. */
  clientDelay: number;
  serverDelay: number;
  exchanges: number;
  /** Pause of the client before each request. */
  think: number;
  /** Bytes of each request and each response. */
  request: number;
  response: number;
  end: End;
  /** The capture merges what arrives together (GRO, TSO). */
  merges: boolean;
  /** Share of packets that the path loses, that the capture misses, and that the path delays by up to a round trip. */
  lost: number;
  missed: number;
  delayed: number;
  seed: number;
}

interface Packet {
  /** When it passes the capture. */
  time: number;
  direction: '>' | '<';
  flags: string;
  seq: number;
  /** Written into the header even without the flag, as Windows does; null for 0. */
  ack: number | null;
  length: number;
  window: number;
  ttl: number;
  id: number;
  /** TSval in milliseconds; null without the option. */
  ts: number | null;
  raw: boolean;
}

const INITIAL_TTL: Record<StackName, number> = { linux: 64, freebsd: 64, macos: 64, windows: 128 };
const MSS = 1448;
const RETRANSMIT = 0.6;
const SYN_TIMEOUT = 1;

class Host {
  state: 'open' | 'closed' | 'gone' = 'open';
  next = 0;
  expected = 0;
  /** Bytes that came ahead of a hole. */
  readonly early = new Map<number, number>();
  peer!: Host;
  private ipId: number;
  readonly direction: '>' | '<';
  private readonly setup: HostSetup;
  private readonly world: Conversation;
  private readonly delay: number;

  constructor(direction: '>' | '<', setup: HostSetup, delay: number, world: Conversation) {
    this.direction = direction;
    this.setup = setup;
    this.delay = delay;
    this.world = world;
    this.ipId = world.random.below(65_536);
  }

  private nextId(segments: number): number {
    const { id } = this.setup;
    if (id === 'zero') return 0;
    if (id === 'constant') return this.ipId;
    if (id === 'random') return this.world.random.below(65_536);
    const now = this.ipId;
    const others = id === 'global' ? this.world.random.below(300) : 0;
    this.ipId = (this.ipId + segments + others) & 0xffff;
    return now;
  }

  private ttl(stateless: boolean): number {
    const initial = INITIAL_TTL[this.setup.stack];
    // The same distance, or no stack could tell: an application picks another initial value, not another path.
    const own = this.setup.ownTtl && !stateless ? 255 : initial;
    return own - this.setup.hops;
  }

  private get stamped(): boolean {
    return this.setup.timestamps && this.peer.setup.timestamps;
  }

  private put(flags: string, fields: Partial<Packet>, stateless = false): void {
    const stamp = this.stamped && !stateless ? Math.round(this.world.now * 1000) + 1 : null;
    this.world.carry(this, this.delay, this.peer.delay, {
      time: 0,
      direction: this.direction,
      flags,
      seq: this.next,
      ack: flags.includes('.') ? this.expected : null,
      length: 0,
      window: 501,
      ttl: this.ttl(stateless),
      id: this.nextId(Math.max(1, Math.ceil((fields.length ?? 0) / MSS))),
      ts: stamp,
      raw: false,
      ...fields,
    });
  }

  syn(flags: 'S' | 'S.', attempt = 0): void {
    const idless = flags === 'S.' && this.setup.stack === 'linux';
    this.put(flags, { seq: 0, window: 64_240, ...(idless ? { id: 0 } : {}) });
    this.next = Math.max(this.next, 1);
    if (flags === 'S' && attempt < 3)
      this.world.after(SYN_TIMEOUT * 2 ** attempt, () => {
        if (this.expected === 0 && this.state === 'open') this.syn('S', attempt + 1);
      });
  }

  ack(): void {
    if (this.state !== 'gone') this.put('.', {});
  }

  /** Sends payload, in one piece where the card cuts it, else in segments. */
  say(length: number, whole: boolean): void {
    if (this.state !== 'open') return;
    for (let left = length; left > 0; ) {
      const size = whole ? left : Math.min(left, MSS);
      this.repeatable('P.', size);
      left -= size;
    }
  }

  close(): void {
    if (this.state !== 'open') return;
    this.repeatable('F.', 0);
    this.state = 'closed';
  }

  /** Sent, and sent again until it is acknowledged. */
  private repeatable(flags: string, length: number): void {
    const seq = this.next;
    const end = seq + length + (flags.includes('F') ? 1 : 0);
    this.next = end;
    const send = (attempt: number) => {
      if (attempt > 0 && (this.state === 'gone' || this.peer.expected >= end)) return;
      this.put(flags, { seq, length });
      if (attempt < 3) this.world.after(RETRANSMIT * 2 ** attempt, () => send(attempt + 1));
    };
    send(0);
  }

  /** The application or a timer ends it: Linux keeps window and options, Windows writes neither. */
  abort(): void {
    if (this.state === 'gone') return;
    const { stack } = this.setup;
    const window = stack === 'linux' ? 501 : this.world.random.pick([0, 501]);
    this.put('R.', stack === 'windows' ? { window: 0, ts: null } : { window });
    this.state = 'gone';
  }

  forget(): void {
    this.state = 'gone';
  }

  /** The answer to a packet that belongs to nothing. */
  private refuse(p: Packet): void {
    const { stack } = this.setup;
    if (!p.flags.includes('.')) {
      this.put('R.', { seq: 0, raw: true, ack: p.seq + 1, window: 0, ts: null, id: this.stateless() }, true);
      return;
    }
    const lame = stack === 'windows' ? { ack: p.seq + p.length } : {};
    this.put('R', { seq: p.ack!, window: 0, id: this.stateless(), ...lame }, true);
  }

  private stateless(): number {
    return this.setup.stack === 'linux' ? 0 : this.nextId(1);
  }

  /** A RST of an earlier connection on the same ports that took its time. */
  leftover(): void {
    this.put('R', { seq: this.world.random.below(2 ** 31), window: 0, id: this.stateless() }, true);
  }

  receive(p: Packet): void {
    if (p.flags.includes('R')) {
      // RFC 5961 §3.2.
      if (p.raw || p.seq === this.expected) this.state = 'gone';
      else if (p.seq > this.expected && p.seq < this.expected + 501 * 128) this.ack();
      return;
    }
    if (this.state === 'gone') {
      this.refuse(p);
      return;
    }
    if (p.flags.includes('S')) {
      this.expected = 1;
      if (p.flags === 'S') this.syn('S.');
      else this.ack();
      return;
    }
    const end = p.seq + p.length + (p.flags.includes('F') ? 1 : 0);
    if (end === p.seq) return;
    if (this.state === 'closed' && p.length > 0) {
      this.refuse(p);
      this.state = 'gone';
      return;
    }
    this.early.set(p.seq, Math.max(end, this.early.get(p.seq) ?? 0));
    for (let more = true; more; ) {
      more = false;
      for (const [from, to] of this.early)
        if (from <= this.expected) {
          this.early.delete(from);
          this.expected = Math.max(this.expected, to);
          more = true;
        }
    }
    this.ack();
  }
}

/** Plays a story and remembers what the capture saw. */
class Conversation {
  now = 0;
  readonly random: Random;
  readonly seen: Packet[] = [];
  private readonly queue: { time: number; order: number; run: () => void }[] = [];
  private order = 0;
  readonly client: Host;
  readonly server: Host;
  private readonly story: Story;

  constructor(story: Story) {
    this.story = story;
    this.random = new Random(story.seed);
    this.client = new Host('>', story.client, story.clientDelay, this);
    this.server = new Host('<', story.server, story.serverDelay, this);
    this.client.peer = this.server;
    this.server.peer = this.client;
  }

  after(delay: number, run: () => void): void {
    this.queue.push({ time: this.now + delay, order: this.order++, run });
  }

  /** Over the path: past the capture, and on to the other host, or lost on either part. */
  carry(from: Host, before: number, behind: number, packet: Packet): void {
    const { story, random } = this;
    // By up to a round trip of the part on which it happens.
    const early = random.chance(0.5);
    const late = random.chance(story.delayed) ? random.next() * 2 * (early ? before : behind) : 0;
    const passes = this.now + before + (early ? late : 0);
    const lost = random.chance(story.lost);
    // Lost before the capture, it is not in it; lost behind it, it is.
    if ((!lost || random.chance(0.5)) && !random.chance(story.missed))
      this.seen.push({ ...packet, time: passes });
    if (!lost) this.after(passes - this.now + behind + (early ? 0 : late), () => from.peer.receive(packet));
  }

  private run(until: number): void {
    for (;;) {
      let best = -1;
      for (let i = 0; i < this.queue.length; i++) {
        const one = this.queue[i]!;
        if (one.time > until) continue;
        if (
          best < 0 ||
          one.time < this.queue[best]!.time ||
          (one.time === this.queue[best]!.time && one.order < this.queue[best]!.order)
        )
          best = i;
      }
      if (best < 0) break;
      const [next] = this.queue.splice(best, 1);
      this.now = next!.time;
      next!.run();
    }
    this.now = until;
  }

  play(): Packet[] {
    const { story, client, server, random } = this;
    const roundTrip = 2 * (story.clientDelay + story.serverDelay);
    const wait = (seconds: number) => this.run(this.now + seconds);
    if (story.end === 'refused') server.forget();
    client.syn('S');
    for (let i = 0; i < 10 && client.expected === 0; i++) wait(roundTrip + 0.001 + i);
    if (story.end !== 'refused' && client.expected > 0) {
      for (let i = 0; i < story.exchanges; i++) {
        wait(story.think);
        client.say(story.request, story.merges);
        wait(roundTrip / 2 + 0.002);
        server.say(story.response, story.merges);
        wait(roundTrip / 2 + 0.002);
      }
      this.finish(roundTrip, wait, random.next());
    }
    wait(10);
    return this.seen.sort((a, b) => a.time - b.time);
  }

  private finish(roundTrip: number, wait: (seconds: number) => void, dice: number): void {
    const { story, client, server } = this;
    wait(story.think * dice);
    if (story.end === 'server aborts') {
      client.say(story.request, story.merges);
      wait(roundTrip * dice);
      server.abort();
    } else if (story.end === 'client aborts') {
      client.say(story.request, story.merges);
      wait(roundTrip * dice);
      client.abort();
      server.say(story.response, story.merges);
    } else if (story.end === 'both abort') {
      client.abort();
      server.abort();
    } else if (story.end === 'server closes, client writes on') {
      server.close();
      wait(roundTrip * dice * 2);
      client.say(story.request, story.merges);
      wait(0.001);
      client.say(story.request, story.merges);
    } else if (story.end === 'server forgets') {
      server.forget();
      wait(story.think);
      client.say(story.request, false);
      client.say(story.request, false);
    } else if (story.end === 'client dies during a response') {
      client.say(story.request, story.merges);
      wait(roundTrip / 2);
      server.say(story.response, false);
      client.forget();
      wait(0.001);
      server.say(story.response, false);
    } else {
      server.leftover();
      for (let i = 0; i < 3; i++) {
        wait(roundTrip + 0.05);
        client.say(story.request, story.merges);
        wait(roundTrip / 2);
        server.say(story.response, story.merges);
      }
    }
  }
}

/** Payload that follows on at the same instant becomes one packet, as offloading network cards make it. */
function merged(packets: Packet[]): Packet[] {
  const out: Packet[] = [];
  for (const p of packets) {
    const last = out.at(-1);
    const follows =
      last !== undefined &&
      last.direction === p.direction &&
      last.length > 0 &&
      p.length > 0 &&
      p.flags === 'P.' &&
      last.flags === 'P.' &&
      last.seq + last.length === p.seq &&
      p.time - last.time < 0.0005 &&
      last.length + p.length < 60_000;
    if (follows) {
      last.length += p.length;
      last.ack = p.ack;
    } else out.push({ ...p });
  }
  return out;
}

/** The capture as a timeline (docs/timeline.md) whose every number is given. */
export function honestTimeline(story: Story): string {
  const seen = new Conversation(story).play();
  const start = seen[0]?.time ?? 0;
  return (story.merges ? merged(seen) : seen)
    .map((p) => {
      const fields = [
        p.raw ? 'rawseq 0' : `seq ${p.seq}`,
        p.ack === null ? '' : `ack ${p.ack}`,
        `win ${p.window} ttl ${p.ttl} id ${p.id}`,
        p.ts === null ? 'nots' : `ts ${p.ts}`,
        p.length > 0 ? `len ${p.length}` : '',
      ];
      return `+${(p.time - start).toFixed(9)} ${p.direction} ${p.flags} ${fields.filter((f) => f !== '').join(' ')}`;
    })
    .join('\n');
}
