import type { ListedAddress, ListNames } from './list-names.ts';
import type { ListedPacket } from './listed-packet.ts';
import { Conversation } from './numbers.ts';

/** Both ends of a packet, resolved. */
export interface Route {
  source: ListedAddress;
  destination: ListedAddress;
  sourcePort: number;
  destinationPort: number;
}

/** One TCP connection's packets in a list. */
export interface Flow {
  numbers: Conversation;
  /** Side 0 is who sends the first packet. */
  route: Route;
  /** Positions of its packets in the list, in order. */
  members: number[];
  /** The first number of each side that the list shows, in its own packets or acknowledged to it. */
  shown: [number | null, number | null];
}

export interface Member {
  flow: Flow;
  side: 0 | 1;
}

const ACK = 0x10;
/** Connections of one pair of hosts that a line without ports may belong to. */
const MOST_CANDIDATES = 64;

const keyOf = ({ words }: ListedAddress, port: number) => `${words.join('.')}:${port}`;

/** How many members of a flow stand at or before a position of the list. */
export function membersUpTo({ members }: Flow, at: number): number {
  let low = 0;
  let high = members.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (members[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Sorts the packets of a list by connection. */
export class ListFlows {
  private readonly byKey = new Map<string, Flow>();
  /** Flows by their two hosts, for lines that show no ports. */
  private readonly byHosts = new Map<string, Flow[]>();
  private readonly names: ListNames;

  constructor(names: ListNames) {
    this.names = names;
  }

  /** The ends of a packet that shows addresses and ports; null when one cannot be read. */
  route({ source, destination }: ListedPacket): Route | null {
    const from = this.names.address(source.host);
    const to = this.names.address(destination.host);
    const sourcePort = source.port === null ? null : this.names.port(source.port);
    const destinationPort = destination.port === null ? null : this.names.port(destination.port);
    if (from === null || to === null || sourcePort === null || destinationPort === null) return null;
    return { source: from, destination: to, sourcePort, destinationPort };
  }

  /** Adds a packet of a known connection, or of a new one. */
  add(at: number, packet: ListedPacket, route: Route): Member {
    const from = keyOf(route.source, route.sourcePort);
    const to = keyOf(route.destination, route.destinationPort);
    const known = this.byKey.get(`${from} ${to}`);
    const reverse = known === undefined ? this.byKey.get(`${to} ${from}`) : undefined;
    const flow = known ?? reverse ?? this.begin(`${from} ${to}`, route);
    const side = reverse === undefined ? 0 : 1;
    flow.members.push(at);
    const { tcp } = packet;
    if (tcp !== null) {
      flow.shown[side] ??= tcp.seq;
      if (((tcp.flags ?? 0) & ACK) !== 0) flow.shown[side === 0 ? 1 : 0] ??= tcp.ack;
    }
    return { flow, side };
  }

  /** The latest connections between two hosts, in order of their first packets; `side` is that of `source`. */
  between(source: string, destination: string): { flow: Flow; side: 0 | 1 }[] {
    const from = this.names.address(source);
    const to = this.names.address(destination);
    if (from === null || to === null) return [];
    const [a, b] = [from.words.join('.'), to.words.join('.')];
    const latest = (key: string, side: 0 | 1) =>
      (this.byHosts.get(key) ?? []).slice(-MOST_CANDIDATES).map((flow) => ({ flow, side }));
    return [...latest(`${a} ${b}`, 0), ...(a === b ? [] : latest(`${b} ${a}`, 1))];
  }

  /** All connections in which a host takes part. */
  of(host: string): { flow: Flow; side: 0 | 1 }[] {
    const address = this.names.address(host)?.words.join('.');
    const found: { flow: Flow; side: 0 | 1 }[] = [];
    for (const flow of this.byKey.values()) {
      if (flow.route.source.words.join('.') === address) found.push({ flow, side: 0 });
      else if (flow.route.destination.words.join('.') === address) found.push({ flow, side: 1 });
    }
    return found;
  }

  private begin(key: string, route: Route): Flow {
    const flow: Flow = { numbers: new Conversation(key), route, members: [], shown: [null, null] };
    this.byKey.set(key, flow);
    const hosts = `${route.source.words.join('.')} ${route.destination.words.join('.')}`;
    const others = this.byHosts.get(hosts);
    if (others === undefined) this.byHosts.set(hosts, [flow]);
    else others.push(flow);
    return flow;
  }
}
