import type { Link } from '../model.ts';
import { defineRule } from '../rule.ts';
import { placesOf, said, whereOf } from '../say.ts';

export default defineRule({
  id: 'proxy-protocol',
  severity: 'error',
  title: 'The PROXY protocol is spoken at both ends of a link, or at neither.',
  why: 'A server that does not expect the PROXY header takes it for a broken request and closes; one that expects it and gets a request closes as well. Every connection fails at its first bytes.',
  sources: ['haproxy.org proxy-protocol.txt'],
  bad: [
    {
      title: 'HAProxy sends it, nginx does not expect it',
      files: {
        'haproxy.cfg':
          'frontend web\n  bind :443\n  mode tcp\n  default_backend app\nbackend app\n  mode tcp\n  server a 10.0.0.2:8080 send-proxy\n',
        'nginx.conf': 'http { server { listen 8080; root /srv; } }',
      },
    },
    {
      title: 'nginx expects it, HAProxy does not send it',
      files: {
        'haproxy.cfg':
          'frontend web\n  bind :443\n  default_backend app\nbackend app\n  server a 10.0.0.2:8080\n',
        'nginx.conf': 'http { server { listen 8080 proxy_protocol; root /srv; } }',
      },
    },
  ],
  good: [
    {
      title: 'both',
      files: {
        'haproxy.cfg':
          'frontend web\n  bind :443\n  default_backend app\nbackend app\n  server a 10.0.0.2:8080 send-proxy-v2\n',
        'nginx.conf': 'http { server { listen 8080 proxy_protocol; root /srv; } }',
      },
    },
  ],
  link({ from, to }: Link) {
    const sends = from.connects.proxyProtocol;
    const expects = to.accepts.proxyProtocol;
    if (sends?.value === true && expects?.value === false)
      return {
        message: `${said(from, 'sends a PROXY header', sends, () => '')}; ${to.name} does not expect one (${expects.name} is missing)`,
        positions: placesOf([sends, from], [expects, to]),
        edits: [{ at: null, where: whereOf(to), text: expects.name }],
      };
    if (expects?.value === true && sends?.value === false)
      return {
        message: `${said(to, 'expects a PROXY header', expects, () => '')}; ${from.name} sends none (${sends.name} is missing)`,
        positions: placesOf([expects, to], [sends, from]),
        edits: [{ at: null, where: whereOf(from), text: sends.name }],
      };
    return null;
  },
});
