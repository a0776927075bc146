import { ask, defineFamily } from './define.ts';

export default defineFamily({
  id: 'tls-refused',
  title: 'TLS handshake refused',
  benign: false,
  sharedBy: 'server',
  statement: () => 'TLS handshake refused',
  headline: () => 'TLS handshake refused',
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
