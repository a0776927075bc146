import type { SpokenOnPort } from '../../connection/hosts/hosts.ts';
import type { SpokenProtocol } from '../../protocol/spoken-protocol.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { thousands } from '../packets.ts';

export interface PortSpeaksFact extends Known, SpokenOnPort {
  readonly known: true;
  /** The protocol that all of them spoke; null when they spoke several. */
  only: SpokenProtocol | null;
  /** One sentence without a final stop. */
  says: string;
}

const NAMES: Readonly<Record<SpokenProtocol, string>> = {
  tls: 'TLS',
  http1: 'HTTP/1 in plain text',
  http2: 'HTTP/2 in plain text',
  other: 'a protocol of its own',
};

/**
 * What the port speaks, by the other connections to it that succeeded: a port number is a custom, and most servers
 * have a number of their own.
 */
export default defineEvidence('What other connections to the same port spoke with success', (subject) => {
  const { address, port } = subject.connection.responder;
  const server = subject.world.responder(address, port);
  if (server === null) return unknown('no other connection was looked at');
  const { spoken } = server;
  const kinds = (['tls', 'http1', 'http2', 'other'] as const).filter((kind) => spoken[kind] > 0);
  const [first] = kinds;
  if (first === undefined) return unknown('no connection to this port was answered in its protocol');
  const counts = kinds.map((kind) => {
    const count = spoken[kind];
    return `${thousands(count)} connection${count === 1 ? '' : 's'} to this port spoke ${NAMES[kind]}`;
  });
  if (spoken.proxied > 0) counts.push(`${thousands(spoken.proxied)} of them began with a PROXY header`);
  return { known: true, ...spoken, only: kinds.length === 1 ? first : null, says: counts.join(', ') };
});
