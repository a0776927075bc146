import type { CauseExplanation } from '../../causes/about.ts';
import type { TextExplanation } from '../../explain/explanation.ts';

/** A cause and an error text to render, made up for the tests. */
export const aCause: CauseExplanation = {
  kind: 'cause',
  advice: [
    { who: 'client', do: 'Give idle connections up before the server does: a pool idle timeout below T' },
    { who: 'server', do: 'Raise the keep-alive timeout above T' },
  ],
  id: 'stale-pool-reuse',
  taxonomy: 'I3',
  family: 'keep-alive-race',
  baseRate: { is: 'common', source: 'made up' },
  title: 'Request sent on a connection that the server had closed',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_DATA', 'SK_RST_REASON_OF_TOMORROW'],
  counters: ['TCPAbortOnData', 'OutRsts'],
  references: ['RFC 9112 §9.5', 'Linux net/ipv4/tcp_input.c tcp_rcv_state_process'],
  explain:
    'The server closed the idle connection and the client’s kernel acknowledged that.\n' +
    'The program was busy and did not notice before it sent the next request, which the server’s kernel answers with a RST.',
  refines: ['write-after-close'],
  mistakenFor: [
    {
      cause: 'keep-alive-race-crossing',
      by: 'the FIN is acknowledged before the request',
      ask: 'a capture taken at the client',
    },
    {
      cause: 'middlebox-idle-reset-on-next-packet',
      by: 'the FIN comes from the server',
      ask: 'a capture taken at the server',
    },
  ],
  scenario: 'stale-pool',
};

export const anErrorText: TextExplanation = {
  kind: 'text',
  recognised: 'read ECONNRESET',
  pattern: 'node-read-reset',
  program: 'Node.js',
  class: 'RST-READ',
  ended: 'rst',
  title: 'reset while waiting for data',
  meaning: 'A reset arrived on an established connection while the program waited for data.',
  headline: 'the server closed an idle connection with the new request unread; or it restarted',
  certainty: 'possible',
  harmless: false,
  numbers: [{ says: '350 s is the default of AWS NLB', source: 'made up' }],
  rulesOut: ['Not a network that drops packets: something answered at once.'],
  families: [
    {
      cause: 'I2',
      id: 'keep-alive-race-unread',
      family: 'keep-alive-race',
      why: 'the server closed an idle connection with the new request unread',
      because: ['the connection came from a pool'],
    },
    { cause: 'I7', id: 'peer-lost-state', family: 'state-lost', why: 'the server restarted', because: [] },
  ],
  question: { id: 'idle', ask: 'Was the connection idle?', answers: ['yes', 'no'] },
  caveats: ['A proxy in between resets in its own name.'],
  features: { host: '10.0.0.7', port: 8080, method: 'POST', reused: true, tls: false },
  next: ['In the server: compare its keep-alive timeout with the pool of the client'],
  capture: [
    "sudo tcpdump -i any -n -U -s 512 -w whyreset.pcap 'host 10.0.0.7 and (tcp port 8080 or icmp or icmp6)'",
    'whyreset diagnose whyreset.pcap --port 8080',
  ],
  verified: 'measured',
  alsoSeen: [
    { recognised: 'socket hang up', pattern: 'node-hang-up', program: 'Node.js', class: 'EOF', ended: 'fin' },
  ],
};
