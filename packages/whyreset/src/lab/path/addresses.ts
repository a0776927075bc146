import { LAB_NUMBER } from '../lab-number.ts';

/** `standby` is a second server host, in scenarios whose path asks for it. */
export type Host = 'client' | 'router' | 'server' | 'standby';

/** Labs that run at once have numbers, and each its own addresses: the kernel's trace shows those of all. */
export const NET = 77 + (Number(process.env[LAB_NUMBER]) || 0);

const address = (v4: string, v6: string) => ({ v4: `10.${NET}.${v4}`, v6: `fd${NET}:${v6}` });

/** Addresses of the hosts; the router's are those of its links. */
export const ADDRESSES = {
  client: address('1.2', '1::2'),
  server: address('2.2', '2::2'),
  /** Its own; a scenario can give it the server's as well. */
  standby: address('2.3', '2::3'),
  routerToClient: address('1.1', '1::1'),
  routerToServer: address('2.1', '2::1'),
  /** The two ends of the second link. */
  serverBeside: address('3.2', '3::2'),
  routerBeside: address('3.1', '3::1'),
};

/** Hardware addresses; the router has one for each interface, a switch one of its own. */
export const MAC = {
  client: '02:77:00:00:0c:00',
  server: '02:77:00:00:05:00',
  serverBeside: '02:77:00:00:05:01',
  standby: '02:77:00:00:06:00',
  between: ['02:77:00:00:0d:00', '02:77:00:00:0d:01'],
} as const;
export const ROUTER_MAC = {
  eth0: '02:77:00:00:0e:00',
  eth1: '02:77:00:00:0e:01',
  eth2: '02:77:00:00:0e:02',
  eth3: '02:77:00:00:0e:03',
  br0: '02:77:00:00:0e:0f',
} as const;
