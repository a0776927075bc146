import { readFileSync, writeFileSync } from 'node:fs';
import { NetworkSpace } from '../kernel/space.ts';
import { Tap } from '../kernel/tap.ts';
import type { TapLoop } from '../kernel/tap-loop.ts';
import { tool } from '../tool.ts';
import { ADDRESSES, type Host, MAC, ROUTER_MAC } from './addresses.ts';
import { announce } from './announce.ts';
import { DelayLine } from './delay-line.ts';
import { flood, NOBODY } from './flood.ts';
import { offloadOff } from './offload.ts';
import { BESIDE, ROUTED, SWITCHED, type Wiring } from './wiring.ts';

type Place = Host | 'between';

export interface PathOptions {
  /** One-way delay between router and server, milliseconds. */
  delayMs?: number;
  /** Leave segmentation and checksum offload on, as most hosts have it: everywhere (only without a delay), or at the client alone. */
  offload?: boolean | 'client';
  /** MTU of the link between router and server, bytes; the hosts do not know of it. */
  narrowMtu?: number;
  /** The router is a switch, its own address on `br0`: client and servers share one link, and no TTL is lowered. */
  switched?: true;
  /** A second link between router (`eth2`) and server (`eth1`), never delayed; routes have to choose it. */
  secondLink?: true;
  /** A second server host, behind `eth3` of the router: another that can have the server's address. */
  standby?: true;
}

/**
 * client — router — server, each a network namespace of its own, so that a
 * packet of the router arrives with another TTL (64) than one of the server (63).
 */
export class Network {
  private readonly spaces = new Map<Place, NetworkSpace>();
  private readonly loop: TapLoop;
  private readonly options: PathOptions;
  private readonly wiring: Wiring;
  private delay: DelayLine | null = null;

  constructor(loop: TapLoop, options: PathOptions) {
    this.loop = loop;
    this.options = options;
    this.wiring = options.switched ? SWITCHED : ROUTED;
    for (const host of ['client', 'router', 'server'] as const) this.spaces.set(host, NetworkSpace.create());
    this.link('client', 'eth0', MAC.client, 'router', 'eth0', ROUTER_MAC.eth0);
    this.ip('client', this.wiring.host('client'));
    this.ip('router', this.wiring.router);
    // What a switch passes is not to be filtered as what a router passes.
    if (options.switched) this.sysctl('router', 'net/bridge/bridge-nf-call-iptables', '0');
    this.sysctl('router', 'net/ipv4/ip_forward', '1');
    this.sysctl('router', 'net/ipv6/conf/all/forwarding', '1');
    this.plugServer();
    if (options.standby) this.plugStandby();
    if (options.secondLink) this.plugSecondLink();
  }

  /** Plugs the server in; after `loseServer` it is a host that remembers nothing. */
  plugServer(): void {
    const { delayMs = 0, offload = false, narrowMtu } = this.options;
    if (delayMs > 0) {
      this.spaces.set('between', NetworkSpace.create());
      this.link('router', 'eth1', ROUTER_MAC.eth1, 'between', 'd0', MAC.between[0]);
      this.link('between', 'd1', MAC.between[1], 'server', 'eth0', MAC.server);
    } else this.link('router', 'eth1', ROUTER_MAC.eth1, 'server', 'eth0', MAC.server);
    this.ip('router', [
      ...(narrowMtu === undefined ? [] : [`link set eth1 mtu ${narrowMtu}`]),
      ...this.wiring.port('eth1', 'server'),
    ]);
    this.ip('server', this.wiring.host('server'));
    if (delayMs > 0 || offload !== true) {
      if (offload !== 'client') this.within('client', () => offloadOff('eth0'));
      this.within('router', () => ['eth0', 'eth1'].forEach(offloadOff));
      this.within('server', () => offloadOff('eth0'));
    }
    if (delayMs === 0) return;
    const between = this.spaces.get('between')!;
    between.within(() => ['d0', 'd1'].forEach(offloadOff));
    const [a, b] = between.within(() => [new Tap('d0'), new Tap('d1')]);
    this.delay = new DelayLine(this.loop, a!, b!, delayMs);
  }

  /** The delayed part of the path, which can repeat, lose, hold and change what passes. */
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

  /**
   * The server's IPv4 address is the standby host's from now on, as after a failover. The server is
   * not asked: it keeps the address, and what it sends still arrives. Behind a switch the standby
   * host announces the address (gratuitous ARP), else the router's route changes. IPv6 stays.
   */
  moveAddress(): void {
    const { v4 } = ADDRESSES.server;
    this.ip('standby', [`addr add ${v4}/32 dev lo`]);
    if (this.options.switched) {
      const tap = this.within('standby', () => new Tap('eth0'));
      announce(tap, MAC.standby, v4);
      tap.close();
    } else this.ip('router', [`route replace ${v4}/32 dev eth3`]);
  }

  /** So many SYNs from the router to a port of the server, with senders that nobody is; what they are answered is lost. */
  flood(port: number, count: number): void {
    this.ip('router', [`route replace blackhole ${NOBODY}.0/24`]);
    const tap = this.within('router', () => new Tap('eth1'));
    const link = Buffer.from(`${MAC.server}${ROUTER_MAC.eth1}0800`.replaceAll(':', ''), 'hex');
    flood(tap, link, ADDRESSES.server.v4, port, count);
    tap.close();
  }

  has(host: Host): boolean {
    return this.spaces.has(host);
  }

  within<T>(host: Place, act: () => T): T {
    const space = this.spaces.get(host);
    if (space === undefined) throw new Error(`the scenario's path has no ${host}`);
    return space.within(act);
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

  private plugStandby(): void {
    this.spaces.set('standby', NetworkSpace.create());
    this.link('router', 'eth3', ROUTER_MAC.eth3, 'standby', 'eth0', MAC.standby);
    this.ip('router', this.wiring.port('eth3', 'standby'));
    this.ip('standby', this.wiring.host('standby'));
    this.within('router', () => offloadOff('eth3'));
    this.within('standby', () => offloadOff('eth0'));
  }

  private plugSecondLink(): void {
    this.link('router', 'eth2', ROUTER_MAC.eth2, 'server', 'eth1', MAC.serverBeside);
    for (const host of ['router', 'server'] as const) {
      this.ip(host, BESIDE[host]);
      this.within(host, () => offloadOff(host === 'router' ? 'eth2' : 'eth1'));
      // The second link carries one direction only: a filter by reverse path would drop it.
      this.sysctl(host, 'net/ipv4/conf/all/rp_filter', '0');
      this.sysctl(host, `net/ipv4/conf/${host === 'router' ? 'eth2' : 'eth1'}/rp_filter`, '0');
    }
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
