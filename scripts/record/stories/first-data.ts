import { address, type Lab } from '../lab.ts';
import { type Expect, type Story, sure } from '../story.ts';
import { certificate, nginx } from './services.ts';
import { activeReset, curl, firstError, open, outcomes, sent } from './shared.ts';

const filter = 'tcp port 8443 or tcp port 8080';
const host = address.server;

const expect = (
  sender: Expect['sender'],
  taxonomy: string[],
  reset: boolean,
  certainty: Expect['certainty'] = [...sure, 'possible'],
): Expect => ({
  sender,
  taxonomy,
  benign: false,
  reset,
  certainty,
});

async function tlsServer(lab: Lab, options: object = {}) {
  const server = lab.node(
    'server',
    'servers.mjs',
    'tls',
    '8443',
    JSON.stringify({ directory: certificate(lab), ...options }),
  );
  await server.line(/ready/);
  return server;
}

export const firstData: Story[] = [
  {
    name: 'http-to-tls-port-node',
    async record(openLab) {
      const lab = await openLab();
      await tlsServer(lab);
      const capture = await lab.capture('client', { filter });
      const url = `http://${host}:8443/`;
      const seen = await outcomes(
        lab.node('client', 'client.mjs', JSON.stringify({ url, requests: [{ method: 'GET' }] })),
      );
      return [
        {
          name: 'http-to-tls-port-node',
          capture,
          vantage: 'client',
          made: 'Node https server, Node http GET (without TLS) to its port',
          expect: expect('responder', ['P1'], false),
          clientError: firstError(seen),
          shows: [sent('client', 'P.', 'length [1-9]'), sent('server', 'F.')],
          lacks: [/Flags \[R/],
          says: 'The server ends the connection with a FIN and not one byte: the first byte it got was "G", not a TLS record. Node calls it "socket hang up"; no RST.',
        },
      ];
    },
  },
  {
    name: 'http-to-tls-port-unread',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      const server = lab.puppet('server');
      await server.do('tlsListen', { host, port: 8443, directory: certificate(lab) });
      const capture = await lab.capture('client', { filter });
      const client = lab.node(
        'client',
        'client.mjs',
        JSON.stringify({ url: `http://${host}:8443/`, requests: [{ bodyBytes: 40_000 }] }),
      );
      await server.do('accept');
      await server.do('tlsHandshake');
      const seen = await outcomes(client);
      return [
        {
          name: 'http-to-tls-port-unread',
          capture,
          vantage: 'client',
          made: 'Python TLS server, Node http POST of 40,000 bytes (without TLS) to its port; the server closes when the handshake fails; 20 ms path',
          expect: expect('responder', ['P1', 'D2'], true),
          clientError: firstError(seen),
          shows: [sent('client', 'P?.', 'length [1-9]'), sent('server', 'R.?')],
          reasons: [/TCP_ABORT_ON_CLOSE|TCP_ABORT_ON_DATA/],
          says: 'The TLS library reads a few bytes, finds no TLS record and the program closes: the rest of the request is unread, so a RST.',
        },
      ];
    },
  },
  {
    name: 'http-to-tls-port-nginx',
    async record(openLab) {
      const lab = await openLab();
      const directory = certificate(lab);
      await nginx(
        lab,
        `server { listen 8443 ssl; ssl_certificate ${directory}/cert.pem; ssl_certificate_key ${directory}/key.pem; }`,
      );
      const capture = await lab.capture('client', { filter });
      const error = await curl(lab, '--fail', `http://${host}:8443/`);
      return [
        {
          name: 'http-to-tls-port-nginx',
          capture,
          vantage: 'client',
          made: 'nginx 1.22 with TLS, curl http:// to its port',
          expect: expect('responder', ['P1'], false, [...sure, 'possible', 'undetermined']),
          clientError: error,
          shows: [sent('client', 'P.', 'length [1-9]'), sent('server', 'F?P.', 'length 407')],
          lacks: [/Flags \[R/],
          says: 'nginx recognises the mistake and answers "400 The plain HTTP request was sent to HTTPS port", then FIN.',
        },
      ];
    },
  },
  {
    name: 'tls-to-http-port-curl',
    async record(openLab) {
      const lab = await openLab();
      const server = lab.node('server', 'servers.mjs', 'plain', '8080');
      await server.line(/ready/);
      const capture = await lab.capture('client', { filter });
      const error = await curl(lab, '--insecure', `https://${host}:8080/`);
      return [
        {
          name: 'tls-to-http-port-curl',
          capture,
          vantage: 'client',
          made: 'Node http server, curl https:// to its port',
          expect: expect('originator', ['P2'], true),
          clientError: error,
          shows: [sent('client', 'P.'), sent('server', 'P.', 'HTTP/1.1 400'), sent('client', 'R.?')],
          says: 'A ClientHello goes to a plaintext port, the answer is HTTP 400 in plain text; curl gives up with the rest unread, so the RST is its own.',
        },
      ];
    },
  },
  {
    name: 'tls-to-plain-unread',
    async record(openLab) {
      const lab = await openLab();
      const server = lab.puppet('server');
      await open(server, 8080);
      const capture = await lab.capture('client', { filter });
      const client = lab.node(
        'client',
        'client.mjs',
        JSON.stringify({ url: `https://${host}:8080/`, requests: [{ method: 'GET' }] }),
      );
      await server.do('accept');
      await server.do('unread', { atLeast: 200 });
      await server.do('recv', { max: 16 });
      await server.do('close');
      const seen = await outcomes(client);
      return [
        {
          name: 'tls-to-plain-unread',
          capture,
          vantage: 'client',
          made: 'a Python server of a plaintext protocol reads a 16-byte header, finds a ClientHello and closes; Node https client',
          expect: expect('responder', ['P2', 'D2'], true),
          clientError: firstError(seen),
          shows: [sent('client', 'P.'), activeReset('server', '63')],
          lacks: [/\.8080 > .*Flags \[F/],
          reasons: [/TCP_ABORT_ON_CLOSE/],
          says: 'The plaintext server closes after 16 bytes that make no sense to it; the rest of the ClientHello is unread, so the close becomes a RST without any answer.',
        },
      ];
    },
  },
  {
    name: 'tls-version-alert',
    async record(openLab) {
      const lab = await openLab();
      await tlsServer(lab, { minVersion: 'TLSv1.3' });
      const capture = await lab.capture('client', { filter });
      const error = await curl(lab, '--insecure', '--tls-max', '1.2', `https://${host}:8443/`);
      return [
        {
          name: 'tls-version-alert',
          capture,
          vantage: 'client',
          made: 'Node https server that speaks only TLS 1.3, curl --tls-max 1.2',
          expect: expect('responder', ['P3'], false),
          clientError: error,
          shows: [sent('client', 'P.'), sent('server', 'F?P.', 'length 7'), sent('server', 'F?P?.')],
          lacks: [/Flags \[R/],
          says: 'The server answers the ClientHello with the alert protocol_version (70) and a FIN.',
        },
      ];
    },
  },
  {
    name: 'tls-client-certificate-missing',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      await tlsServer(lab, { requestCert: true, rejectUnauthorized: true });
      const capture = await lab.capture('client', { filter, snaplen: 256 });
      const url = `https://${host}:8443/`;
      const seen = await outcomes(
        lab.node(
          'client',
          'client.mjs',
          JSON.stringify({ url, tls: { rejectUnauthorized: false }, requests: [{ bodyBytes: 100_000 }] }),
        ),
      );
      return [
        {
          name: 'tls-client-certificate-missing',
          capture,
          vantage: 'client',
          made: 'Node https server that demands a client certificate (TLS 1.3), Node https POST of 100,000 bytes without one; 20 ms path; snaplen 256',
          expect: expect('responder', ['P3', 'D4', 'D2'], true),
          clientError: firstError(seen),
          shows: [
            sent('client', 'P.'),
            sent('server', '(P|FP)?.'),
            sent('client', 'P.'),
            sent('server', 'R.?'),
          ],
          says: 'With TLS 1.3 the client believes the handshake to be complete and sends its request; the server refuses the empty certificate and closes. The request meets a closed socket: RST.',
        },
      ];
    },
  },
  {
    name: 'tls-alert-reset',
    async record(openLab) {
      const lab = await openLab();
      const server = lab.puppet('server');
      await open(server, 8443);
      const capture = await lab.capture('client', { filter });
      const client = lab.node(
        'client',
        'client.mjs',
        JSON.stringify({ url: `https://${host}:8443/`, requests: [{ method: 'GET' }] }),
      );
      await server.do('accept');
      await server.do('unread', { atLeast: 200 });
      await server.do('recv', { max: 100 });
      await server.do('send', { hex: '15030300020228' });
      await server.do('close');
      const seen = await outcomes(client);
      return [
        {
          name: 'tls-alert-reset',
          capture,
          vantage: 'client',
          made: 'a Python server that answers a ClientHello with the alert handshake_failure (40) after reading 100 bytes of it, then closes; Node https client',
          expect: expect('responder', ['P3', 'D2'], true),
          clientError: firstError(seen),
          shows: [sent('client', 'P.'), sent('server', 'P.', 'length 7'), activeReset('server')],
          reasons: [/TCP_ABORT_ON_CLOSE/],
          says: 'Alert 40 in clear text, then a RST because the rest of the ClientHello was unread.',
        },
      ];
    },
  },
];
