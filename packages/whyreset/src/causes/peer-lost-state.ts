import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { seconds, who } from '../evidence/packets.ts';
import { REBOOT, RESTART } from '../evidence/thresholds.ts';
import { cite, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  neverSeen: (name: string, packet: number) =>
    `the ${name}’s stack knows nothing of the connection that packet ${packet} belongs to, whose beginning is not in this capture`,
  unknown: (name: string, probe: boolean, packet: number) =>
    `the ${name}’s stack answered ${probe ? 'the keep-alive probe' : 'packet'} ${packet} as one of no connection, and no FIN or RST of it was seen before`,
  absence: (name: string, gap: number) => `before that the ${name} had sent nothing for ${seconds(gap)}`,
  accepted: (before: number) =>
    `the same port accepted a connection ${seconds(before)} before, so the host was up then`,
  ttl: (ttl: number, name: string) => `TTL ${ttl} is that of the ${name}’s other packets`,
  boxTimer: (timer: number, products: string) =>
    `but ${seconds(timer)} is also an idle timeout of ${products}`,
  closedLater: (name: string, fin: number) =>
    `the ${name}’s FIN (packet ${fin}) came after the RST: its host had known the connection, and closed it`,
  gaveUp: (name: string) =>
    `the ${name} had repeated its own bytes without an answer before: it gave up, it did not restart`,
};

export default defineCause({
  id: 'peer-lost-state',
  taxonomy: 'I7',
  family: 'state-lost',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Host restarted, or another host has its address now',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_FLAGS', 'SK_RST_REASON_NO_SOCKET'],
  counters: ['OutRsts'],
  references: [
    'RFC 9293 §3.5.1 (half-open connections) and §3.10.7.1',
    'Linux net/ipv4/tcp_ipv4.c tcp_v4_send_reset',
  ],
  explain:
    'The connection had worked, neither side had closed it, and then the stack of one host answered a packet as if it had never heard of the connection. ' +
    'That is what a rebooted or rebuilt host does, the new owner of an address after a failover, another backend behind an address, or a host whose process closed while its FIN was lost. ' +
    'The RST is the stateless one: sequence number copied from the packet’s ACK, window 0, no options. ' +
    'When the service is up again the kernel gives TCP_FLAGS as reason (the packet hit the listening socket), otherwise NO_SOCKET. ' +
    'The side that spoke sees ECONNRESET, "connection reset by peer", on the first use after the event, often long after it.',
  byAnotherHost: true,
  requires: ['noConnection'],
  mayUse: ['idle', 'knownTimeout', 'ttl', 'coverage', 'giveUp'],
  refines: [],
  examine({ noConnection, idle, knownTimeout, ttl, coverage, giveUp }) {
    const { side, trigger, reset, tookPart, absence, accepted } = noConnection;
    const name = who(side);
    const frames = [trigger.number, reset.number];
    if (!tookPart)
      return coverage?.fromStart === true || trigger.length === 0
        ? SILENT
        : supported('weak', [cite('noConnection', says.neverSeen(name, trigger.number), ...frames)], side);
    // A side that had repeated its own bytes without an answer gave up, which is told as such.
    if (giveUp?.side === side && giveUp.repetitions.at(-1)!.number < trigger.number)
      return doubted('giveUp', says.gaveUp(name), [giveUp.first.number]);
    const because = [
      cite('noConnection', says.unknown(name, trigger.keepAliveProbe, trigger.number), ...frames),
      cite('noConnection', says.absence(name, absence), trigger.number),
    ];
    if (accepted >= 0) because.push(cite('noConnection', says.accepted(accepted), trigger.number));
    if (ttl?.delta === 0) because.push(cite('ttl', says.ttl(ttl.reset, name), reset.number));
    const path = idle?.idle && knownTimeout !== null ? matchesOf(knownTimeout, 'path') : [];
    if (path.length > 0)
      because.push(cite('knownTimeout', says.boxTimer(idle?.timer ?? 0, named(path)), reset.number));
    if (noConnection.laterFin > 0)
      return doubted('noConnection', says.closedLater(name, noConnection.laterFin), [noConnection.laterFin]);
    // Another host may take a server’s address in an instant; a client’s address moves with its host.
    if (side === 'originator' && absence < REBOOT) return supported('weak', because, side);
    const whole = coverage?.fromStart && coverage.bothWays;
    const long = absence >= RESTART && accepted < 0;
    return supported(long && whole && ttl?.firm && path.length === 0 ? 'strong' : 'fair', because, side);
  },
  advice({ noConnection, idle }) {
    const side = who(noConnection?.side ?? 'responder');
    const gap = idle?.silent ? ` in the ${seconds(idle.gap)} before it` : '';
    return [
      {
        who: side,
        do: `Look what happened to the ${side}’s host${gap}: uptime, restart of the service or container, failover of its address, a changed backend. A balancer or virtual address should drain connections before it switches, or reset them`,
      },
    ];
  },
  scenario: 'host-reborn',
  examples: {
    match: [
      `server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+40.00 > P. len 60
+40.04 < R passive`,
    ],
    miss: [
      `# the server had said goodbye
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+20.00 < F.
+20.04 > .
+40.00 > P. len 60
+40.04 < R passive`,
      `# never more than a handshake: the accept queue
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < R passive`,
    ],
  },
});
