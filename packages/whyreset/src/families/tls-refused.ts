import { who } from '../evidence/packets.ts';
import { ask, defineFamily } from './define.ts';

export default defineFamily({
  id: 'tls-refused',
  title: 'TLS handshake refused',
  benign: false,
  outcome: 'refused',
  sharedBy: 'server',
  statement({ application, reset, closing }) {
    const alert = application?.lastResponse ?? application?.lastRequest ?? null;
    const side = who(closing?.side ?? reset?.side ?? 'responder');
    return alert?.protocol === 'tls-alert' && alert.level !== 'encrypted'
      ? `the TLS handshake ended with the alert ${alert.name}`
      : `the ${side} ended the connection during the TLS handshake`;
  },
  headline({ servers, facts: { application } }) {
    const alert = application?.lastResponse ?? application?.lastRequest ?? null;
    const said =
      alert?.protocol === 'tls-alert' && alert.level !== 'encrypted' ? ` with the alert ${alert.name}` : '';
    return `The TLS handshake with ${servers[0] ?? 'the server'} is refused${said}`;
  },
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'tls-alert',
      not: 'http-version-mismatch',
      by: 'the alert is about something else than the application protocol',
      ask: ask.log('server', 'the TLS error in the log of the side that sent the alert'),
    },
  ],
});
