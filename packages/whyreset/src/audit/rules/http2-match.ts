import type { Link } from '../model.ts';
import { defineRule } from '../rule.ts';
import { placesOf, said } from '../say.ts';

export default defineRule({
  id: 'http2-match',
  severity: 'error',
  title: 'A proxy that speaks HTTP/2 to a server finds one that takes it.',
  why: 'gRPC, and HTTP/2 without ALPN, begin with a preface that an HTTP/1 server takes for a broken request: it answers 400 and closes, or resets. Every connection ends at its first bytes.',
  sources: ['RFC 9113 §3.4', 'nginx.org grpc_pass', 'docs.haproxy.org proto'],
  bad: [
    {
      title: 'gRPC to an HTTP/1 server',
      files: {
        'nginx.conf': 'http { server { listen 80; location / { grpc_pass grpc://127.0.0.1:3000; } } }',
        'server.js': "require('http').createServer(app).listen(3000);",
      },
    },
    {
      title: 'HAProxy speaks h2, nginx does not',
      files: {
        'haproxy.cfg':
          'frontend web\n  bind :443 ssl crt a alpn h2,http/1.1\n  default_backend app\nbackend app\n  server a 10.0.0.2:8080 proto h2\n',
        'nginx.conf': 'http { server { listen 8080; root /srv; } }',
      },
    },
  ],
  good: [
    {
      title: 'gRPC to an HTTP/2 server',
      files: {
        'nginx.conf': 'http { server { listen 80; location / { grpc_pass grpc://127.0.0.1:3000; } } }',
        'server.js': "require('http2').createServer(app).listen(3000);",
      },
    },
    {
      title: 'h2 at both ends',
      files: {
        'haproxy.cfg':
          'frontend web\n  bind :443 ssl crt a alpn h2\n  default_backend app\nbackend app\n  server a 10.0.0.2:8080 proto h2\n',
        'nginx.conf': 'http { server { listen 8080; http2 on; root /srv; } }',
      },
    },
  ],
  link({ from, to, assumed }: Link) {
    const speaks = from.connects.http2;
    const takes = to.accepts.http2;
    if (speaks?.value !== true || takes?.value !== false || assumed) return null;
    return {
      message: `${said(from, 'speaks HTTP/2', speaks, () => '')}; ${to.name} takes HTTP/1 alone (${takes.name})`,
      positions: placesOf([speaks, from], [takes, to]),
      edits: [],
    };
  },
});
