import type { Link } from '../model.ts';
import { defineRule } from '../rule.ts';
import { editOf, placesOf, said } from '../say.ts';
import { sizeText } from '../units.ts';

export default defineRule({
  id: 'body-order',
  severity: 'warning',
  title: 'A proxy lets no larger body through than the server takes.',
  why: 'A server that finds a body too large answers 413 and stops reading. Where it then closes with the rest unread, its kernel sends a RST, and the client sees "broken pipe" or "connection reset" instead of the 413. The limit belongs to the first hop, which sees Content-Length before the body.',
  sources: ['RFC 9110 §15.5.14', 'RFC 9112 §9.6', 'tokio-rs/axum#1250'],
  bad: [
    {
      title: 'nginx takes 50 MiB, Fastify 1 MiB',
      files: {
        'nginx.conf':
          'http { client_max_body_size 50m; server { listen 80; location / { proxy_pass http://127.0.0.1:3000; } } }',
        'server.js': "import fastify from 'fastify'; const app = fastify(); app.listen({ port: 3000 });",
      },
    },
  ],
  good: [
    {
      title: 'the same limit at both',
      files: {
        'nginx.conf':
          'http { client_max_body_size 1m; server { listen 80; location / { proxy_pass http://127.0.0.1:3000; } } }',
        'server.js': "import fastify from 'fastify'; const app = fastify(); app.listen({ port: 3000 });",
      },
    },
  ],
  link({ from, to }: Link) {
    const lets = from.accepts.bodyLimit;
    const takes = to.accepts.bodyLimit;
    // Two defaults that differ are nobody's decision, and mostly about forms alone.
    if (!lets || !takes || lets.value <= takes.value || lets.origin.kind === 'default') return null;
    return {
      message: `${said(from, 'lets bodies through up to', lets, (bytes) => (bytes === Number.POSITIVE_INFINITY ? 'any size' : sizeText(bytes)))}; ${said(to, 'takes', takes, sizeText)}`,
      positions: placesOf([lets, from], [takes, to]),
      edits: [
        editOf('accepts', from, 'bodyLimit', lets, takes.value),
        ...(lets.value === Number.POSITIVE_INFINITY
          ? []
          : [editOf('accepts', to, 'bodyLimit', takes, lets.value)]),
      ].filter((edit) => edit !== null),
    };
  },
});
