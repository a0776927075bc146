import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Traefik, Caddy, Varnish, Squid',
    source:
      'traefik pkg/server/service/proxy.go; caddy modules/caddyhttp/reverseproxy; varnish bin/varnishd/cache/cache_http1_fsm.c; squid errors',
    service: 'http',
    reporter: 'proxy',
  },
  [
    {
      id: 'traefik-bad-gateway',
      program: 'Traefik',
      class: 'UPSTREAM-ENDED',
      strength: 'hint',
      regexp:
        /\b50[0-9] (?:Internal Server Error|Bad Gateway|Gateway Timeout)["']? caused by\b|'(?:499 Client Closed Request|50\d [A-Z][a-zA-Z ]{3,30})' caused by: /,
      says: 'The words after "caused by" decide.',
      examples: [
        "'502 Bad Gateway' caused by: dial tcp 10.0.0.2:80: connect: connection refused",
        "'499 Client Closed Request' caused by: context canceled",
      ],
    },
    {
      id: 'traefik-no-server',
      program: 'Traefik',
      class: 'NO-UPSTREAM',
      strength: 'decisive',
      marks: ['said-no-upstream'],
      regexp: /\bno available server\b|\bservice unavailable: no servers\b/i,
      examples: ['no available server'],
    },
    {
      id: 'caddy-no-upstream',
      program: 'Caddy',
      class: 'NO-UPSTREAM',
      strength: 'decisive',
      marks: ['said-no-upstream'],
      regexp: /\bno upstreams available\b/,
      examples: ['{"level":"error","logger":"http.log.error","msg":"no upstreams available"}'],
    },
    {
      id: 'caddy-aborting',
      program: 'Caddy',
      class: 'UPSTREAM-ENDED',
      stage: 'answering',
      strength: 'hint',
      regexp: /\baborting with incomplete response\b/,
      examples: [
        '{"level":"warn","logger":"http.handlers.reverse_proxy","msg":"aborting with incomplete response","error":"reading: context canceled"}',
      ],
    },
    {
      id: 'varnish-first-byte',
      program: 'Varnish',
      class: 'TIMEOUT',
      regexp: /\bFetchError\s{1,8}(?:first byte timeout|between bytes timeout)\b/,
      marks: ['long-request'],
      examples: ['-   FetchError     first byte timeout'],
    },
    {
      id: 'varnish-closed',
      program: 'Varnish',
      class: 'UPSTREAM-ENDED',
      marks: ['pool'],
      regexp:
        /\bFetchError\s{1,8}(?:http first read error: EOF|HTC EOF \(-1\)|http read error: EOF|backend write error: \d{1,3})/,
      examples: ['-   FetchError     HTC EOF (-1)', '-   FetchError     http first read error: EOF'],
    },
    {
      id: 'varnish-sick',
      program: 'Varnish',
      class: 'NO-UPSTREAM',
      strength: 'decisive',
      marks: ['said-no-upstream'],
      regexp:
        /\bFetchError\s{1,8}(?:backend \S{1,80}: (?:unhealthy|fail)|no backend connection|Director \S{1,80} returned no backend)\b|\bBackend fetch failed\b/,
      examples: ['-   FetchError     no backend connection', 'Error 503 Backend fetch failed'],
    },
    {
      id: 'varnish-client',
      program: 'Varnish',
      class: 'CLIENT-GONE',
      regexp: /\bSessClose\s{1,8}(?:REM_CLOSE|RX_TIMEOUT|TX_ERROR|RX_CLOSE_IDLE)\b/,
      ended: 'unclear',
      examples: ['-   SessClose      RX_TIMEOUT 5.001'],
    },
    {
      id: 'squid-zero',
      program: 'Squid',
      class: 'EOF',
      regexp: /\bERR_ZERO_SIZE_OBJECT\b|\bZero Sized Reply\b/,
      examples: ['X-Squid-Error: ERR_ZERO_SIZE_OBJECT 0'],
    },
    {
      id: 'squid-connect',
      program: 'Squid',
      class: 'REFUSED',
      ended: 'unclear',
      regexp: /\bERR_CONNECT_FAIL 11[01]?\b|\bERR_CONNECT_FAIL\b/,
      examples: ['X-Squid-Error: ERR_CONNECT_FAIL 111'],
    },
    {
      id: 'squid-read',
      program: 'Squid',
      class: 'RST-READ',
      regexp: /\bERR_READ_ERROR 104\b/,
      examples: ['X-Squid-Error: ERR_READ_ERROR 104'],
    },
    {
      id: 'squid-aborted',
      program: 'Squid',
      class: 'CLIENT-GONE',
      regexp: /\bTCP_MISS_ABORTED\/\d{3}\b|\bTCP_TUNNEL_ABORTED\/\d{3}\b/,
      examples: [
        '1700000000.000    123 10.0.0.9 TCP_MISS_ABORTED/000 0 GET http://example.com/ - HIER_DIRECT/10.0.0.2 -',
      ],
    },
    {
      id: 'squid-denied',
      program: 'Squid',
      class: 'NOT-ALLOWED',
      strength: 'decisive',
      marks: ['said-not-allowed', 'through-proxy'],
      regexp: /\bTCP_DENIED\/\d{3}\b|\bERR_ACCESS_DENIED\b/,
      examples: [
        '1700000000.000 0 10.0.0.9 TCP_DENIED/403 3900 CONNECT example.com:443 - HIER_NONE/- text/html',
      ],
    },
    {
      id: 'kong-upstream',
      program: 'Kong',
      class: 'UPSTREAM-ENDED',
      strength: 'hint',
      regexp:
        /\bAn invalid response was received from the upstream server\b|\bThe upstream server is timing out\b/,
      examples: ['{"message":"An invalid response was received from the upstream server"}'],
    },
    {
      id: 'http-proxy-js',
      program: 'http-proxy (Node)',
      reporter: 'proxy',
      class: 'CLOSED',
      strength: 'hint',
      regexp:
        /\bError occurred while (?:try(?:ing)? to )?proxy(?:ing)?(?: request)?\b|\bhttp proxy error\b|\bFailed to proxy\b/i,
      says: 'The code in brackets or the nested error decides.',
      examples: [
        '[HPM] Error occurred while trying to proxy request /api from localhost:3000 to http://localhost:5000 (ECONNREFUSED)',
        '[vite] http proxy error: /api/users',
        'Failed to proxy http://localhost:8000/api Error: socket hang up',
      ],
    },
  ],
);
