import { ask, defineFamily } from './define.ts';

export default defineFamily({
  id: 'keep-alive-race',
  title: 'Keep-alive race',
  benign: false,
  sharedBy: 'server',
  statement: () => 'Keep-alive race',
  headline: () => 'Keep-alive race',
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'keep-alive-race-crossing',
      not: 'stale-pool-reuse',
      by: 'the request does not acknowledge the FIN, so the client could not know',
      ask: ask.capture('client', 'whether the FIN arrived before the request left'),
    },
    {
      is: 'keep-alive-race-crossing',
      not: 'keep-alive-race-unread',
      by: 'a FIN was sent, and the RST is the answer of a stack without the connection',
      ask: ask.counters('sender', 'TCPAbortOnData', 'TCPAbortOnClose'),
    },
    {
      is: 'keep-alive-race-crossing',
      not: 'write-after-close',
      by: 'an earlier exchange was complete and the server closed out of idleness',
      ask: ask.config('server', 'the keep-alive timeout the server is configured with'),
    },
    {
      is: 'keep-alive-race-crossing',
      not: 'max-requests-or-age',
      by: 'the server closed after a silence, not right behind a response',
      ask: ask.config('server', 'the limits on requests or age of a connection in the server configuration'),
    },
    {
      is: 'keep-alive-race-crossing',
      not: 'peer-lost-state',
      by: 'the server had sent a FIN',
      ask: ask.capture('server', 'its FIN is in it'),
    },
    {
      is: 'keep-alive-race-unread',
      not: 'unread-data-at-close',
      by: 'the request was the first after a silence as long as the server’s idle timeout',
      ask: ask.config(
        'server',
        'the keep-alive timeout the server is configured with, against the silence measured here',
      ),
    },
    {
      is: 'keep-alive-race-unread',
      not: 'abort-by-linger-zero',
      by: 'the request was the first after a silence as long as the server’s idle timeout',
      ask: ask.counters('sender', 'TCPAbortOnClose', 'TCPAbortOnData'),
    },
    {
      is: 'stale-pool-reuse',
      not: 'write-after-close',
      by: 'the connection had served a request and was closed out of idleness',
      ask: ask.config(
        'client',
        'the client’s pool settings: whether it checks a connection before it uses it',
      ),
    },
    {
      is: 'stale-pool-reuse',
      not: 'max-requests-or-age',
      by: 'the server closed after a silence, not right behind a response',
      ask: ask.config('server', 'the limits on requests or age of a connection in the server configuration'),
    },
    {
      is: 'max-requests-or-age',
      not: 'write-after-close',
      by: 'the server closed behind a complete response, and what came was a new request',
      ask: ask.config('server', 'the limits on requests or age of a connection in the server configuration'),
    },
  ],
});
