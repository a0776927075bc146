import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { address, privateDirectory } from '../lab.ts';
import { type Story, sure, unsure } from '../story.ts';
import { nginx, nodeServer, pair, reset } from './services.ts';
import { activeReset, counted, curl, firstError, outcomes, passiveReset, sent } from './shared.ts';

const url = `http://${address.server}:8080/upload`;
const filter = 'tcp port 8080';
const request = 'GET / HTTP/1.1\r\nHost: example.test\r\n\r\n';
const fin = /\.8080 > .*Flags \[F/;

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
            expect: reset('responder', ['D4', 'I3'], sure),
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
            expect: reset(
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
            expect: reset('responder', ['D3', 'D2', 'D14'], unsure),
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
            expect: reset('responder', ['D5', 'D2', 'D4'], [...sure, 'possible']),
            clientError: error,
            shows: [sent('client', '(P)?.'), sent('server', 'F?P.', 'HTTP/1.1 413'), sent('server', 'R.?')],
            says: `The response 413 is sent while the body is still arriving, and the socket is closed with the rest unread: RSTs follow. ${error === null ? 'curl had read the 413 in time.' : 'The client program learns of it while it writes.'}`,
          },
        ];
      },
    }),
  ),
];
