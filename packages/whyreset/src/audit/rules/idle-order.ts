import type { Link } from '../model.ts';
import { defineRule } from '../rule.ts';
import { editOf, placesOf, said } from '../say.ts';
import { durationText } from '../units.ts';

/** A request takes a while to arrive, and timers are not exact: so much longer the accepting end has to wait. */
const ROOM = 1;
/** From here on nobody waits for it. */
const LONG = 86_400;

export default defineRule({
  id: 'idle-order',
  severity: 'error',
  title: 'The end that opens a connection gives it up before the end that accepted it does.',
  why: 'A server that closes an idle connection cannot know that a request is under way to it. The request meets a closed socket and is answered by a RST: "connection reset by peer", "socket hang up", "other side closed", a 502 of the proxy. Where the opening end closes first, it never sends on a connection that is about to end.',
  sources: ['RFC 9112 §9.5', 'nodejs/node#20256', 'docs.aws.amazon.com ELB troubleshooting, HTTP 502'],
  bad: [
    {
      title: 'nginx keeps connections for 60 s, Node closes them after 5 s',
      files: {
        'nginx.conf':
          'http { upstream app { server 127.0.0.1:3000; keepalive 16; } server { listen 80; location / { proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; } } }',
        'server.js': "const http = require('http'); http.createServer(app).listen(3000);",
      },
    },
    {
      title: 'a balancer in front of gunicorn',
      files: { Procfile: 'web: gunicorn --worker-class gthread --threads 4 -b 0.0.0.0:8000 app:app' },
      behind: 'aws-alb',
    },
  ],
  good: [
    {
      title: 'Node waits longer than nginx keeps',
      files: {
        'nginx.conf':
          'http { upstream app { server 127.0.0.1:3000; keepalive 16; keepalive_timeout 50s; } server { listen 80; location / { proxy_pass http://app; } } }',
        'server.js':
          "const http = require('http'); const server = http.createServer(app); server.keepAliveTimeout = 61_000; server.listen(3000);",
      },
    },
    {
      title: 'no connection is kept to the upstream',
      files: {
        'nginx.conf': 'http { server { listen 80; location / { proxy_pass http://127.0.0.1:3000; } } }',
        'server.js': "require('http').createServer(app).listen(3000);",
      },
    },
  ],
  link({ from, to, assumed }: Link) {
    const keeps = from.connects.idleTimeout;
    const closes = to.accepts.idleTimeout;
    if (!keeps || !closes || closes.value >= LONG) return null;
    const age = from.connects.maxAge;
    if (keeps.value < closes.value || (age !== undefined && age.value < closes.value)) return null;
    return {
      message: `${said(from, 'keeps idle connections', keeps, durationText)}; ${said(to, closes.value < 0.01 ? 'keeps none' : 'closes idle ones after', closes, closes.value < 0.01 ? () => '' : durationText)}${assumed ? ' (the addresses are not in the files)' : ''}`,
      positions: placesOf([closes, to], [keeps, from]),
      edits: [
        ...(keeps.value <= LONG
          ? [editOf('accepts', to, 'idleTimeout', closes, keeps.value + Math.max(ROOM, keeps.value / 12))]
          : []),
        ...(closes.value > 2 * ROOM
          ? [editOf('connects', from, 'idleTimeout', keeps, closes.value - Math.max(ROOM, closes.value / 12))]
          : []),
      ].filter((edit) => edit !== null),
    };
  },
});
