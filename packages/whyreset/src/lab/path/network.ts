import { readFileSync, writeFileSync } from 'node:fs';
import { NetworkSpace } from '../kernel/space.ts';
import { Tap } from '../kernel/tap.ts';
import type { TapLoop } from '../kernel/tap-loop.ts';
import { LAB_NUMBER } from '../lab-number.ts';
import { tool } from '../tool.ts';
import { DelayLine } from './delay-line.ts';
import { flood, NOBODY } from './flood.ts';
import { offloadOff } from './offload.ts';

export type Host = 'client' | 'router' | 'server';
type Place = Host | 'between';

/** Labs that run at once have numbers, and each its own addresses: the kernel's trace shows those of all. */
export const NET = 77 + (Number(process.env[LAB_NUMBER]) || 0);

/** Addresses of the hosts; the router's are those towards the client and towards the server. */
export const ADDRESSES = {
  client: { v4: `10.${NET}.1.2`, v6: `fd${NET}:1::2` },
  server: { v4: `10.${NET}.2.2`, v6: `fd${NET}:2::2` },
  routerToClient: { v4: `10.${NET}.1.1`, v6: `fd${NET}:1::1` },
  routerToServer: { v4: `10.${NET}.2.1`, v6: `fd${NET}:2::1` },
};

export interface PathOptions {
  /** One-way delay between router and server, milliseconds. */
  delayMs?: number;
  /** Leave segmentation and checksum offload on, as most hosts have it (only without a delay). */
  offload?: boolean;
  /** MTU of the link between router and server, bytes; the hosts do not know of it. */
  narrowMtu?: number;
}

const MAC = { client: '02:77:00:00:0c:00', server: '02:77:00:00:05:00' };
const ROUTER_MAC = { eth0: '02:77:00:00:0e:00', eth1: '02:77:00:00:0e:01' };

/**
 * client — router — server, each a network namespace of its own, so that a
 * packet of the router arrives with another TTL (64) than one of the server (63).
 */
export class Network {
  private readonly spaces = new Map<Place, NetworkSpace>();
  private readonly loop: TapLoop;
  private readonly options: PathOptions;
  private delay: DelayLine | null = null;

  constructor(loop: TapLoop, options: PathOptions) {
    this.loop = loop;
    this.options = options;
    for (const host of ['client', 'router', 'server'] as const) this.spaces.set(host, NetworkSpace.create());
    this.link('client', 'eth0', MAC.client, 'router', 'eth0', ROUTER_MAC.eth0);
    this.ip('client', [
      'link set lo up',
      `addr add ${ADDRESSES.client.v4}/24 dev eth0`,
      `addr add ${ADDRESSES.client.v6}/64 dev eth0 nodad`,
      ...defaultRoutes(ADDRESSES.routerToClient),
      ...neighbours('eth0', ROUTER_MAC.eth0, ADDRESSES.routerToClient),
    ]);
    this.ip('router', [
      'link set lo up',
      `addr add ${ADDRESSES.routerToClient.v4}/24 dev eth0`,
      `addr add ${ADDRESSES.routerToClient.v6}/64 dev eth0 nodad`,
      ...neighbours('eth0', MAC.client, ADDRESSES.client),
    ]);
    this.sysctl('router', 'net/ipv4/ip_forward', '1');
    this.sysctl('router', 'net/ipv6/conf/all/forwarding', '1');
    this.plugServer();
  }

