import { defineProduct } from '../wording.ts';

// HAProxy's session state at disconnection: two letters (TCP) or four (HTTP), before the connection counters, or as a field of JSON.
const state = (codes: string): RegExp =>
  new RegExp(
    `[ "](?:${codes})[A-Z-]{0,2} \\d{1,9}/\\d{1,9}/\\d{1,9}/\\d{1,9}/\\+?\\d{1,9} |"?\\b(?:termination_state|term_state|termination|tsc|ts|sess_term_state)"?\\s?[:=]\\s?"?(?:${codes})[A-Z-]{0,2}\\b`,
    'g',
  );
const line = (codes: string): string =>
  `Nov 21 01:00:00 lb haproxy[14389]: 10.0.0.9:33317 [21/Nov/2026:01:00:00.000] web app/srv1 0/0/1/-1/2 502 213 - - ${codes} 1/1/0/0/0 0/0 "GET / HTTP/1.1"`;
const json = (codes: string): string => `{"program":"haproxy","termination_state":"${codes}","status":503}`;

export default defineProduct(
  {
    program: 'HAProxy',
    source: 'haproxy doc/configuration.txt §8.5 (2.8), src/proxy.c, src/server.c',
    service: 'http',
    reporter: 'proxy',
    logNeedles: ['haproxy', 'termination', '_state', '"ts"', '"tsc"'],
  },
  [
    {
      id: 'haproxy-sc',
      class: 'REFUSED',
      verified: 'measured',
      regexp: state('SC'),
      says: 'SC: the server refused or aborted the connection while HAProxy was connecting.',
      examples: [line('SC--'), json('SC')],
    },
    {
      id: 'haproxy-server-connect-timeout',
      class: 'TIMEOUT-CONNECT',
      regexp: state('sC'),
      says: 'sC: "timeout connect" expired before the server answered.',
      examples: [line('sC--'), json('sC')],
    },
    {
      id: 'haproxy-sh',
      class: 'UPSTREAM-ENDED',
      verified: 'measured',
      regexp: state('S[HT]'),
      says: 'SH: the server ended it before its response headers were complete.',
      examples: [line('SH--'), json('SH')],
    },
    {
      id: 'haproxy-sd',
      class: 'UPSTREAM-ENDED',
      verified: 'measured',
      stage: 'answering',
      regexp: state('S[DL]'),
      says: 'SD: the server ended it during the data.',
      examples: [line('SD--'), json('SD')],
    },
    {
      id: 'haproxy-sq',
      class: 'LIMIT',
      strength: 'decisive',
      regexp: state('s[Q]|SQ'),
      marks: ['said-too-many'],
      says: 'sQ: the request waited in the queue until "timeout queue" ran out: maxconn of the server.',
      examples: [line('sQ--')],
    },
    {
      id: 'haproxy-server-timeout-headers',
      class: 'TIMEOUT',
      regexp: state('sH'),
      marks: ['long-request'],
      says: 'sH: "timeout server" expired while HAProxy waited for the response headers.',
      examples: [line('sH--'), json('sH')],
    },
    {
      id: 'haproxy-server-timeout-data',
      class: 'TIMEOUT',
      stage: 'tunnel',
      regexp: state('s[DL]'),
      marks: ['idle-before', 'said-idle-timeout'],
      says: 'sD: "timeout server" (or "timeout tunnel") expired in the data phase.',
      examples: [line('sD--')],
    },
    {
      id: 'haproxy-client',
      class: 'CLIENT-GONE',
      regexp: state('C[QCHDLT]'),
      says: 'The first letter C means that the client aborted.',
      examples: [line('CD--'), line('CH--'), json('CD')],
    },
    {
      id: 'haproxy-client-request',
      class: 'PROBE',
      ended: 'unclear',
      regexp: state('CR'),
      marks: ['no-data', 'browser'],
      says: 'CR: the client left before it sent a complete request: a browser’s spare connection, a probe, a scanner.',
      examples: [line('CR--')],
    },
    {
      id: 'haproxy-client-timeout-request',
      class: 'SESSION-KILL',
      regexp: state('cR'),
      marks: ['said-slow-request'],
      says: 'cR: the client did not send a complete request within "timeout http-request".',
      examples: [line('cR--')],
    },
    {
      id: 'haproxy-client-timeout',
      class: 'TIMEOUT',
      stage: 'tunnel',
      reporter: 'proxy',
      regexp: state('c[DL]'),
      marks: ['idle-before', 'said-idle-timeout'],
      says: 'cD: the client sent or read nothing for "timeout client".',
      examples: [line('cD--'), json('cD')],
    },
    {
      id: 'haproxy-client-timeout-other',
      class: 'TIMEOUT',
      reporter: 'proxy',
      regexp: state('c[QCHT]'),
      says: 'The client-side timeout expired.',
      examples: [line('cH--')],
    },
    {
      id: 'haproxy-policy-bad',
      class: 'HTTP-MISMATCH',
      regexp: state('PR'),
      marks: ['said-wrong-protocol'],
      says: 'PR: HAProxy blocked the request: invalid syntax, or an http-request deny rule.',
      examples: [line('PR--')],
    },
    {
      id: 'haproxy-policy-response',
      class: 'HTTP-MISMATCH',
      regexp: state('P[HDC]'),
      marks: ['said-wrong-protocol'],
      says: 'PH: the server’s response was invalid or was denied by a rule ("show errors" on the stats socket keeps the bytes).',
      examples: [line('PH--')],
    },
    {
      id: 'haproxy-no-server',
      class: 'NO-UPSTREAM',
      strength: 'decisive',
      regexp:
        /\b(?:backend|proxy) '?\S{1,80}'? has no server available\b|\/<NOSRV> -1\/-1\/-1\/-1\/\S{1,12} 503\b/,
      marks: ['said-no-upstream'],
      examples: [
        'backend app has no server available!',
        'haproxy[1]: 10.0.0.9:3331 [21/Nov/2026:01:00:00.000] web app/<NOSRV> -1/-1/-1/-1/0 503 213 - - SC-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"',
      ],
    },
    {
      id: 'haproxy-server-down',
      class: 'REFUSED',
      strength: 'cause',
      ended: 'unclear',
      regexp: /\bServer \S{1,120} is DOWN, reason: Layer4 (?:connection problem|timeout)\b/,
      says: 'The health check of HAProxy could not connect.',
      examples: [
        'Server app/srv1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms.',
      ],
    },
    {
      id: 'haproxy-killed',
      class: 'LOCAL-ABORT',
      regexp: state('[LRIDUK][RQCHDLT-]'),
      marks: ['said-shutdown'],
      says: 'HAProxy ended it itself: D server went DOWN, K killed by an administrator, R out of resources, I internal error, L answered locally.',
      examples: [line('DH--'), line('KD--')],
    },
    {
      id: 'haproxy-resource',
      class: 'LIMIT',
      strength: 'decisive',
      regexp:
        /\breached (?:process FD limit|system (?:FD|memory) limit|the configured maximum connection|process maxsock limit)\b/,
      marks: ['said-too-many', 'said-no-descriptors'],
      examples: ["Proxy web reached process FD limit (maxsock=4096). Please check 'ulimit-n' and restart."],
    },
    {
      id: 'haproxy-tls-closed',
      class: 'PROBE',
      ended: 'unclear',
      regexp:
        /: (?:Connection closed during SSL handshake|Connection error during SSL handshake|Timeout during SSL handshake)\b/,
      marks: ['no-data', 'health-check'],
      examples: [
        'haproxy[1]: 10.0.0.9:3331 [21/Nov/2026:01:00:00.000] web/1: Connection closed during SSL handshake',
      ],
    },
    {
      id: 'haproxy-tls-failure',
      class: 'TLS-ALERT',
      regexp: /\/\d{1,3}: SSL handshake failure\b/,
      marks: ['tls-alert'],
      reporter: 'server',
      examples: ['haproxy[1]: 10.0.0.9:3331 [21/Nov/2026:01:00:00.000] web/1: SSL handshake failure'],
    },
    {
      id: 'haproxy-proxy-protocol',
      class: 'HTTP-MISMATCH',
      strength: 'decisive',
      regexp:
        /\bReceived something which does not look like a PROXY protocol header\b|\bConnection (?:closed|error) while waiting for PROXY protocol header\b/,
      marks: ['proxy-protocol', 'said-wrong-protocol'],
      examples: [
        'web/1: Received something which does not look like a PROXY protocol header',
        'web/1: Connection closed while waiting for PROXY protocol header',
      ],
    },
  ],
);
