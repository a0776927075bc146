import { EndpointTable, IPV6_LABEL } from './endpoint-table.ts';
import type { HostReport } from './host-report.ts';

/** How connections that began before the capture use one endpoint (address and port). */
export interface EndpointUse {
  connections: number;
  /** Times its other end was another endpoint than the time before: 1 for the port of a single connection. */
  peers: number;
  /** Times the other end had another port than the time before. */
  peerPorts: number;
}

/** How often a port number is on either side of such a connection, whatever the address, and opened to by a SYN. */
export interface PortUse {
  midStream: number;
  opened: number;
  /** Connections with a handshake in view that were opened from this port. */
  openedFrom: number;
}

/** Columns. */
const PEERS = 0;
const PEER_PORTS = 1;
const LAST_PEER = 2;
const LAST_PORT = 3;
const CONNECTIONS = 4;
const WIDTH = 5;

const PORTS = 65_536;

function newUse(values: Float64Array, at: number): void {
  values[at + LAST_PEER] = -1;
  values[at + LAST_PORT] = -1;
}

function hash(words: Int32Array, at: number, port: number): number {
  let h = port;
  for (let i = 0; i < 4; i++) h = Math.imul((h ^ words[at + i]!) + (h >>> 15), 0x85ebca6b);
  return h >>> 0;
}

/**
 * A server's port has many peers and a client's ephemeral port has one. Where
 * no SYN shows who opened a connection, the others of the capture do: their
 * endpoints are counted here, those of connections with a handshake in view by
 * port number alone. Bounded by `limit` endpoints and 768 KiB for the ports,
 * which are taken at the first connection.
 */
export class MidStreamUse {
  private readonly endpoints: EndpointTable;
  private ports: Uint32Array | null = null;
  private index: Map<string, number> | null = null;

  constructor(limit: number) {
    this.endpoints = new EndpointTable(limit, WIDTH);
  }

  add(c: HostReport): void {
    this.ports ??= new Uint32Array(3 * PORTS);
    if (c.opened) {
      this.ports[PORTS + c.responderPort]!++;
      this.ports[2 * PORTS + c.originatorPort]!++;
      return;
    }
    this.index = null;
    this.ports[c.originatorPort]!++;
    this.ports[c.responderPort]!++;
    this.note(c, c.originatorAt, c.originatorPort, c.responderAt, c.responderPort);
    this.note(c, c.responderAt, c.responderPort, c.originatorAt, c.originatorPort);
  }

  /** Null when the endpoint was in no such connection, or the table was full when it was. */
  endpoint(address: string, port: number): EndpointUse | null {
    if (this.index === null) {
      const index = new Map<string, number>();
      this.endpoints.each((text, label, at) => index.set(`${text} ${label & 0xffff}`, at));
      this.index = index;
    }
    const at = this.index.get(`${address} ${port}`);
    if (at === undefined) return null;
    const { values } = this.endpoints;
    return {
      connections: values[at + CONNECTIONS]!,
      peers: values[at + PEERS]!,
      peerPorts: values[at + PEER_PORTS]!,
    };
  }

  port(port: number): PortUse {
    const of = (column: number) => this.ports?.[column * PORTS + port] ?? 0;
    return { midStream: of(0), opened: of(1), openedFrom: of(2) };
  }

  private note(c: HostReport, own: number, port: number, peer: number, peerPort: number): void {
    const label = (c.family === 6 ? IPV6_LABEL : 0) | port;
    const at = this.endpoints.enter(c.words, own, label, newUse);
    if (at < 0) return;
    const { values } = this.endpoints;
    values[at + CONNECTIONS]!++;
    const other = hash(c.words, peer, peerPort);
    if (values[at + LAST_PEER] !== other) values[at + PEERS]!++;
    if (values[at + LAST_PORT] !== peerPort) values[at + PEER_PORTS]!++;
    values[at + LAST_PEER] = other;
    values[at + LAST_PORT] = peerPort;
  }
}
