import type { Connection } from '../connection/connection.ts';
import idle from '../evidence/idle.ts';
import { EMPTY_WORLD, type Neighbours } from '../evidence/world.ts';

/** Connections that end this close together share a moment. */
const INSTANT = 0.5;

/** Silences this close (relative, or absolute in seconds) are one timer. */
const SAME_RELATIVE = 0.02;
const SAME_ABSOLUTE = 0.05;

/** What of one troubled connection is compared with its neighbours. */
interface Features {
  end: number;
  /** Seconds of silence that ended it, -1 when none. */
  silence: number;
  /** Seconds from the client's last request to the client's own RST, -1 when it was not the client. */
  patience: number;
  /** Handshake without payload, ended by the client. */
  probe: boolean;
  start: number;
}

function featuresOf(connection: Connection): Features {
  const { originator, responder, start, end } = connection;
  const subject = { connection, world: EMPTY_WORLD, memo: [] };
  const silence = idle.of(subject);
  const rst = originator.rst;
  const request = originator.lastTurn;
  return {
    start,
    end: (originator.rst ?? responder.rst ?? responder.fin ?? originator.fin)?.time ?? end,
    silence: silence.known && silence.idle ? silence.timer : -1,
    patience: rst !== null && request !== null ? rst.time - request.time : -1,
    probe: originator.turns === 0 && responder.turns === 0 && rst !== null && responder.synSeen,
  };
}

/** How many values of a sorted list lie in [low, high]. */
function within(sorted: readonly number[], low: number, high: number): number {
  const first = (bound: number, inclusive: boolean) => {
    let from = 0;
    let to = sorted.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const value = sorted[middle]!;
      if (value < bound || (!inclusive && value === bound)) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  return first(high, false) - first(low, true);
}

function alike(sorted: readonly number[], value: number): number {
  if (value < 0) return 0;
  const slack = Math.max(SAME_ABSOLUTE, SAME_RELATIVE * value);
  return within(sorted, value - slack, value + slack);
}

interface Group {
  ends: number[];
  silences: number[];
  /** By client address. */
  clients: Map<string, { patiences: number[]; probes: number[] }>;
  troubled: number;
}

const ascending = (a: number, b: number) => a - b;

/** The troubled connections of one input, comparable with each other. */
export class Population {
  private readonly features: Features[] = [];
  private readonly groups = new Map<string, Group>();
  private readonly places: { group: Group; client: string }[] = [];

  /** Connections are added in the order of their archive. */
  add(connection: Connection): void {
    const features = featuresOf(connection);
    const { address, port } = connection.responder;
    const key = `${address} ${port}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      group = { ends: [], silences: [], clients: new Map(), troubled: 0 };
      this.groups.set(key, group);
    }
    const client = connection.originator.address;
    let own = group.clients.get(client);
    if (own === undefined) {
      own = { patiences: [], probes: [] };
      group.clients.set(client, own);
    }
    group.troubled++;
    group.ends.push(features.end);
    if (features.silence >= 0) group.silences.push(features.silence);
    if (features.patience >= 0) own.patiences.push(features.patience);
    if (features.probe) own.probes.push(features.start);
    this.features.push(features);
    this.places.push({ group, client });
  }

  /** Call once after the last `add`. */
  settle(): void {
    for (const group of this.groups.values()) {
      group.ends.sort(ascending);
      group.silences.sort(ascending);
      for (const { patiences, probes } of group.clients.values()) {
        patiences.sort(ascending);
        probes.sort(ascending);
      }
    }
  }

  neighbours(index: number): Neighbours | null {
    const features = this.features[index];
    const place = this.places[index];
    if (features === undefined || place === undefined) return null;
    const { group } = place;
    const { patiences, probes } = group.clients.get(place.client)!;
    const spacings = probes.slice(1).map((time, i) => time - probes[i]!);
    return {
      sameInstant: within(group.ends, features.end - INSTANT, features.end + INSTANT),
      sameSilence: alike(group.silences, features.silence),
      troubled: group.troubled,
      probes: probes.length,
      probeSpacing: spacings.sort(ascending)[spacings.length >> 1] ?? -1,
      samePatience: alike(patiences, features.patience),
    };
  }
}
