import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { address, type Lab, privateDirectory } from '../lab.ts';
import { type Expect, type Story, sure, unsure } from '../story.ts';
import { activeReset, counted, curl, firstError, open, outcomes, passiveReset, sent } from './shared.ts';

const url = `http://${address.server}:8080/upload`;
const filter = 'tcp port 8080';
const request = 'GET / HTTP/1.1\r\nHost: example.test\r\n\r\n';
const fin = /\.8080 > .*Flags \[F/;

const by = (sender: Expect['sender'], taxonomy: string[], certainty: Expect['certainty']): Expect => ({
  sender,
  taxonomy,
  benign: false,
  reset: true,
  certainty,
});

async function nodeServer(lab: Lab, mode: string, options: object = {}) {
  const server = lab.node('server', 'servers.mjs', mode, '8080', JSON.stringify(options));
  await server.line(/ready/);
  return server;
}

export async function nginx(lab: Lab, http: string): Promise<void> {
  const directory = privateDirectory(lab, 'nginx');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${directory}/${name};`,
  );
  writeFileSync(
    join(directory, 'nginx.conf'),
    `daemon off; master_process off; pid ${directory}/pid; error_log stderr notice; events {} http { access_log off; ${temporary.join(' ')} ${http} }`,
  );
  const program = lab.run(
    'server',
    'nginx',
    '-p',
    directory,
    '-c',
    join(directory, 'nginx.conf'),
    '-e',
    'stderr',
  );
  await program.line(/built by|using the "epoll"/);
  while (!lab.command('server', 'ss', '-Hltn').includes(':8'))
    await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Python client and server with one accepted connection. */
async function pair(lab: Lab) {
  const [client, server] = [lab.puppet('client'), lab.puppet('server')];
  await open(server, 8080);
  await client.do('connect', { host: address.server, port: 8080 });
  await server.do('accept');
  return { client, server };
}

export const inFlight: Story[] = [
  ...(['python', 'node'] as const).map(
    (language): Story => ({
      name: `write-after-close-${language}`,
      async record(openLab) {
        const lab = await openLab(language === 'python' ? { offload: true } : {});
        const capture = await lab.capture('client', { filter, nanoseconds: language === 'node' });
        let error: string | null = null;
        if (language === 'python') {
          const { client, server } = await pair(lab);
          await client.do('send', { text: 'first line\n' });
          await server.do('recv');
          await server.do('close');
          await new Promise((resolve) => setTimeout(resolve, 1000));
          await client.do('send', { text: 'second line\n' });
          await client.do('closed');
          error = (await client.do('send', { text: 'third line\n' })).error ?? null;
        } else {
          await nodeServer(lab, 'closeAfterRead');
          const client = lab.node('client', 'two-writes.mjs', address.server, '8080', '1000');
          error = (await client.line(/^error/)).slice('error '.length);
          await client.ended;
        }
        return [
          {
            name: this.name,
            capture,
            vantage: 'client',
            made: `${language} server that closes right after its first read; ${language} client that writes again one second later`,
            expect: by('responder', ['D4', 'I3'], sure),
            clientError: error,
            shows: [
              sent('client', 'P.'),
              sent('server', 'F.'),
              sent('client', '.', 'length 0$'),
              sent('client', 'P.'),
              passiveReset('server'),
            ],
            reasons: [/TCP_TIMEWAIT_SOCKET|TCP_ABORT_ON_DATA/],
            says: 'The server read everything and closed with a FIN. A second later the client writes into the closed connection and gets a bare RST whose sequence number is that after the FIN.',
          },
        ];
      },
    }),
  ),
  ...(['python', 'node'] as const).map(
    (language): Story => ({
      name: `close-unread-${language}`,
      async record(openLab) {
        const lab = await openLab({ offload: true });
        const capture = await lab.capture('client', { filter });
        let error: string | null = null;
        const counters = await counted(lab, async () => {
          if (language === 'python') {
            const { client, server } = await pair(lab);
            await client.do('send', { text: `${request}${request}` });
            await server.do('unread', { atLeast: request.length * 2 });
            await server.do('recv', { max: request.length });
            await server.do('send', {
              text: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
            });
            await client.do('recv');
            await server.do('close');
            error = (await client.do('recv')).error ?? null;
          } else {
            await nodeServer(lab, 'closeUnread', { afterMs: 150 });
            error = firstError(
              await outcomes(
                lab.node('client', 'client.mjs', JSON.stringify({ url, requests: [{ bodyBytes: 400 }] })),
              ),
            );
          }
        });
        return [
          {
            name: this.name,
            capture,
            vantage: 'client',
            made:
              language === 'python'
                ? 'Python server reads and answers the first of two pipelined requests, then closes with the second unread'
                : 'Node server with pauseOnConnect destroys the socket 150 ms after accept, the request unread in the kernel; Node http client',
            expect: by(
              'responder',
              language === 'python' ? ['D2', 'D3', 'I10'] : ['D2', 'D3', 'P7', 'D6', 'H7'],
              [...sure, 'possible'],
            ),
            clientError: error,
            counters,
            shows: [sent('client', 'P.'), activeReset('server', '63')],
            lacks: [fin],
            reasons: [/TCP_ABORT_ON_CLOSE/],
            says: 'The socket was closed with received bytes that the application never read: active RST+ACK in place of a FIN.',
          },
        ];
      },
    }),
  ),
  ...(['linger-zero', 'reset-and-destroy'] as const).map(
    (how): Story => ({
      name: how,
      async record(openLab) {
        const lab = await openLab();
        const capture = await lab.capture('client', { filter, on: how === 'linger-zero' ? 'any' : 'eth0' });
        let error: string | null = null;
        const counters = await counted(lab, async () => {
          if (how === 'linger-zero') {
            const { client, server } = await pair(lab);
            for (let round = 0; round < 2; round += 1) {
              if (round > 0) {
                await client.do('connect', { host: address.server, port: 8080 });
                await server.do('accept');
              }
              await client.do('send', { text: request });
              await server.do('recv');
              await server.do('send', { text: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok' });
              await client.do('recv');
              await server.do('linger');
              await server.do('close');
              error = (await client.do('recv')).error ?? null;
            }
          } else {
            await nodeServer(lab, 'resetAfterRead');
            error = firstError(
              await outcomes(
                lab.node('client', 'client.mjs', JSON.stringify({ url, requests: [{ method: 'GET' }] })),
              ),
            );
          }
        });
        return [
          {
            name: how,
            capture,
            vantage: 'client',
            made:
              how === 'linger-zero'
                ? 'Python server sets SO_LINGER {1, 0} and closes after each reply; two Python connections; captured with -i any (Linux cooked v2)'
                : 'Node server calls socket.resetAndDestroy() after reading the request; Node http GET',
            expect: by('responder', ['D3', 'D2', 'D14'], unsure),
            clientError: error,
            counters,
            shows: [sent('client', 'P.'), activeReset('server', '63')],
            lacks: [fin],
            reasons: [/TCP_CLOSE TCP_STATE/],
            says: 'The application aborts on purpose: active RST+ACK where a FIN would stand, everything read. In the packets alone this looks like a close with unread bytes.',
          },
        ];
      },
    }),
  ),
  ...(['nginx', 'node'] as const).map(
    (server): Story => ({
      name: `early-413-${server}`,
      async record(openLab) {
        const lab = await openLab({ delayMs: 20 });
        if (server === 'node') await nodeServer(lab, 'early413');
        else
          await nginx(
            lab,
            'client_max_body_size 1k; lingering_time 0; keepalive_timeout 0; server { listen 8080; location / { root /nonexistent; } }',
          );
        const capture = await lab.capture('client', { filter, snaplen: 256 });
        const sender = server === 'node' ? lab.puppet('client') : undefined;
        let error: string | null;
        if (sender !== undefined) {
          const head = `POST /upload HTTP/1.1\r\nHost: example.test\r\nContent-Length: 100000\r\n\r\n`;
          await sender.do('connect', { host: address.server, port: 8080 });
          await sender.do('send', { text: head });
          await sender.do('send', { bytes: 60_000 });
          await sender.do('closed');
          error =
            (await sender.do('send', { bytes: 40_000 })).error ?? (await sender.do('recv')).error ?? null;
        } else {
          const body = join(privateDirectory(lab, 'body'), 'body');
          writeFileSync(body, Buffer.alloc(200_000, 'x'));
          error = await curl(
            lab,
            '-H',
            'Expect:',
            '--data-binary',
            `@${body}`,
            '-H',
            'Connection: keep-alive',
            url,
          );
        }
        return [
          {
            name: this.name,
            capture,
            vantage: 'client',
            made:
              server === 'nginx'
                ? 'nginx 1.22 with client_max_body_size 1k, lingering_time 0 and keepalive_timeout 0; curl posts 200,000 bytes without Expect; 20 ms path; snaplen 256'
                : 'Node http server answers 413 by the header and destroys the socket; a Python client that goes on writing its 100,000 bytes; 20 ms path; snaplen 256',
            expect: by('responder', ['D5', 'D2', 'D4'], [...sure, 'possible']),
            clientError: error,
            shows: [sent('client', '(P)?.'), sent('server', 'F?P.', 'HTTP/1.1 413'), sent('server', 'R.?')],
            says: `The response 413 is sent while the body is still arriving, and the socket is closed with the rest unread: RSTs follow. ${error === null ? 'curl had read the 413 in time.' : 'The client program learns of it while it writes.'}`,
          },
        ];
      },
    }),
  ),
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
        const reset = server === 'nginx-reset';
        return [
          {
            name: this.name,
            capture,
            vantage: 'client',
            made: reset
              ? 'nginx 1.22 with client_header_timeout 1.5 s and reset_timedout_connection on; three Python clients that send a request header line by line'
              : 'Node http server with headersTimeout 1.5 s; three Python clients that send a request header line by line and go on after the 408',
            expect: by(
              'responder',
              reset ? ['D6', 'D3', 'D2'] : ['D6', 'D4'],
              reset ? unsure : [...sure, 'possible'],
            ),
            clientError: [...errors][0] ?? null,
            shows: reset
              ? [sent('client', 'P.'), activeReset('server'), activeReset('server'), activeReset('server')]
              : [
                  sent('client', 'P.'),
                  sent('server', 'F?P?.', 'HTTP/1.1 408'),
                  sent('client', 'P.'),
                  passiveReset('server'),
                ],
            says: reset
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
          expect: by('originator', ['D7'], [...sure, 'possible']),
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
          expect: by('originator', ['D7'], [...sure, 'possible']),
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
          expect: by('responder', ['D14', 'D3', 'D2'], unsure),
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
            expect: {
              ...by(
                'responder',
                unread ? ['D1', 'D2', 'D3', 'H7'] : ['D1', 'H1'],
                unread ? [...sure, 'possible'] : [...sure, 'possible'],
              ),
              reset: true,
            },
            ...(!unread && { connections: [] }),
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
          expect: by('responder', ['I10', 'D4', 'I1'], [...sure, 'possible']),
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

/** A self-signed certificate that is server certificate, client certificate and authority at once. */
export function certificate(lab: Lab): string {
  const directory = privateDirectory(lab, 'tls');
  const make =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=example.test';
  execFileSync(
    'openssl',
    [...make.split(' '), '-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')],
    { stdio: 'ignore' },
  );
  return directory;
}
