import type { Connection, Ending } from '../connection/connection.ts';
import { hasAck } from '../connection/packet-kind.ts';
import { newSubject } from '../evidence/define.ts';
import idle from '../evidence/exchange/idle.ts';
import { PROMPT } from '../evidence/thresholds.ts';
import { EMPTY_WORLD, type Neighbours } from '../evidence/world.ts';
import { nameIn } from '../protocol/server-name.ts';
import { Attempts, isAccepted, NOTHING_TRIED } from './attempts.ts';
import { SortedPairs } from './sorted-pairs.ts';

/** Connections that end this close together share a moment. */
const INSTANT = 0.5;
/** Less than any two packets lie apart, seconds. */
const EPSILON = 1e-9;

/** Silences this close (relative, or absolute in seconds) are one timer. */
const SAME_RELATIVE = 0.02;
const SAME_ABSOLUTE = 0.05;

/** Seconds of silence that ended it, -1 when none. */
function silenceOf(connection: Connection): number {
  const silence = idle.of(newSubject(connection, EMPTY_WORLD));
  return silence.known && silence.silent ? silence.timer : -1;
}

/** The server had received payload when it ended the connection: its FIN or RST acknowledges more than the SYN. */
function hadReceived({ originator, timeline }: Connection, cut: Ending | null): boolean {
  if (originator.turns === 0 || cut === null) return false;
  const packet = timeline.find(({ number }) => number === cut.number);
  return packet === undefined || !hasAck(packet) || packet.ack > 1;
}

/** How far two values of one timer lie apart. */
const slackOf = (value: number) => Math.max(SAME_ABSOLUTE, SAME_RELATIVE * value);

function alike(values: SortedPairs, value: number): number {
  return value < 0 ? 0 : values.within(value - slackOf(value), value + slackOf(value));
}

/**
 * How many spans were as long as this one and began at another time, this one included: what began together and
 * ended together met one event, and a limit on a span needs different starts.
 *
 * @param spans seconds, with the time at which each began; `begun`: the other way round
 */
function atDifferentTimes(spans: SortedPairs, begun: SortedPairs, span: number, start: number): number {
  if (span < 0) return 0;
  const slack = slackOf(span);
  const together = begun.withBoth(start - INSTANT, start + INSTANT, span - slack, span + slack);
  return Math.max(1, alike(spans, span) - together + 1);
}

/** What the connections of one client to one server share. */
class Client {
  /** Attempts that were not accepted. */
  attempts = 0;
  readonly patiences = new SortedPairs();
  /** When its connections without payload began. */
  readonly probes: number[] = [];
  /** Median time between two of those, -1 when there are not two. */
  spacing = -1;

  settle(): void {
    this.patiences.settle();
    const { probes } = this;
    probes.sort(ascending);
    const spacings = probes.slice(1).map((time, i) => time - probes[i]!);
    this.spacing = spacings.sort(ascending)[spacings.length >> 1] ?? -1;
  }
}

/** What the connections to one server share. */
class Server {
  /** End of each connection, with its start; and the other way round. */
  readonly ends = new SortedPairs();
  readonly starts = new SortedPairs();
  readonly silences = new SortedPairs();
  /** Age of each last request when the server ended it, with the time at which it began; and the other way round. */
  readonly ages = new SortedPairs();
  readonly requests = new SortedPairs();
  /** Age of each connection that the server ended, with the time at which it began; and the other way round. */
  readonly lives = new SortedPairs();
  readonly births = new SortedPairs();
  /** How often the server ended a connection after so many answers. */
  readonly served = new Map<number, number>();
  /** How often each name was asked for. */
  readonly names = new Map<string, number>();
  /** Connections that a client opened and reset without payload: how many, from when to when. */
  readonly probes = { count: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
  /** Clients that showed patience or probed, by address. */
  readonly clients = new Map<string, Client>();
  unanswered = 0;
  endedAtAccept = 0;

  client(address: string): Client {
    let client = this.clients.get(address);
    if (client === undefined) {
      client = new Client();
      this.clients.set(address, client);
    }
    return client;
  }

  addProbe(client: string, time: number): void {
    const { probes } = this;
    probes.count++;
    probes.first = Math.min(probes.first, time);
    probes.last = Math.max(probes.last, time);
    this.client(client).probes.push(time);
  }

  settle(): void {
    for (const pairs of [
      this.ends,
      this.starts,
      this.silences,
      this.ages,
      this.requests,
      this.lives,
      this.births,
    ])
      pairs.settle();
    for (const client of this.clients.values()) client.settle();
  }
}

const ascending = (a: number, b: number) => a - b;

/** The troubled connections of one input, comparable with each other. */
export class Population {
  private readonly servers = new Map<string, Server>();
  /** Clients whose attempts were not accepted, by address. */
  private readonly attempters = new Map<string, Attempts>();
  /* By connection. */
  private readonly serverOf: Server[] = [];
  private readonly names: (string | null)[] = [];
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  private readonly silences: Float64Array;
  private readonly ages: Float64Array;
  private readonly requests: Float64Array;
  private readonly lives: Float64Array;
  private readonly served: Float64Array;
  private readonly patiences: Float64Array;

  /** @param size connections there will be at most */
  constructor(size: number) {
    this.starts = new Float64Array(size);
    this.ends = new Float64Array(size);
    this.silences = new Float64Array(size);
    this.ages = new Float64Array(size);
    this.requests = new Float64Array(size);
    this.lives = new Float64Array(size);
    this.served = new Float64Array(size);
    this.patiences = new Float64Array(size);
  }

