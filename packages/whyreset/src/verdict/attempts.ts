import type { Connection, Endpoint } from '../connection/connection.ts';
import { isSyn } from '../connection/packet-kind.ts';
import type { Neighbours } from '../evidence/world.ts';

/** Different addresses and ports of one client that are told apart; a scan is one long before. */
const MOST_TARGETS = 1024;

export const NOTHING_TRIED: Neighbours['tried'] = { attempts: 0, addresses: 0, ports: 0, span: 0 };

/** The responder opened its side: a SYN-ACK, or packets of a connection that began before the capture. */
export function isAccepted({ sawHandshake, timeline, responder }: Connection): boolean {
  return !sawHandshake || responder.synSeen || timeline.some((p) => p.from === 'responder' && isSyn(p));
}

/** What one client tried in vain, in bounded memory. */
export class Attempts {
  private readonly addresses = new Set<string>();
  private readonly ports = new Set<number>();
  private count = 0;
  private first = Number.POSITIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;

  add({ address, port }: Endpoint, time: number): void {
    this.count++;
    if (this.addresses.size < MOST_TARGETS) this.addresses.add(address);
    if (this.ports.size < MOST_TARGETS) this.ports.add(port);
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
  }

  summary(): Neighbours['tried'] {
    const { count: attempts, addresses, ports, first, last } = this;
    return { attempts, addresses: addresses.size, ports: ports.size, span: last - first };
  }
}
