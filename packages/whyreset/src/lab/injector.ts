import { OPENSSL, tlsServer } from './certificate.ts';
import type { Strike } from './path/box.ts';
import type { Truth } from './scenario.ts';
import { box, finish, type Step, start } from './steps.ts';

/** A RST+ACK as boxes make them: nearer than the server, without DF, and with a number of its own for IP-ID. */
export const FORGED = {
  towards: 'client',
  flags: 'R.',
  ttl: 47,
  ipId: 0x3039,
  window: 8192,
} as const satisfies Strike;

/** Node's http client asks once, and the box strikes when it reads the Host header. */
export const struckAtHost = (does: string, ...strikes: Strike[]): readonly Step[] => [
  start('server', 'server', 'servers.mjs', ['plain', '8080'], { ready: /ready/ }),
  box({ does, port: 8080, when: { text: 'Host: ' }, strikes }),
  ...once('http://${server}:8080/'),
];

/** At the server only the client's answers to it are seen: a kernel that no longer knows the connection its program uses. */
export const SEEN_AT_SERVER = {
  sender: 'client',
  causes: ['injected-reset', 'peer-lost-state', 'client-gave-up', 'unnatted-reply'],
} as const satisfies Truth;

/** What {@link struckAtHello} runs. */
export const HELLO_TOOLS = OPENSSL;

/** Node's https client asks once, and the box strikes when it reads the ClientHello. */
export const struckAtHello = (does: string, ...strikes: Strike[]): readonly Step[] => [
  ...tlsServer(),
  box({ does, port: 8443, when: { text: 'hex:160301' }, strikes }),
  ...once('https://${server}:8443/'),
];

const once = (url: string): readonly Step[] => [
  start('client', 'client', 'http-client.mjs', [
    JSON.stringify({
      url,
      tls: { rejectUnauthorized: false, servername: 'blocked.example' },
      requests: [{ method: 'GET' }],
    }),
  ]),
  finish('client'),
];