  /** Plugs the server in; after `loseServer` it is a host that remembers nothing. */
  plugServer(): void {
    const { delayMs = 0, offload = false, narrowMtu } = this.options;
    if (delayMs > 0) {
      this.spaces.set('between', NetworkSpace.create());
      this.link('router', 'eth1', ROUTER_MAC.eth1, 'between', 'd0', '02:77:00:00:0d:00');
      this.link('between', 'd1', '02:77:00:00:0d:01', 'server', 'eth0', MAC.server);
    } else this.link('router', 'eth1', ROUTER_MAC.eth1, 'server', 'eth0', MAC.server);
    this.ip('router', [
      ...(narrowMtu === undefined ? [] : [`link set eth1 mtu ${narrowMtu}`]),
      `addr add ${ADDRESSES.routerToServer.v4}/24 dev eth1`,
      `addr add ${ADDRESSES.routerToServer.v6}/64 dev eth1 nodad`,
      ...neighbours('eth1', MAC.server, ADDRESSES.server),
    ]);
    this.ip('server', [
      'link set lo up',
      `addr add ${ADDRESSES.server.v4}/24 dev eth0`,
      `addr add ${ADDRESSES.server.v6}/64 dev eth0 nodad`,
      ...defaultRoutes(ADDRESSES.routerToServer),
      ...neighbours('eth0', ROUTER_MAC.eth1, ADDRESSES.routerToServer),
    ]);
    if (delayMs > 0 || !offload) {
      this.within('client', () => offloadOff('eth0'));
      this.within('router', () => ['eth0', 'eth1'].forEach(offloadOff));
      this.within('server', () => offloadOff('eth0'));
    }
    if (delayMs === 0) return;
    const between = this.spaces.get('between')!;
    between.within(() => ['d0', 'd1'].forEach(offloadOff));
    const [a, b] = between.within(() => [new Tap('d0'), new Tap('d1')]);
    this.delay = new DelayLine(this.loop, a!, b!, delayMs);
  }

  /** The delayed part of the path, which can repeat, lose and change what passes. */
  get line(): DelayLine {
    if (this.delay === null) throw new Error('only a delayed path can do that');
    return this.delay;
  }

  /** Takes the cable away and forgets the host: nothing of it gets out any more. */
  loseServer(): void {
    this.ip('router', ['link del eth1']);
    this.delay?.close();
    this.delay = null;
    this.spaces.get('server')!.close();
    this.spaces.set('server', NetworkSpace.create());
  }

  /** So many SYNs from the router to a port of the server, with senders that nobody is; what they are answered is lost. */
  flood(port: number, count: number): void {
    this.ip('router', [`route replace blackhole ${NOBODY}.0/24`]);
    const tap = this.within('router', () => new Tap('eth1'));
    const link = Buffer.from(`${MAC.server}${ROUTER_MAC.eth1}0800`.replaceAll(':', ''), 'hex');
    flood(tap, link, ADDRESSES.server.v4, port, count);
    tap.close();
  }

  within<T>(host: Place, act: () => T): T {
    return this.spaces.get(host)!.within(act);
  }

  /** @param commands as `ip -batch` reads them */
  ip(host: Place, commands: readonly string[]): void {
    this.within(host, () => tool('ip', 'iproute2', ['-batch', '-'], `${commands.join('\n')}\n`));
  }

  /** Loads nftables rules. */
  nft(host: Host, rules: string): void {
    this.within(host, () => tool('nft', 'nftables', ['-f', '-'], rules));
  }

  /** @param key path below /proc/sys */
  sysctl(host: Host, key: string, value: string): void {
    this.within(host, () => writeFileSync(`/proc/sys/${key}`, value));
  }

  /** The text of a file below /proc/net. */
  procNet(host: Host, name: string): string {
    return this.within(host, () => readFileSync(`/proc/thread-self/net/${name}`, 'utf8'));
  }

  close(): void {
    this.delay?.close();
    for (const space of this.spaces.values()) space.close();
    this.spaces.clear();
  }

  private link(a: Place, aName: string, aMac: string, b: Place, bName: string, bMac: string): void {
    const { path } = this.spaces.get(b)!;
    this.ip(a, [
      `link add ${aName} address ${aMac} type veth peer name ${bName} address ${bMac} netns ${path}`,
      `link set ${aName} up`,
    ]);
    this.ip(b, [`link set ${bName} up`]);
  }
}

const defaultRoutes = (via: { v4: string; v6: string }) => [
  `route add default via ${via.v4}`,
  `route add ::/0 via ${via.v6}`,
];

/** An address resolution across the delay would double the first round trip that a capture shows. */
const neighbours = (device: string, mac: string, of: { v4: string; v6: string }) =>
  [of.v4, of.v6].map((address) => `neigh replace ${address} lladdr ${mac} dev ${device}`);