  /** Connections are added in the order of their archive. */
  add(connection: Connection): void {
    const { originator, responder } = connection;
    const index = this.serverOf.length;
    const server = this.server(responder.address, responder.port);
    this.serverOf.push(server);

    const { rst, lastTurn } = originator;
    const end = (rst ?? responder.rst ?? responder.fin ?? originator.fin)?.time ?? connection.end;
    this.ends[index] = end;
    this.starts[index] = connection.start;
    server.ends.add(end, connection.start);
    server.starts.add(connection.start, end);

    const silence = silenceOf(connection);
    this.silences[index] = silence;
    if (silence >= 0) server.silences.add(silence, end);

    const name = originator.firstTurn === null ? null : (nameIn(originator.firstTurn.head)?.name ?? null);
    this.names.push(name);
    if (name !== null) server.names.set(name, (server.names.get(name) ?? 0) + 1);

    // From the first byte of the client's last request to the server's own end of it; -1 when it did not end it.
    const cut = rst === null ? (responder.fin ?? responder.rst) : null;
    const age = cut !== null && lastTurn !== null ? cut.time - lastTurn.time : -1;
    this.ages[index] = age;
    const request = lastTurn?.time ?? -1;
    this.requests[index] = request;
    if (age >= 0) {
      server.ages.add(age, request);
      server.requests.add(request, age);
    }

    const life = cut !== null && connection.sawHandshake ? cut.time - connection.start : -1;
    this.lives[index] = life;
    if (life >= 0) {
      server.lives.add(life, connection.start);
      server.births.add(connection.start, life);
    }

    // How much was served before this is known only of connections that were seen from their start.
    const served = cut !== null && connection.sawHandshake ? responder.turns : 0;
    this.served[index] = served;
    if (served > 0) server.served.set(served, (server.served.get(served) ?? 0) + 1);

    // From the client's last request to the client's own RST; -1 when it was not the client.
    const patience = rst !== null && lastTurn !== null ? rst.time - lastTurn.time : -1;
    this.patiences[index] = patience;
    const probe = rst !== null && originator.turns === 0 && responder.turns === 0 && responder.synSeen;
    if (cut !== null && originator.lastDataNumber > responder.lastDataNumber) server.unanswered++;
    const silent = responder.turns === 0 && connection.sawHandshake && !hadReceived(connection, cut);
    if (cut !== null && silent && responder.synSeen && cut.time - connection.start < PROMPT)
      server.endedAtAccept++;
    if (!isAccepted(connection)) {
      server.client(originator.address).attempts++;
      this.attemptsOf(originator.address).add(responder, connection.start);
    }
    if (patience >= 0) server.client(originator.address).patiences.add(patience, end);
    if (probe) server.addProbe(originator.address, connection.start);
  }

  private attemptsOf(client: string): Attempts {
    const known = this.attempters.get(client);
    if (known !== undefined) return known;
    const attempts = new Attempts();
    this.attempters.set(client, attempts);
    return attempts;
  }

  private server(address: string, port: number): Server {
    const key = `${address} ${port}`;
    let server = this.servers.get(key);
    if (server === undefined) {
      server = new Server();
      this.servers.set(key, server);
    }
    return server;
  }

  /** Call once after the last `add`. */
  settle(): void {
    for (const server of this.servers.values()) server.settle();
  }

  /** @param address the originator's, which is not kept */
  neighbours(index: number, address: string): Neighbours | null {
    const server = this.serverOf[index];
    if (server === undefined) return null;
    const client = server.clients.get(address);
    const sameInstant = this.sameInstant(server, index);
    const silence = this.silences[index]!;
    return {
      sameInstant,
      sameStart: Math.min(sameInstant, this.sameStart(server, index)),
      sameSilence: alike(server.silences, silence),
      silent: server.silences.length,
      sameAge: atDifferentTimes(server.ages, server.requests, this.ages[index]!, this.requests[index]!),
      sameLife: atDifferentTimes(server.lives, server.births, this.lives[index]!, this.starts[index]!),
      sameServed: server.served.get(this.served[index]!) ?? 0,
      troubled: server.ends.length,
      unanswered: server.unanswered,
      endedAtAccept: server.endedAtAccept,
      attempts: client?.attempts ?? 0,
      tried: this.attempters.get(address)?.summary() ?? NOTHING_TRIED,
      serverProbes: {
        count: server.probes.count,
        span: Math.max(0, server.probes.last - server.probes.first),
      },
      probes: client?.probes.length ?? 0,
      probeSpacing: client?.spacing ?? -1,
      samePatience: client === undefined ? 0 : alike(client.patiences, this.patiences[index]!),
      sameName: server.names.get(this.names[index] ?? '') ?? 0,
    };
  }

  /** Sessions each of which began after the end of the one before ended at no common moment. */
  private sameInstant({ ends, starts }: Server, index: number): number {
    const start = this.starts[index]!;
    const end = this.ends[index]!;
    const near = ends.within(end - INSTANT, end + INSTANT);
    const before = start < end ? ends.within(end - INSTANT, start) : 0;
    const after = starts.withBoth(Math.max(end, start) + EPSILON, end + INSTANT, end, end + INSTANT);
    return Math.max(1, near - before - after);
  }

  private sameStart({ starts }: Server, index: number): number {
    const start = this.starts[index]!;
    const end = this.ends[index]!;
    return starts.withBoth(start - INSTANT, start + INSTANT, end - INSTANT, end + INSTANT);
  }
}
