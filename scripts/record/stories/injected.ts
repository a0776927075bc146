import { address, type Lab } from '../lab.ts';
import { type Expect, type Story, sure, type Take } from '../story.ts';
import { certificate } from './services.ts';
import { firstError, outcomes, passiveReset, sent } from './shared.ts';

const host = address.server;
const clientHello = 'hex:160301';

const injected = (certainty: Expect['certainty'] = [...sure, 'possible']): Expect => ({
  sender: 'middlebox',
  taxonomy: ['P6', 'P7'],
  benign: false,
  reset: true,
  certainty,
});

/** One https or http request through a router on which a raw-socket program strikes. */
async function strike(lab: Lab, kind: string, needle: string, from: 'router' | 'neighbour' = 'router') {
  const secure = needle === clientHello;
  const port = secure ? 8443 : 8080;
  const options = JSON.stringify(secure ? { directory: certificate(lab) } : {});
  const server = lab.node('server', 'servers.mjs', secure ? 'tls' : 'plain', `${port}`, options);
  await server.line(/ready/);
  const taps = from === 'router' ? ['eth0', 'eth1'] : ['eth0', 'eth0'];
  const injector = lab.python(from, 'injector.py', 'match', ...taps, `${port}`, needle, kind);
  await injector.line(/^ready/);
  const filter = `tcp port ${port}`;
  const atClient = await lab.capture('client', { filter });
  const atServer = await lab.capture('server', { filter });
  const url = `${secure ? 'https' : 'http'}://${host}:${port}/forbidden`;
  const request = {
    url,
    tls: { rejectUnauthorized: false, servername: 'blocked.example' },
    requests: [{ method: 'GET' }],
  };
  const seen = await outcomes(lab.node('client', 'client.mjs', JSON.stringify(request)));
  await injector.line(/^struck/);
  return { atClient, atServer, clientError: firstError(seen) };
}

const onRouter = 'a raw-socket program on the router';

export const injectedStories: Story[] = [
  {
    name: 'injected-three-resets',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      const { atClient, atServer, clientError } = await strike(lab, 'rst', clientHello);
      const made = `Node https server and client, 20 ms path; ${onRouter} sees the ClientHello and sends three bare RSTs to the client in the name of the server (TTL 47, DF clear, window 1, odd IP-IDs; sequence numbers at +0, +1460, +4380)`;
      const takes: Take[] = [
        {
          name: 'injected-three-resets-client',
          capture: atClient,
          vantage: 'client',
          made,
          expect: injected(sure),
          clientError,
          shows: [
            sent('client', 'P.'),
            sent('server', 'R', 'win 1', '47'),
            sent('server', 'R', 'win 1', '47'),
            sent('server', '(P)?.', '', '63'),
            passiveReset('client'),
          ],
          pair: 'injected-three-resets-server',
          says: 'Three RSTs within a millisecond of the ClientHello; 40 ms later the genuine server, alive, acknowledges and answers it. The client, already reset, answers that with RSTs of its own.',
        },
        {
          name: 'injected-three-resets-server',
          capture: atServer,
          vantage: 'server',
          made,
          expect: {
            sender: 'originator',
            taxonomy: ['P6', 'P7', 'B1', 'D7', 'D4'],
            benign: false,
            reset: true,
            certainty: [...sure, 'possible', 'undetermined'],
          },
          clientError,
          shows: [sent('client', 'P.'), sent('server', 'P.'), passiveReset('client', '63')],
          lacks: [/10\.77\.2\.2\.\d+ > .*Flags \[R/],
          pair: 'injected-three-resets-client',
          says: "The server's side: it never sent a RST. It only receives the bare RSTs with which the client's kernel, made to forget the connection by the forged ones, answers the genuine reply.",
        },
      ];
      return takes;
    },
  },
  {
    name: 'injected-reset-ack',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      const { atClient, clientError } = await strike(lab, 'ack', 'Host: ');
      return [
        {
          name: 'injected-reset-ack',
          capture: atClient,
          vantage: 'client',
          made: `Node http server and client, 20 ms path; ${onRouter} sees the Host header and sends one RST+ACK to the client in the name of the server (TTL 47, IP-ID 12345, DF clear, window 8192)`,
          expect: injected(sure),
          clientError,
          shows: [
            sent('client', 'P.'),
            sent('server', 'R.', 'win 8192', '47'),
            sent('server', 'P.', 'HTTP/1.1 200', '63'),
            passiveReset('client'),
          ],
          says: 'The RST acknowledges the whole request within a millisecond, on a path whose round trip is 40 ms: it cannot be from the server. The genuine answer follows.',
        },
      ];
    },
  },
  {
    name: 'injected-both-ends',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      const { atClient, atServer, clientError } = await strike(lab, 'both', clientHello);
      const made = `Node https server and client, 20 ms path; ${onRouter} sees the ClientHello and sends one RST+ACK to each end in the name of the other (TTL 47)`;
      return [
        {
          name: 'injected-both-ends-client',
          capture: atClient,
          vantage: 'client',
          made,
          expect: injected(),
          clientError,
          shows: [sent('client', 'P.'), sent('server', 'R.', 'win 8192', '47')],
          pair: 'injected-both-ends-server',
          says: 'A RST in the name of the server, well within one round trip of the ClientHello that it acknowledges.',
        },
        {
          name: 'injected-both-ends-server',
          capture: atServer,
          vantage: 'server',
          made,
          expect: injected([...sure, 'possible', 'undetermined']),
          clientError,
          shows: [sent('client', 'P.'), sent('client', 'R.', 'win 8192', '47')],
          pair: 'injected-both-ends-client',
          says: 'The mirror image: a RST in the name of the client, with TTL 47 where the client has 63.',
        },
      ];
    },
  },
  {
    name: 'injected-diagnostic-payload',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      const { atClient, clientError } = await strike(lab, 'diagnostic', 'Host: ');
      return [
        {
          name: 'injected-diagnostic-payload',
          capture: atClient,
          vantage: 'client',
          made: `Node http server and client, 20 ms path; ${onRouter} refuses the request with one RST+ACK whose 8-byte payload follows draft-ietf-tcpm-rst-diagnostic-payload: magic 0x33AA, code 9 (not authorised), enterprise number 0`,
          expect: injected(sure),
          clientError,
          shows: [
            sent('client', 'P.'),
            sent('server', 'R.', 'length 8', '47'),
            sent('server', 'P.', 'HTTP/1.1 200', '63'),
          ],
          says: 'The RST explains itself in its payload. It comes from the box, not from the server, whose answer follows 40 ms later.',
        },
      ];
    },
  },
  {
    name: 'injected-by-neighbour',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20, neighbour: true });
      const { atClient, clientError } = await strike(lab, 'twin', 'Host: ', 'neighbour');
      return [
        {
          name: 'injected-by-neighbour',
          capture: atClient,
          vantage: 'client',
          made: "Node http server and client, 20 ms path; a raw-socket program on a third host of the client's own segment (a hub) sees the Host header and sends one RST+ACK to the client in the name of the server, with the server's TTL 63, DF set and a plausible window, from its own hardware address 02:77:00:00:0b:00",
          expect: injected(sure),
          clientError,
          shows: [
            sent('client', 'P.'),
            sent('server', 'R.', 'win 64', '63'),
            sent('server', 'P.', 'HTTP/1.1 200', '63'),
            passiveReset('client'),
          ],
          says: 'Everything in the IP header fits the server, but the frame comes from 02:77:00:00:0b:00 where all others in the name of the server come from the router, 02:77:00:00:0e:00.',
        },
      ];
    },
  },
];
