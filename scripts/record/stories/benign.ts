import { address } from '../lab.ts';
import { type Expect, type Story, sure } from '../story.ts';
import { certificate } from './services.ts';
import { curl, open, outcomes, passiveReset, sent } from './shared.ts';

const host = address.server;
const benign = (sender: Expect['sender'], taxonomy: string[], reset = true): Expect => ({
  sender,
  taxonomy,
  benign: true,
  reset,
  certainty: [...sure, 'possible'],
});

export const benignStories: Story[] = [
  {
    name: 'client-reset-after-response',
    async record(openLab) {
      const lab = await openLab();
      const server = lab.node('server', 'servers.mjs', 'idle', '8080', '{"idleMs":5000}');
      await server.line(/ready/);
      const capture = await lab.capture('client', { filter: 'tcp port 8080' });
      const requests = [{}, {}, { resetWhenDone: true }];
      await outcomes(
        lab.node('client', 'client.mjs', JSON.stringify({ url: `http://${host}:8080/`, requests })),
      );
      return [
        {
          name: 'client-reset-after-response',
          capture,
          vantage: 'client',
          made: 'Node http server that keeps connections alive; Node client sends three requests and calls resetAndDestroy() when the third response is complete',
          expect: benign('originator', ['B1']),
          clientError: null,
          shows: [
            sent('client', 'P.'),
            sent('server', 'P.'),
            sent('client', 'P.'),
            sent('server', 'P.'),
            sent('client', 'P.'),
            sent('server', 'P.'),
            sent('client', 'R.'),
          ],
          lacks: [/Flags \[F/],
          says: 'Every request was answered in full before the client reset the idle connection: nothing was lost.',
        },
      ];
    },
  },
  {
    name: 'tls-close-notify-reset',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      const server = lab.node(
        'server',
        'servers.mjs',
        'tls',
        '8443',
        JSON.stringify({ directory: certificate(lab) }),
      );
      await server.line(/ready/);
      const capture = await lab.capture('client', { filter: 'tcp port 8443' });
      const error = await curl(lab, '--insecure', `https://${host}:8443/`);
      return [
        {
          name: 'tls-close-notify-reset',
          capture,
          vantage: 'client',
          made: 'Node https server, curl https GET; 20 ms path',
          expect: benign('originator', ['B1', 'B2']),
          clientError: error,
          shows: [
            sent('client', 'P.'),
            sent('server', 'P.'),
            sent('client', 'F?P?.'),
            sent('client', 'F.|FP.'),
            passiveReset('client'),
          ],
          says: 'curl has its whole response, sends close_notify and FIN and is gone; the close_notify of the server meets a closed socket, so the kernel of the client answers with a RST.',
        },
      ];
    },
  },
  {
    name: 'late-duplicate-after-close',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20, delayArgs: ['--again', 'HTTP/1.1 200 OK', '700'] });
      const [client, server] = [lab.puppet('client'), lab.puppet('server')];
      await open(server, 8080);
      const capture = await lab.capture('client', { filter: 'tcp port 8080' });
      await client.do('connect', { host, port: 8080 });
      await server.do('accept');
      await client.do('send', { text: 'GET / HTTP/1.1\r\nHost: example.test\r\n\r\n' });
      await server.do('recv');
      await server.do('send', { text: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok' });
      await server.do('close');
      await client.do('recv');
      const end = await client.do('recv');
      await client.do('close');
      await capture.stop(1000);
      return [
        {
          name: 'late-duplicate-after-close',
          capture,
          vantage: 'client',
          made: 'Python client and server close in good order; the path delivers the response segment a second time 700 ms later; 20 ms path',
          expect: benign('originator', ['B2']),
          clientError: end.error ?? null,
          shows: [
            sent('server', 'P.'),
            sent('server', 'F.'),
            sent('client', 'F.'),
            sent('server', '.', 'length 0$'),
            sent('server', 'P.'),
            passiveReset('client'),
          ],
          says: 'Both FINs are exchanged and acknowledged; then a duplicate of the response arrives at a client that has no socket any more, and its kernel answers with a bare RST.',
        },
      ];
    },
  },
  ...[false, true].map(
    (acknowledged): Story => ({
      name: acknowledged ? 'health-check-ack' : 'health-check',
      async record(openLab) {
        const lab = await openLab();
        const [client, server] = [lab.puppet('client'), lab.puppet('server')];
        await open(server, 8080);
        const capture = await lab.capture('server', { filter: 'tcp port 8080' });
        const start = Date.now();
        for (let n = 0; n < 8; n += 1) {
          await new Promise((resolve) => setTimeout(resolve, start + n * 1000 - Date.now()));
          await client.do('connect', { host, port: 8080, lateAck: !acknowledged });
          await client.do('linger');
          await client.do('close');
        }
        const ack = acknowledged ? [sent('client', '.')] : [];
        const one = [sent('client', 'S'), sent('server', 'S.'), ...ack, sent('client', 'R.')];
        return [
          {
            name: this.name,
            capture,
            vantage: 'server',
            made: `a Python health checker connects once a second, eight times, and resets (SO_LINGER 0)${acknowledged ? '' : '; its TCP holds the last ACK of the handshake back (TCP_QUICKACK off), as balancers do'}`,
            expect: benign('originator', ['B3']),
            clientError: null,
            shows: Array.from({ length: 8 }, () => one).flat(),
            lacks: [/Flags \[(F|P)/],
            says: `SYN, SYN-ACK, ${acknowledged ? 'ACK, ' : ''}RST from the same source every second, and never a byte: a port check.`,
          },
        ];
      },
    }),
  ),
  {
    name: 'healthy',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      const server = lab.node('server', 'servers.mjs', 'idle', '8080', '{"idleMs":5000}');
      await server.line(/ready/);
      const capture = await lab.capture('client', { filter: 'tcp port 8080' });
      const url = `http://${host}:8080/`;
      const client = lab.node(
        'client',
        'client.mjs',
        JSON.stringify({ url, requests: [{}, { bodyBytes: 3000 }, { afterMs: 200 }] }),
      );
      await outcomes(client);
      await curl(lab, url);
      return [
        {
          name: 'healthy',
          capture,
          vantage: 'client',
          made: 'Node http server; a Node client with three requests on one connection, then one curl; 20 ms path; pcapng (the packets of tcpdump re-wrapped)',
          expect: { ...benign('undetermined', [], false), certainty: [...sure, 'possible', 'undetermined'] },
          clientError: null,
          shows: [sent('client', 'F.'), sent('server', 'F.'), sent('client', 'F.'), sent('server', 'F.')],
          lacks: [/Flags \[R/],
          pcapng: true,
          says: 'Nothing is wrong: two connections, every request answered, both ended by FINs.',
        },
      ];
    },
  },
];
