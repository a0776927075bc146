import { address } from '../lab.ts';
import { type Story, sure, unsure } from '../story.ts';
import { nginx, nodeServer, pair, reset } from './services.ts';
import { activeReset, curl, firstError, open, outcomes, passiveReset, sent } from './shared.ts';

const url = `http://${address.server}:8080/upload`;
const filter = 'tcp port 8080';
const request = 'GET / HTTP/1.1\r\nHost: example.test\r\n\r\n';
const fin = /\.8080 > .*Flags \[F/;

export const givingUp: Story[] = [
  ...(['node-408', 'nginx-reset'] as const).map(
    (server): Story => ({
      name: `slow-client-${server}`,
      async record(openLab) {
        const lab = await openLab();
        if (server === 'node-408') await nodeServer(lab, 'slow', { headersTimeout: 1500 });
        else
          await nginx(
            lab,
            'client_header_timeout 1500ms; reset_timedout_connection on; server { listen 8080; location / { root /nonexistent; } }',
          );
        const capture = await lab.capture('client', { filter });
        const client = lab.puppet('client');
        const names = ['a', 'b', 'c'];
        for (const as of names) await client.do('connect', { as, host: address.server, port: 8080 });
        for (const on of names) await client.do('send', { on, text: 'GET / HTTP/1.1\r\n' });
        const errors = new Set<string>();
        for (const on of names) {
          // One header line every 300 ms: the request never ends, the client never rests.
          for (let line = 0; line < 3 && on === 'a'; line += 1) {
            await new Promise((resolve) => setTimeout(resolve, 300));
            for (const each of names) await client.do('send', { on: each, text: `X-Line-${line}: slow\r\n` });
          }
          const first = await client.do('recv', { on });
          if (server === 'node-408') {
            await client.do('recv', { on });
            await client.do('send', { on, text: 'X-Late: slow\r\n\r\n' });
            await client.do('closed', { on });
          }
          const { error = first.error } = await client.do('send', { on, text: 'X-Later: slow\r\n' });
          if (first.error ?? error) errors.add(first.error ?? error!);
        }
        const abrupt = server === 'nginx-reset';
        return [
          {
            name: this.name,
            capture,
            vantage: 'client',
            made: abrupt
              ? 'nginx 1.22 with client_header_timeout 1.5 s and reset_timedout_connection on; three Python clients that send a request header line by line'
              : 'Node http server with headersTimeout 1.5 s; three Python clients that send a request header line by line and go on after the 408',
            expect: reset(
              'responder',
              abrupt ? ['D6', 'D3', 'D2'] : ['D6', 'D4'],
              abrupt ? unsure : [...sure, 'possible'],
            ),
            clientError: [...errors][0] ?? null,
            shows: abrupt
              ? [sent('client', 'P.'), activeReset('server'), activeReset('server'), activeReset('server')]
              : [
                  sent('client', 'P.'),
                  sent('server', 'F?P?.', 'HTTP/1.1 408'),
                  sent('client', 'P.'),
                  passiveReset('server'),
                ],
            says: abrupt
              ? 'All three are reset about 1.5 s after the connection was made (nginx resets what timed out), with only part of a request received.'
              : 'All three get 408 and a FIN about 1.5 s after the connection was made; the late header line is answered by a bare RST.',
          },
        ];
      },
    }),
  ),
  {
    name: 'client-gives-up',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      await nodeServer(lab, 'stream');
      const capture = await lab.capture('server', { filter, snaplen: 128 });
      const requests = Array.from({ length: 4 }, () => ({ method: 'GET', abortAfterMs: 500 }));
      const seen = await outcomes(
        lab.node('client', 'client.mjs', JSON.stringify({ url, requests, parallel: true })),
      );
      return [
        {
          name: 'client-gives-up',
          capture,
          vantage: 'server',
          made: 'Node http server with an endless download, four Node clients that destroy their request after 500 ms; 20 ms path; snaplen 128',
          expect: reset('originator', ['D7'], [...sure, 'possible']),
          clientError:
            firstError(seen) ?? seen.find(({ responseError }) => responseError)?.responseError ?? null,
          shows: [
            sent('server', 'P.'),
            sent('client', 'R.?'),
            sent('client', 'R.?'),
            sent('client', 'R.?'),
            sent('client', 'R.?'),
          ],
          says: 'Each client ends its connection 500 ms after it was made, in the middle of the response; the server learns of it by the RST.',
        },
      ];
    },
  },
  {
    name: 'client-gives-up-curl',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      await nodeServer(lab, 'stream');
      const capture = await lab.capture('client', { filter, snaplen: 128 });
      const seen = await Promise.all([1, 2, 3].map(() => curl(lab, '--max-time', '0.5', url)));
      return [
        {
          name: 'client-gives-up-curl',
          capture,
          vantage: 'client',
          made: 'Node http server with an endless download, three runs of curl --max-time 0.5 at once; 20 ms path; snaplen 128',
          expect: reset('originator', ['D7'], [...sure, 'possible']),
          clientError: seen[0] ?? null,
          shows: [sent('server', 'P.'), sent('client', 'R.?'), sent('client', 'R.?')],
          says: 'curl gives up after 500 ms in the middle of the response: its kernel sends a FIN, and RSTs to what the server goes on sending.',
        },
      ];
    },
  },
  {
    name: 'admin-kill',
    async record(openLab) {
      const lab = await openLab();
      const capture = await lab.capture('client', { filter });
      const { client, server } = await pair(lab);
      await client.do('send', { text: request });
      await server.do('recv');
      lab.command('server', 'ss', '-K', 'sport', '=', ':8080', 'dst', address.client);
      const { error = null } = await client.do('recv');
      return [
        {
          name: 'admin-kill',
          capture,
          vantage: 'client',
          made: 'Python client and server; after the server has read the request, `ss -K` on the server',
          expect: reset('responder', ['D14', 'D3', 'D2'], unsure),
          clientError: error,
          shows: [sent('client', 'P.'), activeReset('server', '63')],
          lacks: [fin],
          reasons: [/TCP_ESTABLISHED TCP_STATE/],
          says: 'An operator destroys the socket from outside. On the wire this is an abort like any other; the kernel trace names the state ESTABLISHED and the task ss.',
        },
      ];
    },
  },
  ...[true, false].map(
    (unread): Story => ({
      name: unread ? 'sigkill-unread' : 'sigkill-read',
      async record(openLab) {
        const lab = await openLab();
        const capture = await lab.capture('client', { filter });
        const [client, server] = [lab.puppet('client'), lab.puppet('server')];
        await open(server, 8080);
        const names = ['a', 'b', 'c'];
        for (const as of names) {
          await client.do('connect', { as, host: address.server, port: 8080 });
          await server.do('accept', { as });
        }
        for (const on of names) {
          await client.do('send', { on, text: request });
          await (unread ? server.do('unread', { on, atLeast: request.length }) : server.do('recv', { on }));
          await client.do('acked', { on });
        }
        server.program.signal('SIGKILL');
        await server.program.ended;
        let error: string | null = null;
        for (const on of names) error = (await client.do('recv', { on })).error ?? error;
        const again = await client.do('connect', { as: 'd', host: address.server, port: 8080 });
        return [
          {
            name: this.name,
            capture,
            vantage: 'client',
            made: `Python server with three accepted connections, their requests ${unread ? 'not yet' : 'all'} read, is killed with SIGKILL; then a fourth connect`,
            expect: reset('responder', unread ? ['D1', 'D2', 'D3', 'H7'] : ['D1', 'H1'], [
              ...sure,
              'possible',
            ]),
            clientError: error ?? `end of stream, then ${again.error}`,
            shows: unread
              ? [
                  activeReset('server'),
                  activeReset('server'),
                  activeReset('server'),
                  sent('client', 'S'),
                  sent('server', 'R.', 'win 0, length 0'),
                ]
              : [
                  sent('server', 'F.'),
                  sent('server', 'F.'),
                  sent('server', 'F.'),
                  sent('client', 'S'),
                  sent('server', 'R.', 'win 0, length 0'),
                ],
            ...(unread ? { reasons: [/TCP_ABORT_ON_CLOSE/] } : { lacks: [/win [1-9]\d*, .*Flags \[R/] }),
            says: unread
              ? 'The process dies with bytes unread in the kernel: active RST+ACK on every connection in one instant, and the next connect is refused.'
              : 'The process dies with everything read: FIN on every connection in one instant and no RST; only the next connect is refused (the one RST in the file).',
          },
        ];
      },
    }),
  ),
  {
    name: 'max-requests-nginx',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      await nginx(
        lab,
        'keepalive_requests 5; lingering_close off; server { listen 8080; location / { return 200 "ok\\n"; } }',
      );
      const capture = await lab.capture('client', { filter });
      const client = lab.puppet('client');
      await client.do('connect', { host: address.server, port: 8080 });
      for (let n = 1; n <= 4; n += 1) {
        await client.do('send', { text: request });
        await client.do('recv');
      }
      // The rest is pipelined: the sixth and seventh are under way when the fifth is answered.
      for (let n = 5; n <= 7; n += 1) {
        await client.do('send', { text: request });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await client.do('closed');
      const { error = null } = await client.do('send', { text: request });
      return [
        {
          name: 'max-requests-nginx',
          capture,
          vantage: 'client',
          made: 'nginx 1.22 with keepalive_requests 5 and lingering_close off; a Python client that pipelines its fifth, sixth and seventh request 5 ms apart; 20 ms path',
          expect: reset('responder', ['I10', 'D4', 'I1'], [...sure, 'possible']),
          clientError: error,
          shows: [
            sent('server', 'F?P.', 'HTTP/1.1 200'),
            sent('client', 'P.'),
            sent('client', 'P.'),
            sent('client', 'P.'),
            sent('server', 'F?P.', 'HTTP/1.1 200'),
            sent('server', 'R.?'),
          ],
          says: 'nginx closes after its fifth response (Connection: close). The requests already under way arrive at a closed connection and are answered by RSTs.',
        },
      ];
    },
  },
];
