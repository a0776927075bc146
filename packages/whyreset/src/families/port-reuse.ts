import { seconds } from '../evidence/packets.ts';
import { ask, defineFamily } from './define.ts';

export default defineFamily({
  id: 'port-reuse',
  title: 'A port number was reused while the server still held the old connection',
  benign: false,
  outcome: 'delayed or refused',
  sharedBy: 'path',
  statement: ({ handshake, predecessor }) =>
    `the server ${handshake?.foreignAck != null ? 'answered the SYN with an ACK of another connection' : 'did not answer the SYN'}${predecessor === null ? '' : `; the same addresses and ports had been in use until ${seconds(predecessor.gap)} before`}`,
  headline: ({ servers, cause }) =>
    `${servers[0] ?? 'The server'} still holds an old connection with the same addresses and ports${cause === 'snat-port-reuse' ? '; the address translator gave the port out again too early' : ''}`,
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'stale-four-tuple',
      not: 'snat-port-reuse',
      by: 'the old connection came from the same host, as far as its packets show',
      ask: ask.log(
        'server',
        'whether a NAT lies between (the client’s own address and port against those the server sees), and its port allocation log',
      ),
    },
    {
      is: 'snat-port-reuse',
      not: 'accept-queue-overflow-drop',
      by: 'the source port had been in use a moment before',
      ask: ask.counters('sender', 'ListenOverflows'),
    },
    {
      is: 'snat-port-reuse',
      not: 'syn-queue-overflow',
      by: 'the source port had been in use a moment before',
      ask: ask.counters('sender', 'TCPReqQFullDrop'),
    },
    {
      is: 'snat-port-reuse',
      not: 'policy-drop',
      by: 'only ports that were in use before are affected',
      ask: ask.state(
        'box',
        'the metrics of the translator (SNAT connection count, conntrack -S insert_failed)',
      ),
    },
  ],
});
