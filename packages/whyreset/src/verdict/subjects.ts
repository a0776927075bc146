import type { Archive } from '../connection/archive/archive.ts';
import type { Connection } from '../connection/connection.ts';
import type { LaterAttempts } from '../connection/hosts/attempt-log.ts';
import type { Hosts } from '../connection/hosts/hosts.ts';
import { newSubject, type Subject } from '../evidence/define.ts';
import type {
  AddressProfile,
  Neighbours,
  Rebound,
  ResponderProfile,
  Untranslated,
  World,
} from '../evidence/world.ts';
import { Orientation } from '../roles/orientation.ts';
import { OrientedArchive } from '../roles/oriented-archive.ts';
import type { TextInfo } from '../wire/reader.ts';
import { ContinuedStreams } from './continued-streams.ts';
import { Population } from './population.ts';

/** What the other captures have of a connection. */
type OtherViews = Pick<World, 'pairs' | 'watches'>;

const NO_OTHER_VIEWS: OtherViews = { pairs: [], watches: [] };

/** What an input shows beyond one of its connections. */
class WorldBeyond implements World {
  readonly index: number;
  readonly pairs: World['pairs'];
  readonly watches: World['watches'];
  readonly host: World['host'];
  readonly until: number;
  readonly resolution: number;
  readonly incomplete: boolean;
  private readonly connection: Connection;
  private readonly hosts: Hosts;
  private readonly population: Population;
  private readonly streams: ContinuedStreams;
  /** Several kinds of evidence ask for the same two addresses, and the table of all of them is large. */
  private asked: { address: string; port: number; profile: ResponderProfile | null } | null = null;
  private readonly names: [string | null, string | null] = [null, null];
  private readonly profiles: [AddressProfile | null, AddressProfile | null] = [null, null];

  constructor(
    index: number,
    connection: Connection,
    hosts: Hosts,
    population: Population,
    streams: ContinuedStreams,
    host: World['host'],
    { until, resolution, incomplete }: Pick<World, 'until' | 'resolution' | 'incomplete'>,
    { pairs, watches }: OtherViews,
  ) {
    this.until = until;
    this.resolution = resolution;
    this.incomplete = incomplete;
    this.host = host;
    this.pairs = pairs;
    this.watches = watches;
    this.index = index;
    this.connection = connection;
    this.hosts = hosts;
    this.population = population;
    this.streams = streams;
  }

  get directions(): World['directions'] {
    return this.hosts.directions;
  }

  address(address: string): AddressProfile | null {
    const { names, profiles } = this;
    if (names[0] === address) return profiles[0];
    if (names[1] === address) return profiles[1];
    const place = names[0] === null ? 0 : 1;
    names[place] = address;
    profiles[place] = this.hosts.address(address);
    return profiles[place];
  }

  responder(address: string, port: number): ResponderProfile | null {
    const { asked } = this;
    if (asked !== null && asked.address === address && asked.port === port) return asked.profile;
    const profile = this.hosts.responder(address, port);
    this.asked = { address, port, profile };
    return profile;
  }

  after(address: string, port: number, time: number): LaterAttempts | null {
    return this.hosts.after(address, port, time);
  }

  acceptedElsewhere(
    client: string,
    { address, port }: { address: string; port: number },
    from: number,
    to: number,
  ): { address: string; time: number } | null {
    return this.hosts.acceptedElsewhere(client, address, port, from, to);
  }

  neighbours(index: number): Neighbours | null {
    return this.population.neighbours(index, this.connection.originator.address);
  }

  untranslated(index: number): Untranslated | null {
    return this.streams.untranslated(index);
  }

  rebound(index: number): Rebound | null {
    return this.streams.rebound(index);
  }
}

/** What one input holds that is to be judged. */
export interface Judged {
  archive: Archive;
  hosts: Hosts;
  /** Time of the last segment, as in `Connection`. */
  until: number;
  info?: { text?: Pick<TextInfo, 'resolution' | 'incomplete'> };
}

/**
 * The troubled connections of one input, each with what is known beyond it,
 * one at a time. Each is unpacked twice, because what it shares with the
 * others is known only after all of them: that costs less than to keep them.
 */
export class Subjects {
  private readonly archive: OrientedArchive;
  private readonly hosts: Hosts;
  private readonly host: World['host'];
  private readonly shown: Pick<World, 'until' | 'resolution' | 'incomplete'>;
  private readonly population: Population;
  private readonly streams = new ContinuedStreams();

  /**
   * @param host what the hosts recorded beside the packets
   * @param orientation who is client; from this input alone unless given
   */
  constructor(
    { archive, hosts, until, info }: Judged,
    host: World['host'] = null,
    orientation = new Orientation([hosts]),
  ) {
    this.host = host;
    this.shown = {
      until,
      resolution: info?.text?.resolution ?? 0,
      incomplete: info?.text?.incomplete ?? false,
    };
    this.archive = new OrientedArchive(archive, orientation);
    this.hosts = hosts;
    this.population = new Population(archive.length);
    for (let index = 0; index < archive.length; index++) {
      const connection = this.archive.connection(index);
      this.population.add(connection);
      this.streams.add(index, connection);
    }
    this.population.settle();
    this.streams.settle(this.archive, hosts.openStreams);
  }

  get length(): number {
    return this.archive.length;
  }

  at(index: number, others: OtherViews = NO_OTHER_VIEWS): Subject {
    const { archive, hosts, population, streams, host, shown } = this;
    const connection = archive.connection(index);
    return newSubject(
      connection,
      new WorldBeyond(index, connection, hosts, population, streams, host, shown, others),
    );
  }

  *[Symbol.iterator](): Generator<Subject> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }
}
