import type { Connection } from '../connection/connection.ts';
import { newSubject } from '../evidence/define.ts';
import idle from '../evidence/exchange/idle.ts';
import { EMPTY_WORLD, type Neighbours } from '../evidence/world.ts';
import { nameIn } from '../protocol/server-name.ts';

/** Connections that end this close together share a moment. */
const INSTANT = 0.5;

/** Silences this close (relative, or absolute in seconds) are one timer. */
const SAME_RELATIVE = 0.02;
const SAME_ABSOLUTE = 0.05;

/** Seconds of silence that ended it, -1 when none. */
function silenceOf(connection: Connection): number {
  const silence = idle.of(newSubject(connection, EMPTY_WORLD));
  return silence.known && silence.idle ? silence.timer : -1;
}

/** How many values of a sorted list lie below `bound`, or at it when `inclusive`. */
function below(sorted: readonly number[], bound: number, inclusive: boolean): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const value = sorted[middle]!;
    if (value < bound || (inclusive && value === bound)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How many values of a sorted list lie in [low, high]. */
function within(sorted: readonly number[], low: number, high: number): number {
  return below(sorted, high, true) - below(sorted, low, false);
}

function alike(sorted: readonly number[], value: number): number {
  if (value < 0) return 0;
  const slack = Math.max(SAME_ABSOLUTE, SAME_RELATIVE * value);
  return within(sorted, value - slack, value + slack);
}

/** What the connections of one client to one server share. */
class Client {
  readonly patiences: number[] = [];
  /** When its connections without payload began. */
  readonly probes: number[] = [];
  /** Median time between two of those, -1 when there are not two. */
  spacing = -1;

  settle(): void {
    this.patiences.sort(ascending);
    const { probes } = this;
    probes.sort(ascending);
    const spacings = probes.slice(1).map((time, i) => time - probes[i]!);
    this.spacing = spacings.sort(ascending)[spacings.length >> 1] ?? -1;
  }
}

/** What the connections to one server share. */
class Server {
  readonly ends: number[] = [];
  readonly silences: number[] = [];
  readonly ages: number[] = [];
  /** How often each name was asked for. */
  readonly names = new Map<string, number>();
  /** Clients that showed patience or probed, by address. */
  readonly clients = new Map<string, Client>();

  client(address: string): Client {
    let client = this.clients.get(address);
    if (client === undefined) {
      client = new Client();
      this.clients.set(address, client);
    }
    return client;
  }

  settle(): void {
    this.ends.sort(ascending);
    this.silences.sort(ascending);
    this.ages.sort(ascending);
    for (const client of this.clients.values()) client.settle();
  }
}

const ascending = (a: number, b: number) => a - b;

/** The troubled connections of one input, comparable with each other. */
export class Population {
  private readonly servers = new Map<string, Server>();
  /* By connection. */
  private readonly serverOf: Server[] = [];
  private readonly names: (string | null)[] = [];
  private readonly ends: Float64Array;
  private readonly silences: Float64Array;
  private readonly ages: Float64Array;
  private readonly patiences: Float64Array;

  /** @param size connections there will be at most */
  constructor(size: number) {
    this.ends = new Float64Array(size);
    this.silences = new Float64Array(size);
    this.ages = new Float64Array(size);
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
    server.ends.push(end);

    const silence = silenceOf(connection);
    this.silences[index] = silence;
    if (silence >= 0) server.silences.push(silence);

    const name = originator.firstTurn === null ? null : (nameIn(originator.firstTurn.head)?.name ?? null);
    this.names.push(name);
    if (name !== null) server.names.set(name, (server.names.get(name) ?? 0) + 1);

    // From the first byte of the client's last request to the server's own end of it; -1 when it did not end it.
    const cut = rst === null ? (responder.fin ?? responder.rst) : null;
    const age = cut !== null && lastTurn !== null ? cut.time - lastTurn.time : -1;
    this.ages[index] = age;
    if (age >= 0) server.ages.push(age);

    // From the client's last request to the client's own RST; -1 when it was not the client.
    const patience = rst !== null && lastTurn !== null ? rst.time - lastTurn.time : -1;
    this.patiences[index] = patience;
    const probe = rst !== null && originator.turns === 0 && responder.turns === 0 && responder.synSeen;
    if (patience >= 0) server.client(originator.address).patiences.push(patience);
    if (probe) server.client(originator.address).probes.push(connection.start);
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
    const end = this.ends[index]!;
    return {
      sameInstant: within(server.ends, end - INSTANT, end + INSTANT),
      sameSilence: alike(server.silences, this.silences[index]!),
      sameAge: alike(server.ages, this.ages[index]!),
      troubled: server.ends.length,
      probes: client?.probes.length ?? 0,
      probeSpacing: client?.spacing ?? -1,
      samePatience: client === undefined ? 0 : alike(client.patiences, this.patiences[index]!),
      sameName: server.names.get(this.names[index] ?? '') ?? 0,
    };
  }
}
