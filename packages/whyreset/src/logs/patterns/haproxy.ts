import { type Pattern, patternsOf } from '../pattern.ts';

// HAProxy's session state at disconnection: two letters (TCP) or four (HTTP), before the connection counters.
const state = (codes: string): RegExp =>
  new RegExp(`[ "](?:${codes})[A-Z-]{0,2} \\d{1,9}/\\d{1,9}/\\d{1,9}/\\d{1,9}/\\+?\\d{1,9} `, 'g');
const line = (codes: string): string =>
  `Nov 21 01:00:00 lb haproxy[14389]: 10.0.0.9:33317 [21/Nov/2026:01:00:00.000] web app/srv1 0/0/1/-1/2 502 213 - - ${codes} 1/1/0/0/0 0/0 "GET / HTTP/1.1"`;

/**
 * HAProxy's termination states (doc/configuration.txt §8.5). They name the side, but not whether it was a
 * FIN or a reset: both were provoked and gave SH, SD.
 */
export const haproxy: Pattern[] = patternsOf({ program: 'HAProxy', verified: 'documented' }, [
  {
    id: 'haproxy-sc',
    class: 'REFUSED',
    strength: 'exact',
    verified: 'measured',
    regexp: state('SC'),
    says: 'SC: the server refused or aborted the connection while HAProxy was connecting.',
    examples: [line('SC--')],
  },
  {
    id: 'haproxy-server-connect-timeout',
    class: 'TIMEOUT-CONNECT',
    strength: 'exact',
    regexp: state('sC'),
    says: 'sC: "timeout connect" expired before the server answered.',
    examples: [line('sC--')],
  },
  {
    id: 'haproxy-sh',
    class: 'UPSTREAM-ENDED',
    strength: 'exact',
    verified: 'measured',
    regexp: state('SH'),
    says: 'SH: the server ended it before its response headers were complete.',
    examples: [line('SH--')],
  },
  {
    id: 'haproxy-sd',
    class: 'UPSTREAM-ENDED',
    strength: 'exact',
    verified: 'measured',
    regexp: state('S[DL]'),
    says: 'SD: the server ended it during the data.',
    families: [
      { cause: 'D1', why: 'the upstream process died' },
      { cause: 'D9', why: 'a supervisor killed the upstream worker' },
      { cause: 'D2', why: 'the upstream closed with request bytes unread' },
      { cause: 'D6', why: 'a timeout of the upstream cut a slow answer' },
    ],
    examples: [line('SD--')],
  },
  {
    id: 'haproxy-server-timeout',
    class: 'TIMEOUT',
    strength: 'exact',
    regexp: state('s[HDQL]'),
    says: 'The server-side timeout of HAProxy expired (sH: waiting for headers, sD: in the data, sQ: in the queue).',
    examples: [line('sH--')],
  },
  {
    id: 'haproxy-client',
    class: 'CLIENT-GONE',
    strength: 'exact',
    regexp: state('C[RQCHDLT]'),
    says: 'The first letter C means that the client aborted.',
    examples: [line('CD--'), line('CH--')],
  },
  {
    id: 'haproxy-client-timeout',
    class: 'TIMEOUT',
    verified: 'remembered',
    strength: 'exact',
    regexp: state('c[RQCHDLT]'),
    says: 'The first letter c means that the client-side timeout of HAProxy expired: the client sent or read nothing.',
    families: [
      { cause: 'D6', why: 'the client was slower than "timeout client" or "timeout http-request"' },
      { cause: 'I9', why: 'an idle client was cut by "timeout client"' },
      { cause: 'I6', why: 'a box between client and proxy silently forgot the flow' },
    ],
    examples: [line('cD--'), line('cR--')],
  },
  {
    id: 'haproxy-policy',
    class: 'LOCAL-ABORT',
    strength: 'exact',
    regexp: state('[PLRIDUK][RQCHDLT-]'),
    says: 'HAProxy itself ended it: P policy, L local answer, R resource, I internal, D server down, U backup taken over, K administrator.',
    families: [
      { cause: 'P7', why: 'a rule of the proxy blocked the request (PR)' },
      { cause: 'D14', why: 'an administrator or a server state change ended it (K, D, U)' },
    ],
    examples: [line('PR--'), line('KD--')],
  },
]);
