import type { Link } from '../model.ts';
import { defineRule } from '../rule.ts';
import { placesOf, said } from '../say.ts';

export default defineRule({
  id: 'tls-match',
  severity: 'error',
  title: 'TLS is spoken at both ends of a link, or at neither.',
  why: 'A server that expects a ClientHello and gets a request, or the other way round, ends the connection at the first bytes: "wrong version number", "unexpected EOF", 400 "plain HTTP request was sent to HTTPS port".',
  sources: ['RFC 8446 §4.1.2'],
  bad: [
    {
      title: 'plain HTTP to a TLS port',
      files: {
        'nginx.conf':
          'http { server { listen 80; location / { proxy_pass http://127.0.0.1:8443; } } server { listen 8443 ssl; root /srv; } }',
      },
    },
  ],
  good: [
    {
      title: 'TLS to a TLS port',
      files: {
        'nginx.conf':
          'http { server { listen 80; location / { proxy_pass https://127.0.0.1:8443; } } server { listen 8443 ssl; root /srv; } }',
      },
    },
  ],
  link({ from, to, assumed }: Link) {
    const speaks = from.connects.tls;
    const expects = to.accepts.tls;
    if (!speaks || !expects || assumed || speaks.value === expects.value) return null;
    const [first, second] = speaks.value
      ? [said(from, 'speaks TLS', speaks, () => ''), `${to.name} does not (${expects.name} is missing)`]
      : [said(to, 'speaks TLS', expects, () => ''), `${from.name} does not (${speaks.name})`];
    return { message: `${first}; ${second}`, positions: placesOf([speaks, from], [expects, to]), edits: [] };
  },
});
