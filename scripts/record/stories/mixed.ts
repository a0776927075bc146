import { address } from '../lab.ts';
import { type Story, sure } from '../story.ts';
import { activeReset, firstError, outcomes, passiveReset, sent } from './shared.ts';

const host = address.server;

export const mixed: Story[] = [
  {
    name: 'mixed-500',
    async record(openLab) {
      const lab = await openLab();
      const modes = [
        ['idle', '8080', '{"idleMs":300}'],
        ['closeUnread', '8081', '{"afterMs":60}'],
        ['plain', '8082', '{}'],
      ] as const;
      for (const mode of modes) await lab.node('server', 'servers.mjs', ...mode).line(/ready/);
      const capture = await lab.capture('client', { filter: 'tcp portrange 8080-8083', snaplen: 192 });
      const client = (port: number, options: object) =>
        outcomes(
          lab.node('client', 'client.mjs', JSON.stringify({ url: `http://${host}:${port}/`, ...options })),
        );
      const many = (count: number) =>
        client(8082, {
          keepAlive: false,
          requests: Array.from({ length: count }, () => ({ method: 'GET' })),
        });
      await many(180);
      // Two of the three sick ones meet healthy ones on either side; the third comes in the middle of the rest.
      const [stalled] = await Promise.all([
        client(8080, { requests: [{}, { afterMs: 200, blockMs: 300 }] }),
        many(160),
      ]);
      const [unread] = await Promise.all([client(8081, { requests: [{ bodyBytes: 300 }] }), many(100)]);
      const refused = await client(8083, { requests: [{ method: 'GET' }] });
      await many(60);
      // A refused connect has no socket to ask for its port; the capture's only SYN to 8083 has it.
      const own = (port: number) =>
        capture.read().find((line) => line.includes(`> ${host}.${port}: Flags [S]`))!;
      const origin = (port: number) => `${address.client}:${/10\.77\.1\.2\.(\d+) >/.exec(own(port))![1]}`;
      return [
        {
          name: 'mixed-500',
          capture,
          vantage: 'client',
          made: 'Node http client and servers: 500 connections with one GET each to port 8082; among them one POST to 8080 after a stalled event loop (server idle timeout 300 ms), one POST to 8081 whose server closes with it unread, one GET to the closed port 8083; snaplen 192',
          expect: {
            sender: 'responder',
            taxonomy: ['I3', 'D2', 'H1'],
            benign: false,
            reset: true,
            certainty: [...sure, 'possible'],
          },
          connections: [
            { originator: origin(8080), sender: 'responder', taxonomy: ['I3'], benign: false, reset: true },
            {
              originator: origin(8081),
              sender: 'responder',
              taxonomy: ['D2', 'D3', 'H7', 'D6', 'P7'],
              benign: false,
              reset: true,
            },
            { originator: origin(8083), sender: 'responder', taxonomy: ['H1'], benign: false, reset: true },
          ],
          clientError: [stalled, unread, refused].map(firstError).join(' / '),
          shows: [passiveReset('server'), activeReset('server'), sent('server', 'R.', 'win 0, length 0')],
          lacks: [/\.8082 .*Flags \[R/, /\.8082: Flags \[R/],
          says: 'Five hundred healthy connections and three sick ones, each for another reason.',
        },
      ];
    },
  },
];
