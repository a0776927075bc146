import { bytes, seconds } from '../evidence/packets.ts';
import { ask, defineFamily } from './define.ts';

const SPOKEN: Readonly<Record<string, string>> = {
  'plaintext-to-tls-port': 'expects TLS, and the client sends plain text',
  'tls-to-plaintext-port': 'expects plain text, and the client starts TLS',
  'http-version-mismatch': 'and the client speak different versions of HTTP',
  'proxy-protocol-mismatch': 'and the client disagree on the PROXY protocol header',
};

export default defineFamily({
  id: 'protocol-mismatch',
  title: 'Two protocols on one port',
  benign: false,
  sharedBy: 'server',
  statement({ exchange, promptClose }) {
    const sent = exchange === null ? 'what the client sent' : `the first ${bytes(exchange.originator.sent)}`;
    const after =
      promptClose === null || exchange === null
        ? ''
        : ` ${seconds(promptClose.end.time - exchange.originator.lastDataTime)} later`;
    return `the server received ${sent} and closed${after} without a useful answer`;
  },
  headline: ({ cause, servers }) =>
    `${servers[0] ?? 'The server'} ${SPOKEN[cause ?? ''] ?? 'and the client speak different protocols'}`,
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'plaintext-to-tls-port',
      not: 'unread-data-at-close',
      by: 'the first bytes are not what the port speaks',
      ask: ask.log('server', 'the error log of the TLS server ("http request", "wrong version number")'),
    },
    {
      is: 'plaintext-to-tls-port',
      not: 'http-version-mismatch',
      by: 'the port speaks TLS, so no version of HTTP in the clear would do',
      ask: ask.state('server', 'the same request over https to the same port'),
    },
    {
      is: 'plaintext-to-tls-port',
      not: 'proxy-protocol-mismatch',
      by: 'the port is one for TLS, and the request is in plain text',
      ask: ask.state('server', 'the same request over https to the same port'),
    },
    {
      is: 'plaintext-to-tls-port',
      not: 'policy-reset',
      by: 'it happens with any content',
      ask: ask.state('server', 'the same request over https to the same port'),
    },
    {
      is: 'tls-to-plaintext-port',
      not: 'unread-data-at-close',
      by: 'the first bytes are not what the port speaks',
      ask: ask.log('server', 'the access log of the server: a bad request that starts with \\x16\\x03'),
    },
    {
      is: 'tls-to-plaintext-port',
      not: 'proxy-protocol-mismatch',
      by: 'the server answered in plain text, or the port is one for plain text',
      ask: ask.state('server', 'the same request over http to the same port'),
    },
    {
      is: 'tls-to-plaintext-port',
      not: 'policy-reset',
      by: 'the server answered in plain text, or the port is one for plain text',
      ask: ask.state('server', 'the same connection with another server name (openssl s_client -servername)'),
    },
    {
      is: 'http-version-mismatch',
      not: 'tls-alert',
      by: 'the alert is number 120, about the application protocol',
      ask: ask.state('server', 'the protocols that each side offers in ALPN (openssl s_client -alpn h2)'),
    },
    {
      is: 'http-version-mismatch',
      not: 'proxy-protocol-mismatch',
      by: 'the client began with HTTP itself',
      ask: ask.log('server', 'the log of the server, and whether its listener expects a PROXY header'),
    },
    {
      is: 'proxy-protocol-mismatch',
      not: 'unread-data-at-close',
      by: 'the first bytes are not what the listener expects, and it fails every time',
      ask: ask.log('server', 'the listener’s setting and log ("broken header")'),
    },
    {
      is: 'proxy-protocol-mismatch',
      not: 'abort-by-linger-zero',
      by: 'it fails every time, whatever is asked',
      ask: ask.log('server', 'the listener’s setting and log ("broken header")'),
    },
    {
      is: 'proxy-protocol-mismatch',
      not: 'listener-closed-with-queue',
      by: 'it fails every time and not in one moment',
      ask: ask.log('server', 'the listener’s setting and log ("broken header")'),
    },
    {
      is: 'proxy-protocol-mismatch',
      not: 'policy-reset',
      by: 'it fails whatever is asked for',
      ask: ask.state('server', 'the same connect with a PROXY header (curl --haproxy-protocol)'),
    },
  ],
});
