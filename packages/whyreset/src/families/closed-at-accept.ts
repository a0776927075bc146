import { ask, defineFamily } from './define.ts';

export default defineFamily({
  id: 'closed-at-accept',
  title: 'Connection closed right after it was accepted',
  benign: false,
  sharedBy: 'server',
  statement: () => 'Connection closed right after it was accepted',
  headline: () => 'Connection closed right after it was accepted',
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'no-healthy-target',
      not: 'descriptor-exhaustion',
      by: 'nobody is served at that port, be it an old connection or a new one',
      ask: ask.log(
        'server',
        'the log of the proxy or server that accepted the connection: target health, open files',
      ),
    },
    {
      is: 'no-healthy-target',
      not: 'connection-limit-reached',
      by: 'nobody is served at that port, and no limit is spoken of',
      ask: ask.log(
        'server',
        'the log of the proxy or server that accepted the connection: target health, connection limit',
      ),
    },
    {
      is: 'descriptor-exhaustion',
      not: 'connection-limit-reached',
      by: 'the server says nothing of a limit; in silence the two are the same on the wire',
      ask: ask.config(
        'server',
        'the process’s open files (ls /proc/PID/fd | wc -l) against its limit (grep "open files" /proc/PID/limits), and its own limit of connections',
      ),
    },
    {
      is: 'descriptor-exhaustion',
      not: 'accept-queue-overflow-drop',
      by: 'the program cannot accept at all, and does not only lag behind',
      ask: ask.counters('sender', 'ListenOverflows'),
    },
    {
      is: 'descriptor-exhaustion',
      not: 'policy-drop',
      by: 'other connections to the port are served',
      ask: ask.config('server', 'the process’s open files against its limit'),
    },
    {
      is: 'descriptor-exhaustion',
      not: 'write-after-close',
      by: 'the server closed before it had read or sent a byte',
      ask: ask.config('server', 'the process’s open files against its limit'),
    },
    {
      is: 'connection-limit-reached',
      not: 'abort-by-linger-zero',
      by: 'the connection is ended before any request was read',
      ask: ask.config('server', 'the server’s own limit of connections and its count at that time'),
    },
    {
      is: 'connection-limit-reached',
      not: 'write-after-close',
      by: 'the server closed before it had read or sent a byte',
      ask: ask.config('server', 'the server’s own limit of connections and its count at that time'),
    },
  ],
});
