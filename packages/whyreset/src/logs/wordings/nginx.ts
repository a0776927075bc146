import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'nginx',
    source:
      'nginx 1.22 to 1.31 src/http/ngx_http_upstream.c, ngx_http_request.c, ngx_proxy_protocol.c, src/event/ngx_event_openssl.c',
    service: 'http',
    reporter: 'proxy',
    verified: 'measured',
  },
  [
    {
      id: 'nginx-upstream-reset',
      class: 'RST-READ',
      regexp: /\brecv\(\) failed \((?:104|54): [^)\n]{1,60}\) while reading response header from upstream/,
      examples: [
        '2026/11/21 00:57:33 [error] 7039#7039: *1 recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 127.0.0.1, server: , request: "GET /rst HTTP/1.1", upstream: "http://127.0.0.1:9100/rst", host: "127.0.0.1:9301"',
      ],
    },
    {
      id: 'nginx-upstream-reset-mid',
      class: 'RST-MID',
      regexp: /\b(?:readv|recv)\(\) failed \((?:104|54): [^)\n]{1,60}\) while reading upstream/,
      examples: [
        '2026/11/21 00:57:33 [error] 7039#7039: *5 readv() failed (104: Connection reset by peer) while reading upstream, client: 127.0.0.1, server: , request: "GET /mrst HTTP/1.1", upstream: "http://127.0.0.1:9102/mrst", host: "127.0.0.1:9301"',
      ],
    },
    {
      id: 'nginx-upstream-write-reset',
      class: 'RST-WRITE',
      verified: 'remembered',
      regexp:
        /\b(?:writev|send|sendfile)\(\) failed \((?:104|54): [^)\n]{1,60}\) while sending (?:request )?to upstream/,
      examples: [
        'writev() failed (104: Connection reset by peer) while sending request to upstream, client: 10.0.0.9, upstream: "http://10.0.0.2:8080/upload"',
      ],
    },
    {
      id: 'nginx-upstream-epipe',
      class: 'EPIPE',
      verified: 'remembered',
      regexp: /\b(?:writev|send|sendfile)\(\) failed \(32: [^)\n]{1,60}\)/,
      examples: [
        'writev() failed (32: Broken pipe) while sending request to upstream, client: 10.0.0.9, upstream: "http://10.0.0.2:8080/upload"',
      ],
    },
    {
      id: 'nginx-upstream-closed',
      class: 'EOF',
      regexp: /\bupstream prematurely closed connection while reading response header from upstream/,
      examples: [
        '2026/11/21 00:57:33 [error] 7039#7039: *3 upstream prematurely closed connection while reading response header from upstream, client: 127.0.0.1, server: , request: "GET /fin HTTP/1.1", upstream: "http://127.0.0.1:9101/fin", host: "127.0.0.1:9301"',
      ],
    },
    {
      id: 'nginx-upstream-closed-mid',
      class: 'EOF-MID',
      regexp: /\bupstream prematurely closed connection while reading upstream/,
      examples: [
        '2026/11/21 00:57:33 [error] 7039#7039: *7 upstream prematurely closed connection while reading upstream, client: 127.0.0.1, server: , request: "GET /mfin HTTP/1.1", upstream: "http://127.0.0.1:9103/mfin", host: "127.0.0.1:9301"',
      ],
    },
    {
      id: 'nginx-upstream-closed-bare',
      class: 'EOF',
      regexp: /\bupstream prematurely closed connection\b(?! while reading)/,
      examples: ['upstream prematurely closed connection'],
    },
    {
      id: 'nginx-upstream-refused',
      class: 'REFUSED',
      regexp: /\bconnect\(\) failed \((?:111|61): [^)\n]{1,60}\)/,
      examples: [
        '2026/11/21 00:57:33 [error] 7039#7039: *9 connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: , request: "GET /refused HTTP/1.1", upstream: "http://127.0.0.1:9999/refused", host: "127.0.0.1:9301"',
      ],
    },
    {
      id: 'nginx-upstream-connect-timeout',
      class: 'TIMEOUT-CONNECT',
      verified: 'remembered',
      regexp: /\bupstream timed out \(110: [^)\n]{1,60}\) while connecting to upstream/,
      examples: [
        'upstream timed out (110: Connection timed out) while connecting to upstream, client: 10.0.0.9, upstream: "http://10.0.0.2:8080/"',
      ],
    },
    {
      id: 'nginx-upstream-timeout',
      class: 'TIMEOUT',
      regexp: /\bupstream timed out \(110: [^)\n]{1,60}\) while (?:reading|sending|SSL)/,
      examples: [
        '2026/11/21 00:57:34 [error] 7039#7039: *11 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 127.0.0.1, server: , request: "GET /silent HTTP/1.1", upstream: "http://127.0.0.1:9110/silent", host: "127.0.0.1:9301"',
      ],
    },
    {
      id: 'nginx-upstream-tls-reset',
      class: 'RST-TLS',
      regexp:
        /\bpeer closed connection in SSL handshake(?: \((?:104|54): [^)\n]{1,60}\))? while SSL handshaking to upstream/,
      examples: [
        '2026/11/21 00:57:34 [error] 7039#7039: *15 peer closed connection in SSL handshake (104: Connection reset by peer) while SSL handshaking to upstream, client: 127.0.0.1, server: , request: "GET /tlsrst HTTP/1.1", upstream: "https://127.0.0.1:9106/tlsrst", host: "127.0.0.1:9301"',
      ],
    },
    {
      id: 'nginx-client-closed',
      class: 'CLIENT-GONE',
      regexp:
        /\bclient prematurely closed connection\b|" 499 (?:\d{1,12}|-)|\bstatus["']?\s?[:=]\s?["']?499\b/,
      examples: [
        '2026/11/21 00:57:35 [info] 7039#7039: *19 epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too while sending request to upstream, client: 127.0.0.1, server: , request: "GET /silent HTTP/1.1", upstream: "http://127.0.0.1:9110/silent", host: "127.0.0.1:9301"',
        '127.0.0.1 - - [21/Nov/2026:00:57:35 +0000] "GET /silent HTTP/1.1" 499 0 "-" "curl/7.88.1"',
      ],
    },
    {
      id: 'nginx-client-reset',
      class: 'CLIENT-GONE',
      verified: 'remembered',
      regexp:
        /\b(?:recv|readv|send|writev)\(\) failed \((?:104|54): [^)\n]{1,60}\) while (?:reading client|sending (?:response )?to client|waiting for request|keepalive)/,
      ended: 'rst',
      examples: [
        'recv() failed (104: Connection reset by peer) while waiting for request, client: 10.0.0.9, server: 0.0.0.0:80',
      ],
    },
    {
      id: 'nginx-connect-reset',
      class: 'RST-CONNECT',
      verified: 'documented',
      stage: 'connecting',
      regexp: /\bconnect\(\) failed \((?:104|54): [^)\n]{1,60}\) while connecting to upstream/,
      says: 'connect() itself was reset: the handshake had not ended.',
      examples: [
        'connect() failed (104: Connection reset by peer) while connecting to upstream, client: 10.0.0.9, upstream: "grpc://10.0.0.2:50051"',
      ],
    },
    {
      id: 'nginx-connect-unreachable',
      class: 'UNREACHABLE',
      verified: 'documented',
      regexp: /\bconnect\(\) failed \((?:113|101|65|51): /,
      examples: [
        'connect() failed (113: No route to host) while connecting to upstream, upstream: "http://10.0.0.2:8080/"',
      ],
    },
    {
      id: 'nginx-connect-timed-out',
      class: 'TIMEOUT-CONNECT',
      verified: 'documented',
      regexp: /\bconnect\(\) failed \(110: /,
      examples: [
        'connect() failed (110: Connection timed out) while connecting to upstream, upstream: "http://10.0.0.2:8080/"',
      ],
    },
    {
      id: 'nginx-socket-queue',
      class: 'LIMIT',
      verified: 'documented',
      strength: 'decisive',
      regexp: /\bconnect\(\) to unix:\S{1,200} failed \(11: Resource temporarily unavailable\)/,
      marks: ['backlog', 'said-too-many'],
      says: 'The listen queue of the Unix socket is full: every worker behind it is busy.',
      examples: [
        'connect() to unix:/run/php/php8.2-fpm.sock failed (11: Resource temporarily unavailable) while connecting to upstream',
      ],
    },
    {
      id: 'nginx-socket-missing',
      class: 'REFUSED',
      verified: 'documented',
      ended: 'neither',
      regexp: /\bconnect\(\) to unix:\S{1,200} failed \((?:2|111|13): /,
      says: 'The Unix socket is missing, refused or not readable for nginx.',
      examples: [
        'connect() to unix:/run/app.sock failed (2: No such file or directory) while connecting to upstream',
        'connect() to unix:/run/app.sock failed (111: Connection refused) while connecting to upstream',
      ],
    },
    {
      id: 'nginx-no-live',
      class: 'NO-UPSTREAM',
      verified: 'documented',
      regexp: /\bno live upstreams while connecting to upstream\b/,
      marks: ['said-no-upstream'],
      says: 'All servers of the upstream were marked failed (max_fails, fail_timeout) by errors before this one: look at those.',
      examples: [
        'no live upstreams while connecting to upstream, client: 10.0.0.9, upstream: "http://backend/"',
      ],
    },
    {
      id: 'nginx-too-large',
      class: 'ANSWERED',
      verified: 'documented',
      strength: 'decisive',
      regexp: /\bclient intended to send too large (?:chunked )?body(?:: \d{1,20} bytes)?/,
      marks: ['said-too-large', 'upload'],
      examples: ['client intended to send too large body: 33020000 bytes, client: 10.0.0.9'],
    },
    {
      id: 'nginx-worker-connections',
      class: 'LIMIT',
      verified: 'documented',
      strength: 'decisive',
      regexp: /\bworker_connections are not enough\b/,
      marks: ['said-too-many'],
      examples: ['768 worker_connections are not enough while connecting to upstream'],
    },
    {
      id: 'nginx-no-files',
      class: 'LIMIT',
      verified: 'documented',
      strength: 'decisive',
      regexp: /\b(?:accept4?|socket|open)\(\)[^\n]{0,120}? failed \(24: Too many open files\)/,
      marks: ['said-no-descriptors'],
      examples: [
        'accept4() failed (24: Too many open files)',
        'socket() failed (24: Too many open files) while connecting to upstream',
      ],
    },
    {
      id: 'nginx-no-port',
      class: 'LIMIT',
      verified: 'documented',
      strength: 'decisive',
      regexp: /\bconnect\(\) to \S{1,120} failed \(99: /,
      marks: ['port-exhaustion'],
      examples: [
        'connect() to 10.0.0.2:8080 failed (99: Cannot assign requested address) while connecting to upstream',
      ],
    },
    {
      id: 'nginx-limit',
      class: 'LIMIT',
      verified: 'documented',
      strength: 'decisive',
      regexp: /\blimiting (?:connections|requests)(?:, excess: [\d.]{1,12})? by zone\b/,
      marks: ['said-too-many'],
      examples: [
        'limiting connections by zone "addr", client: 10.0.0.9',
        'limiting requests, excess: 5.600 by zone "one", client: 10.0.0.9',
      ],
    },
    {
      id: 'nginx-not-http',
      class: 'HTTP-MISMATCH',
      verified: 'documented',
      regexp:
        /\bupstream sent no valid HTTP\/1\.0 header\b|\bupstream sent invalid (?:status|header|http2)[^\n]{0,60}/,
      marks: ['said-wrong-protocol'],
      says: 'The upstream answered with something that is no HTTP/1: TLS, HTTP/2 or another protocol.',
      examples: ['upstream sent no valid HTTP/1.0 header while reading response header from upstream'],
    },
    {
      id: 'nginx-big-header',
      class: 'ANSWERED',
      verified: 'documented',
      regexp: /\bupstream sent too big header while reading response header\b/,
      says: 'The response header did not fit into proxy_buffer_size: nginx itself answered 502.',
      examples: ['upstream sent too big header while reading response header from upstream'],
    },
    {
      id: 'nginx-client-timed-out',
      class: 'SESSION-KILL',
      verified: 'documented',
      regexp: /\bclient timed out \(110: [^)\n]{1,60}\) while (?:reading client|waiting for request|sending)/,
      marks: ['said-slow-request'],
      examples: [
        'client timed out (110: Connection timed out) while reading client request headers, client: 10.0.0.9',
      ],
    },
    {
      id: 'nginx-proxy-protocol-empty',
      class: 'PROBE',
      verified: 'documented',
      strength: 'decisive',
      regexp: /\bbroken header: "" while reading PROXY protocol/,
      marks: ['no-data', 'health-check', 'balancer'],
      says: 'The header is empty: a probe connected and sent nothing.',
      examples: ['broken header: "" while reading PROXY protocol, client: 10.42.1.0, server: 0.0.0.0:443'],
    },
    {
      id: 'nginx-proxy-protocol-mismatch',
      class: 'HTTP-MISMATCH',
      verified: 'documented',
      strength: 'decisive',
      regexp: /\bbroken header: "[^"\n][^\n]{0,200}?while reading PROXY protocol/,
      marks: ['proxy-protocol', 'said-wrong-protocol'],
      says: 'This listener expects the PROXY protocol and the client does not send it.',
      examples: [
        'broken header: "GET / HTTP/1.1" while reading PROXY protocol, client: 10.0.0.9, server: 0.0.0.0:80',
      ],
    },
    {
      id: 'nginx-proxy-protocol-probe',
      class: 'PROBE',
      verified: 'documented',
      regexp: /\brecv\(\) failed \(104: [^)\n]{1,60}\) while reading PROXY protocol/,
      marks: ['no-data', 'health-check', 'balancer'],
      examples: [
        'recv() failed (104: Connection reset by peer) while reading PROXY protocol, client: 10.0.0.7, server: 0.0.0.0:80',
      ],
    },
    {
      id: 'nginx-worker-crash',
      class: 'PROCESS-ENDED',
      verified: 'documented',
      strength: 'decisive',
      regexp: /\bworker process \d{1,9} exited on signal (?:11|6|7)\b/,
      marks: ['crash'],
      examples: ['[alert] 1234#1234: worker process 4711 exited on signal 11'],
    },
    {
      id: 'nginx-worker-killed',
      class: 'PROCESS-ENDED',
      verified: 'documented',
      strength: 'decisive',
      regexp: /\bworker process \d{1,9} exited on signal 9\b/,
      marks: ['killed', 'out-of-memory'],
      examples: ['[alert] 1234#1234: worker process 4711 exited on signal 9'],
    },
    {
      id: 'nginx-client-tls-closed',
      class: 'PROBE',
      verified: 'documented',
      regexp:
        /\b(?:peer closed connection in SSL handshake(?: \(\d{1,3}: [^)\n]{1,60}\))?|SSL_do_handshake\(\) failed[^\n]{0,200}?) while SSL handshaking, client: /,
      marks: ['no-data'],
      says: 'A client broke off the TLS handshake: a probe, a scanner, or a client that refuses the certificate.',
      examples: [
        'peer closed connection in SSL handshake while SSL handshaking, client: 10.0.0.9, server: 0.0.0.0:443',
        'peer closed connection in SSL handshake (104: Connection reset by peer) while SSL handshaking, client: 10.0.0.9, server: 0.0.0.0:443',
      ],
    },
    {
      id: 'nginx-fastcgi-closed',
      class: 'EOF-MID',
      verified: 'documented',
      regexp:
        /\bupstream (?:prematurely closed FastCGI (?:stdout|request)|closed prematurely FastCGI stdout)\b/,
      examples: ['upstream prematurely closed FastCGI stdout while reading response header from upstream'],
    },
    {
      id: 'nginx-sending-upstream',
      class: 'EPIPE',
      verified: 'documented',
      marks: ['upload'],
      regexp: /\bwritev\(\) failed \(32: [^)\n]{1,60}\) while sending request to upstream/,
      examples: ['writev() failed (32: Broken pipe) while sending request to upstream, client: 10.0.0.9'],
    },
    {
      id: 'nginx-stream-timeout',
      class: 'TIMEOUT',
      verified: 'documented',
      stage: 'idle',
      strength: 'decisive',
      regexp:
        /\b(?:upstream|client|connection) timed out \(110: [^)\n]{1,60}\) while proxying (?:connection|and)|\bconnection timed out \(110[^)\n]{0,60}\) while proxying/,
      marks: ['said-idle-timeout', 'balancer'],
      says: 'nginx stream: proxy_timeout (10 min unless set) expired.',
      examples: [
        'connection timed out (110: Connection timed out) while proxying connection, client: 10.0.0.9, upstream: "10.0.0.5:5432"',
      ],
    },
  ],
);
