import { ADDRESSES, MAC, ROUTER_MAC } from './addresses.ts';

type Address = { v4: string; v6: string };
type EndHost = 'client' | 'server' | 'standby';

/** An address resolution across the delay would double the first round trip that a capture shows. */
const neighbour = (device: string, mac: string, of: Address, state = 'permanent') =>
  [of.v4, of.v6].map((address) => `neigh replace ${address} lladdr ${mac} dev ${device} nud ${state}`);

const addresses = (device: string, of: Address, v4Bits: number, v6Bits: number) => [
  `addr add ${of.v4}/${v4Bits} dev ${device}`,
  `addr add ${of.v6}/${v6Bits} dev ${device} nodad`,
];

const defaultRoutes = (via: Address) => [`route add default via ${via.v4}`, `route add ::/0 via ${via.v6}`];

/**
 * What the interfaces of each host are told, as lines for `ip -batch`: the
 * addresses are the same on a routed path and behind a switch.
 */
export interface Wiring {
  /** The router, before anything but the client is plugged in. */
  router: readonly string[];
  /** The router's port to a host that is plugged in. */
  port(device: 'eth1' | 'eth3', host: 'server' | 'standby'): readonly string[];
  host(host: EndHost): readonly string[];
}

const GATEWAYS = {
  client: { address: ADDRESSES.routerToClient, mac: ROUTER_MAC.eth0 },
  server: { address: ADDRESSES.routerToServer, mac: ROUTER_MAC.eth1 },
  standby: { address: ADDRESSES.routerToServer, mac: ROUTER_MAC.eth3 },
};

/** Client and servers on links of their own: the router lowers the TTL of what it forwards. */
export const ROUTED: Wiring = {
  router: [
    'link set lo up',
    ...addresses('eth0', ADDRESSES.routerToClient, 24, 64),
    ...neighbour('eth0', MAC.client, ADDRESSES.client),
  ],
  port(device, host) {
    if (host === 'server')
      return [
        ...addresses(device, ADDRESSES.routerToServer, 24, 64),
        ...neighbour(device, MAC.server, ADDRESSES.server),
      ];
    const { v4, v6 } = ADDRESSES.standby;
    return [
      `route add ${v4}/32 dev ${device}`,
      `route add ${v6}/128 dev ${device}`,
      ...neighbour(device, MAC.standby, ADDRESSES.standby),
      // Where the server's address is found once a route leads it there.
      ...neighbour(device, MAC.standby, ADDRESSES.server),
    ];
  },
  host(host) {
    const { address, mac } = GATEWAYS[host];
    return [
      'link set lo up',
      ...addresses('eth0', ADDRESSES[host], 24, 64),
      ...neighbour('eth0', mac, address),
      ...defaultRoutes(address),
    ];
  },
};

/** All on one link. What they know of each other is no permanent entry, so that an announcement can change it. */
export const SWITCHED: Wiring = {
  router: [
    'link set lo up',
    `link add br0 address ${ROUTER_MAC.br0} type bridge mcast_snooping 0`,
    'link set br0 up',
    'link set eth0 master br0',
    ...addresses('br0', ADDRESSES.routerToClient, 16, 16),
    ...neighbour('br0', MAC.client, ADDRESSES.client),
    ...neighbour('br0', MAC.server, ADDRESSES.server),
  ],
  port: (device) => [`link set ${device} master br0`],
  host: (host) => [
    'link set lo up',
    ...addresses('eth0', ADDRESSES[host], 16, 16),
    ...(['client', 'server', 'standby'] as const)
      .filter((other) => other !== host)
      .flatMap((other) => neighbour('eth0', MAC[other], ADDRESSES[other], 'reachable')),
    ...neighbour('eth0', ROUTER_MAC.br0, ADDRESSES.routerToClient),
  ],
};

/** The second link's ends; no route leads there until a scenario adds one. */
export const BESIDE = {
  router: [
    ...addresses('eth2', ADDRESSES.routerBeside, 24, 64),
    ...neighbour('eth2', MAC.serverBeside, ADDRESSES.serverBeside),
  ],
  server: [
    ...addresses('eth1', ADDRESSES.serverBeside, 24, 64),
    ...neighbour('eth1', ROUTER_MAC.eth2, ADDRESSES.routerBeside),
  ],
} as const;
