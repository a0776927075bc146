import { seconds } from '../evidence/packets.ts';
import { hops } from '../evidence/sender/vantage.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

const says = {
  refused: (after: number) => `the attempt was refused ${seconds(after)} after its SYN`,
  silent: 'the attempt got no answer',
};

const sameFamily = (a: string | undefined, b: string) => a?.includes(':') === b.includes(':');

export default defineCause({
  id: 'next-address-accepted',
  taxonomy: 'B6',
  family: 'harmless',
  baseRate: {
    is: 'common',
    source: 'RFC 8305: every client with a dual-stack name does it; localhost is ::1 first (RFC 6724)',
  },
  title: 'First address of a name failed, and the next one accepted the client',
  resetBy: 'responder',
  benign: true,
  kernelReasons: ['SK_RST_REASON_NO_SOCKET'],
  counters: ['OutRsts', 'AttemptFails'],
  references: ['RFC 8305 §5 (happy eyeballs)', 'RFC 6724', 'curl --happy-eyeballs-timeout-ms'],
  explain:
    'A name had several addresses, the client tried the first one, and nothing listened there. ' +
    'It tried the next address at once and was accepted, as happy eyeballs and every list of addresses intend. ' +
    'Usually the name is localhost and the service listens on 127.0.0.1 alone, so that ::1 is refused first. ' +
    'The program sees no error; a debug log may show ECONNREFUSED for one address, or an AggregateError when all of them fail.',
  refines: [
    'no-listener',
    'firewall-reject',
    'policy-drop',
    'accept-queue-overflow-drop',
    'syn-queue-overflow',
  ],
  requires: ['otherAddress', 'handshake'],
  mayUse: ['reset', 'endpoints'],
  examine({ otherAddress, handshake: { syn, synAck }, reset, endpoints }) {
    if (synAck !== null || (reset !== null && reset.side !== 'responder')) return SILENT;
    const failed =
      reset === null
        ? cite('handshake', says.silent, syn.number)
        : cite('reset', says.refused(reset.packet.time - syn.time), syn.number, reset.packet.number);
    const because = [failed, cite('otherAddress', otherAddress.says, syn.number)];
    // At the server a balancer that translates may have chosen the address, and the client lost one connection of two.
    const atServer = reset !== null && hops(reset.packet.ttl) === 0 && hops(syn.ttl) > 0;
    const chosen = atServer && sameFamily(endpoints?.server.address, otherAddress.address);
    return supported(chosen ? 'fair' : 'strong', because);
  },
  headline: ({ otherAddress }) =>
    otherAddress === null
      ? null
      : `The client tried one address in vain; ${otherAddress.address} accepted it at the same port`,
  advice: () => [
    {
      who: 'server',
      do: 'Nothing is lost. To save the attempt, listen on both addresses ([::] without IPV6_V6ONLY takes both), or take the dead address out of the name',
    },
  ],
  scenario: { none: 'a scenario of the lab has one address a host and family; held by timelines' },
  examples: {
    match: [
      `# ::1 refused, 127.0.0.1 accepted
client ip 127.0.0.1 port 40002 ttl 64
server ip 127.0.0.2 port 8080 ttl 64
+0.001 handshake 0ms
+0.002 > P. len 40
+0.003 < P. len 90
+0.010 > F.
+0.010 < F.
+0.010 > .
---
client ip 127.0.0.1 port 40001 ttl 64
server ip 127.0.0.3 port 8080 ttl 64
+0.000 > S
+0.000 < R. refusal`,
    ],
    miss: [
      `# refused, and nothing else tried
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.020 < R. refusal`,
    ],
  },
});
