import { type Pattern, patternsOf } from '../pattern.ts';

/** nginx: the error log names FIN and RST of the upstream, the access log has 499. */
export const nginx: Pattern[] = patternsOf({ program: 'nginx', verified: 'measured' }, [
  {
    id: 'nginx-upstream-reset',
    class: 'RST-READ',
    strength: 'exact',
    regexp: /\brecv\(\) failed \((?:104|54): [^)\n]{1,60}\) while reading response header from upstream/g,
    examples: [
      '2026/11/21 00:57:33 [error] 7039#7039: *1 recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 127.0.0.1, server: , request: "GET /rst HTTP/1.1", upstream: "http://127.0.0.1:9100/rst", host: "127.0.0.1:9301"',
    ],
  },
  {
    id: 'nginx-upstream-reset-mid',
    class: 'RST-MID',
    strength: 'exact',
    regexp: /\b(?:readv|recv)\(\) failed \((?:104|54): [^)\n]{1,60}\) while reading upstream/g,
    examples: [
      '2026/11/21 00:57:33 [error] 7039#7039: *5 readv() failed (104: Connection reset by peer) while reading upstream, client: 127.0.0.1, server: , request: "GET /mrst HTTP/1.1", upstream: "http://127.0.0.1:9102/mrst", host: "127.0.0.1:9301"',
    ],
  },
  {
    id: 'nginx-upstream-write-reset',
    class: 'RST-WRITE',
    strength: 'exact',
    verified: 'remembered',
    regexp:
      /\b(?:writev|send|sendfile)\(\) failed \((?:104|54): [^)\n]{1,60}\) while sending (?:request )?to upstream/g,
    examples: [
      'writev() failed (104: Connection reset by peer) while sending request to upstream, client: 10.0.0.9, upstream: "http://10.0.0.2:8080/upload"',
    ],
  },
  {
    id: 'nginx-upstream-epipe',
    class: 'EPIPE',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\b(?:writev|send|sendfile)\(\) failed \(32: [^)\n]{1,60}\)/g,
    examples: [
      'writev() failed (32: Broken pipe) while sending request to upstream, client: 10.0.0.9, upstream: "http://10.0.0.2:8080/upload"',
    ],
  },
  {
    id: 'nginx-upstream-closed',
    class: 'EOF',
    strength: 'exact',
    regexp: /\bupstream prematurely closed connection while reading response header from upstream/g,
    examples: [
      '2026/11/21 00:57:33 [error] 7039#7039: *3 upstream prematurely closed connection while reading response header from upstream, client: 127.0.0.1, server: , request: "GET /fin HTTP/1.1", upstream: "http://127.0.0.1:9101/fin", host: "127.0.0.1:9301"',
    ],
  },
  {
    id: 'nginx-upstream-closed-mid',
    class: 'EOF-MID',
    strength: 'exact',
    regexp: /\bupstream prematurely closed connection while reading upstream/g,
    examples: [
      '2026/11/21 00:57:33 [error] 7039#7039: *7 upstream prematurely closed connection while reading upstream, client: 127.0.0.1, server: , request: "GET /mfin HTTP/1.1", upstream: "http://127.0.0.1:9103/mfin", host: "127.0.0.1:9301"',
    ],
  },
  {
    id: 'nginx-upstream-closed-bare',
    class: 'EOF',
    strength: 'exact',
    regexp: /\bupstream prematurely closed connection\b(?! while reading)/g,
    examples: ['upstream prematurely closed connection'],
  },
  {
    id: 'nginx-upstream-refused',
    class: 'REFUSED',
    strength: 'exact',
    regexp: /\bconnect\(\) failed \((?:111|61): [^)\n]{1,60}\)/g,
    examples: [
      '2026/11/21 00:57:33 [error] 7039#7039: *9 connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: , request: "GET /refused HTTP/1.1", upstream: "http://127.0.0.1:9999/refused", host: "127.0.0.1:9301"',
    ],
  },
  {
    id: 'nginx-upstream-connect-timeout',
    class: 'TIMEOUT-CONNECT',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bupstream timed out \(110: [^)\n]{1,60}\) while connecting to upstream/g,
    examples: [
      'upstream timed out (110: Connection timed out) while connecting to upstream, client: 10.0.0.9, upstream: "http://10.0.0.2:8080/"',
    ],
  },
  {
    id: 'nginx-upstream-timeout',
    class: 'TIMEOUT',
    strength: 'exact',
    regexp: /\bupstream timed out \(110: [^)\n]{1,60}\) while (?:reading|sending|SSL)/g,
    examples: [
      '2026/11/21 00:57:34 [error] 7039#7039: *11 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 127.0.0.1, server: , request: "GET /silent HTTP/1.1", upstream: "http://127.0.0.1:9110/silent", host: "127.0.0.1:9301"',
    ],
  },
  {
    id: 'nginx-upstream-tls-reset',
    class: 'RST-TLS',
    strength: 'exact',
    regexp: /\bpeer closed connection in SSL handshake \((?:104|54): [^)\n]{1,60}\)/g,
    examples: [
      '2026/11/21 00:57:34 [error] 7039#7039: *15 peer closed connection in SSL handshake (104: Connection reset by peer) while SSL handshaking to upstream, client: 127.0.0.1, server: , request: "GET /tlsrst HTTP/1.1", upstream: "https://127.0.0.1:9106/tlsrst", host: "127.0.0.1:9301"',
    ],
  },
  {
    id: 'nginx-upstream-tls-closed',
    class: 'TLS-EOF',
    strength: 'exact',
    regexp: /\bpeer closed connection in SSL handshake\b(?! \()/g,
    examples: [
      '2026/11/21 00:57:34 [error] 7039#7039: *13 peer closed connection in SSL handshake while SSL handshaking to upstream, client: 127.0.0.1, server: , request: "GET /tlsfin HTTP/1.1", upstream: "https://127.0.0.1:9105/tlsfin", host: "127.0.0.1:9301"',
    ],
  },
  {
    id: 'nginx-client-closed',
    class: 'CLIENT-GONE',
    strength: 'exact',
    regexp:
      /\bclient prematurely closed connection\b|" 499 (?:\d{1,12}|-)|\bstatus["']?\s?[:=]\s?["']?499\b/g,
    examples: [
      '2026/11/21 00:57:35 [info] 7039#7039: *19 epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too while sending request to upstream, client: 127.0.0.1, server: , request: "GET /silent HTTP/1.1", upstream: "http://127.0.0.1:9110/silent", host: "127.0.0.1:9301"',
      '127.0.0.1 - - [21/Nov/2026:00:57:35 +0000] "GET /silent HTTP/1.1" 499 0 "-" "curl/7.88.1"',
    ],
  },
  {
    id: 'nginx-client-reset',
    class: 'CLIENT-GONE',
    strength: 'exact',
    ended: 'rst',
    verified: 'remembered',
    regexp:
      /\b(?:recv|readv|send|writev)\(\) failed \((?:104|54): [^)\n]{1,60}\) while (?:reading client|sending (?:response )?to client|waiting for request|keepalive)/g,
    examples: [
      'recv() failed (104: Connection reset by peer) while waiting for request, client: 10.0.0.9, server: 0.0.0.0:80',
    ],
  },
  {
    id: 'nginx-proxy-protocol',
    class: 'HTTP-MISMATCH',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bbroken header: "[^\n]{0,200}?while reading PROXY protocol/g,
    families: [
      { cause: 'P5', why: 'this listener expects the PROXY protocol and the client does not send it' },
    ],
    examples: [
      'broken header: "GET / HTTP/1.1" while reading PROXY protocol, client: 10.0.0.9, server: 0.0.0.0:80',
    ],
  },
]);
