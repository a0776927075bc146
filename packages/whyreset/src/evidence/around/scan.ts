import { defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import exchange from '../exchange/exchange.ts';
import { seconds, thousands } from '../packets.ts';

export interface ScanFact extends Known {
  readonly known: true;
  /** `ports`: one client, many ports; `hosts`: one client, many addresses; `flood`: one server, handshakes that no client completes. */
  kind: 'ports' | 'hosts' | 'flood';
  attempts: number;
  /** Different ports or addresses; for a flood the handshakes that were not completed. */
  targets: number;
  /** Seconds from the first attempt to the last; -1 unknown. */
  span: number;
  /** One sentence without a final stop. */
  says: string;
}

/** Different targets of one client, each tried in vain: no program looks for its server so. */
const MANY_TARGETS = 20;
/** Attempts at one server, nine in ten of them never completed. */
const FLOOD = 100;
const NEARLY_ALL = 0.9;
/** Connections a second that are reset without a byte: health checks of a whole fleet come ten times more slowly. */
const BURST = 20;
/** Targets beyond this number are not told apart (verdict/attempts.ts). */
export const MOST_TARGETS = 1024;

/** Nothing but the handshake, or less. */
function isSilent(subject: Subject): boolean {
  const found = exchange.of(subject);
  return !found.known || found.silent;
}

/**
 * A port scan or a SYN flood is one event, not thousands of problems: 13,618 problems of one capture were one scan.
 */
export default defineEvidence('Port scans and SYN floods', (subject) => {
  const { connection, world } = subject;
  const near = world.neighbours(world.index);
  if (near === null) return unknown('no other connection was looked at');
  const { originator, responder } = connection;
  const { attempts, addresses, ports, span } = near.tried;
  const many = Math.max(addresses, ports);
  if (many >= MANY_TARGETS && (near.attempts > 0 || isSilent(subject))) {
    const kind = ports >= addresses ? 'ports' : 'hosts';
    const number = many >= MOST_TARGETS ? 'more than 1,000' : thousands(many);
    const what = `${number} ${kind === 'ports' ? 'ports' : 'addresses'}`;
    const says = `${originator.address} tried ${what} in ${seconds(span)}, ${thousands(attempts)} attempts that were not accepted`;
    return { known: true, kind, attempts, targets: many, span, says };
  }
  const { count, span: burst } = near.serverProbes;
  if (count >= FLOOD && count >= BURST * burst && isSilent(subject)) {
    const says = `${thousands(count)} connections to ${responder.address}:${responder.port} were opened and reset in ${seconds(burst)} without a byte of data`;
    return { known: true, kind: 'flood', attempts: count, targets: count, span: burst, says };
  }
  const server = world.responder(responder.address, responder.port);
  const open = server === null ? 0 : server.halfOpen + server.unanswered;
  if (server === null || server.connections < FLOOD || open < NEARLY_ALL * server.connections)
    return unknown('neither one client’s attempts nor one server’s are that many');
  const says = `${thousands(open)} of ${thousands(server.connections)} handshakes with ${responder.address}:${responder.port} were never completed`;
  return { known: true, kind: 'flood', attempts: server.connections, targets: open, span: -1, says };
});
