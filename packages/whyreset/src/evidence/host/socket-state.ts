import type { SocketRecord } from '../../host/socket-list.ts';
import type { LineRef } from '../../host/source.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { bytes, who } from '../packets.ts';

export interface SocketStateFact extends Known {
  readonly known: true;
  says: string;
  lines: LineRef[];
}

/** What a socket holds that its packets do not show: bytes nobody read, bytes nobody acknowledged, a running timer. */
function describe({ state, received, unsent, timer }: SocketRecord): string {
  const parts = [
    ...(state === null ? [] : [`in state ${state}`]),
    ...(received > 0 ? [`with ${bytes(received)} that the program has not read (Recv-Q)`] : []),
    ...(unsent > 0 ? [`with ${bytes(unsent)} sent or queued and not acknowledged (Send-Q)`] : []),
    ...(timer === null ? [] : [`with a timer (${timer})`]),
  ];
  return parts.length === 0 ? 'open' : parts.join(', ');
}

/** The list has no times, so that it stands beside the packets and decides nothing. */
export default defineEvidence('What a list of sockets (ss, netstat) shows of the connection', (subject) => {
  const { host } = subject.world;
  const { originator, responder } = subject.connection;
  const found = (['originator', 'responder'] as const).flatMap((side) => {
    const [local, peer] = side === 'originator' ? [originator, responder] : [responder, originator];
    const socket = host?.socket(local, peer) ?? null;
    return socket === null ? [] : [{ side, socket }];
  });
  if (host === null || found.length === 0) return unknown('no list of sockets shows the connection');
  return {
    known: true,
    says: found
      .map(({ side, socket }) => `the socket of the ${who(side)} was listed ${describe(socket)}`)
      .join('; '),
    lines: found.map(({ socket }) => host.lineOf(socket)),
  };
});
