import { type Pattern, patternsOf } from '../pattern.ts';

/** The operating system's own words (strerror), which any program may print. */
export const posix: Pattern[] = patternsOf({ program: 'operating system', verified: 'measured' }, [
  {
    id: 'posix-refused',
    class: 'REFUSED',
    strength: 'cause',
    regexp: /\bconnection refused\b/gi,
    examples: ['nc: connect to 10.0.0.2 port 80 (tcp) failed: Connection refused'],
  },
  {
    id: 'posix-reset',
    class: 'RST-READ',
    strength: 'cause',
    regexp: /\bconnection reset by (?:peer|remote host)\b/gi,
    examples: [
      'read: Connection reset by peer',
      'kex_exchange_identification: read: Connection reset by peer',
    ],
  },
  {
    id: 'posix-broken-pipe',
    class: 'EPIPE',
    strength: 'cause',
    regexp: /\bbroken pipe\b/gi,
    examples: ['client_loop: send disconnect: Broken pipe'],
  },
  {
    id: 'posix-timeout',
    class: 'TIMEOUT',
    strength: 'cause',
    regexp: /\b(?:connection|operation) timed out\b/gi,
    examples: ['ssh: connect to host 10.0.0.2 port 22: Connection timed out'],
  },
  {
    id: 'posix-unreachable',
    class: 'UNREACHABLE',
    strength: 'cause',
    verified: 'remembered',
    regexp: /\bno route to host\b|\bnetwork is unreachable\b/gi,
    examples: ['ssh: connect to host 10.0.0.2 port 22: No route to host'],
  },
  {
    id: 'posix-aborted',
    class: 'LOCAL-ABORT',
    strength: 'cause',
    regexp: /\bsoftware caused connection abort\b/gi,
    says: 'On Linux a socket that was ended with "ss -K" reads this.',
    examples: ['recv: Software caused connection abort'],
  },
]);
