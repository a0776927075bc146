import type { KnownFacts } from '../causes/define.ts';
import { who } from '../evidence/packets.ts';
import { ask, defineFamily } from './define.ts';

/** The alert that one side sent in the clear, the server's first. */
function alertIn(application: KnownFacts['application']) {
  for (const message of [application?.lastResponse, application?.lastRequest])
    if (message?.protocol === 'tls-alert' && message.level !== 'encrypted') return message;
  return null;
}

export default defineFamily({
  id: 'tls-refused',
  title: 'TLS handshake refused',
  benign: false,
  outcome: 'refused',
  sharedBy: 'server',
  statement({ application, reset, closing, tlsRefusal }) {
    if (tlsRefusal !== null)
      return 'the client ended the TLS handshake after the ServerHello with an encrypted record of the size of an alert';
    const alert = alertIn(application);
    const side = who(closing?.side ?? reset?.side ?? 'responder');
    return alert !== null
      ? `the TLS handshake ended with the alert ${alert.name}`
      : `the ${side} ended the connection during the TLS handshake`;
  },
  headline({ servers, facts: { application } }) {
    const alert = alertIn(application);
    const said = alert !== null ? ` with the alert ${alert.name}` : '';
    return `The TLS handshake with ${servers[0] ?? 'the server'} is refused${said}`;
  },
  advice({ servers, facts: { application, tlsRefusal } }) {
    const byClient =
      tlsRefusal !== null ||
      (application?.lastResponse?.protocol !== 'tls-alert' && alertIn(application) !== null);
    const client = {
      who: 'client' as const,
      do: 'Read the TLS error of the client program with its chain of causes: the library knows the exact check that failed, also where the alert is encrypted',
    };
    const server = {
      who: 'server' as const,
      do: `Read the TLS error that ${servers[0] ?? 'the server'} logged at that second (nginx error_log at info, Node "tlsClientError" event)`,
    };
    return byClient ? [client] : [server, client];
  },
  context: [],
  tells: [
    {
      is: 'tls-alert',
      not: 'policy-reset',
      by: 'the alert comes from as far away, and as late, as the other packets of that side',
      ask: ask.log('server', 'whether the server logged a TLS error for this connection at that second'),
    },
    {
      is: 'tls-alert',
      not: 'http-version-mismatch',
      by: 'the alert is about something else than the application protocol',
      ask: ask.log('server', 'the TLS error in the log of the side that sent the alert'),
    },
  ],
});
