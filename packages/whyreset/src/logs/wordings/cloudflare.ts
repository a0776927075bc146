import { defineProduct } from '../wording.ts';

const code = (number: number, words: string): RegExp =>
  new RegExp(
    [
      ...[
        '[Ee]rror ',
        '[Ee]rror: ',
        '[Ee]rror code ',
        '[Ee]rror code: ',
        'HTTP ',
        '[Ss]tatus ',
        '[Ss]tatus code ',
        'HTTP status ',
      ].map((sign) => `\\b${sign}${number}\\b`),
      words,
    ].join('|'),
    'g',
  );

export default defineProduct(
  {
    program: 'Cloudflare',
    source: 'developers.cloudflare.com 5xx errors',
    service: 'http',
    reporter: 'proxy',
    marks: ['cloudflare', 'balancer'],
  },
  [
    {
      id: 'cloudflare-520',
      class: 'UPSTREAM-ENDED',
      marks: ['pool'],
      regexp: code(520, '\\bWeb server is returning an unknown error\\b'),
      says: '520: the origin closed, reset or answered with something that is no HTTP.',
      examples: ['Error 520 Web server is returning an unknown error'],
    },
    {
      id: 'cloudflare-521',
      class: 'REFUSED',
      regexp: code(521, '\\bWeb server is down\\b'),
      says: '521: the origin refused the connection, or a firewall refuses Cloudflare’s addresses.',
      examples: ['Error 521: Web server is down'],
    },
    {
      id: 'cloudflare-522',
      class: 'TIMEOUT-CONNECT',
      regexp: code(522, '\\bcloudflare_522\\b'),
      says: '522: no SYN-ACK within 19 s, or no acknowledgement of the request within 90 s.',
      examples: ['Error 522: Connection timed out'],
    },
    {
      id: 'cloudflare-523',
      class: 'UNREACHABLE',
      regexp: code(523, '\\bOrigin is unreachable\\b'),
      examples: ['Error 523: Origin is unreachable'],
    },
    {
      id: 'cloudflare-524',
      class: 'TIMEOUT',
      marks: ['long-request'],
      regexp: code(524, '\\bA timeout occurred\\b'),
      says: '524: connected, and no answer within 120 s.',
      examples: ['Error 524: A timeout occurred'],
    },
    {
      id: 'cloudflare-525',
      class: 'TLS-EOF',
      ended: 'unclear',
      marks: ['tls-alert'],
      regexp: code(525, '\\bSSL handshake failed\\b(?=[\\s\\S]{0,80}[Cc]loudflare)'),
      examples: ['Error 525: SSL handshake failed'],
    },
    {
      id: 'cloudflare-526',
      class: 'TLS-ALERT',
      marks: ['certificate'],
      regexp: code(526, '\\bInvalid SSL certificate\\b'),
      examples: ['Error 526: Invalid SSL certificate'],
    },
    {
      id: 'cloudflared-stream-cancelled',
      class: 'CLIENT-GONE',
      program: 'cloudflared',
      service: 'http',
      reporter: 'proxy',
      marks: ['cancelled'],
      regexp: /\bstream \d{1,10} canceled by remote with error code \d{1,6}\b/,
      says: 'Cloudflare’s edge cancelled the stream: the visitor left, or a timeout of the edge ran out.',
      examples: ['ERR Request failed error="stream 38293 canceled by remote with error code 0"'],
    },
    {
      id: 'cloudflared',
      class: 'TIMEOUT',
      program: 'cloudflared',
      service: 'http',
      reporter: 'client',
      stage: 'tunnel',
      regexp: /\bfailed to dial to edge with quic: timeout\b|\btimeout: no recent network activity\b/,
      examples: ['ERR Failed to serve quic connection error="timeout: no recent network activity"'],
    },
  ],
);
