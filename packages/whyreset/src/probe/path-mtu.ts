import { execFile } from 'node:child_process';
import type { Socket } from 'node:net';

/** What the kernel knows of the path of a connection. */
export interface PathFacts {
  /** Largest packet, bytes, that the path takes as far as it is known (`pmtu` of ss). */
  mtu: number;
  /** Bytes of data in a full segment (`mss`). */
  mss: number;
}

/** Asks ss (iproute2) about a connection of this process; null where it is not there or does not know. */
export function pathOf(socket: Socket): Promise<PathFacts | null> {
  const { localPort, remotePort } = socket;
  return new Promise((resolve) => {
    const filter = ['-tinH', 'state', 'established', `sport = :${localPort} and dport = :${remotePort}`];
    execFile('ss', filter, { timeout: 2000 }, (error, output) => {
      const [mtu, mss] = ['pmtu', 'mss'].map((name) =>
        Number(new RegExp(`\\b${name}:(\\d+)`).exec(output ?? '')?.[1]),
      );
      resolve(error === null && mtu! > 0 && mss! > 0 ? { mtu: mtu!, mss: mss! } : null);
    });
  });
}
