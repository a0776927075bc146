import { address, type Lab } from '../lab.ts';
import { type Expect, type Story, sure, type Take, unsure } from '../story.ts';
import { activeReset, anyReset, counted, firstError, open, outcomes, passiveReset, sent } from './shared.ts';

const url = `http://${address.server}:8080/orders`;
const filter = 'tcp port 8080';
const request = 'GET / HTTP/1.1\r\nHost: example.test\r\n\r\n';
const reply = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const serverFin = sent('server', 'F.');

async function idleServer(lab: Lab, options: object) {
  const server = lab.node('server', 'servers.mjs', 'idle', '8080', JSON.stringify(options));
  await server.line(/ready/);
  return server;
}

/** A request and its reply over a connection that then stays open. */
async function exchange(lab: Lab) {
  const [client, server] = [lab.puppet('client'), lab.puppet('server')];
  await open(server, 8080);
  await client.do('connect', { host: address.server, port: 8080 });
  await server.do('accept');
  await client.do('send', { text: request });
  await server.do('recv');
  await server.do('send', { text: reply });
  await client.do('recv');
  await server.do('acked');
  return { client, server };
}

const responder = (taxonomy: string[], certainty: Expect['certainty']): Expect => ({
  sender: 'responder',
  taxonomy,
  benign: false,
  reset: true,
  certainty,
});
const middlebox = (taxonomy: string[], certainty: Expect['certainty']): Expect => ({
  ...responder(taxonomy, certainty),
  sender: 'middlebox',
});

export const idle: Story[] = [
  {
    name: 'keepalive-race-crossing',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      await idleServer(lab, { idleMs: 300 });
      const atClient = await lab.capture('client', { filter });
      const atServer = await lab.capture('server', { filter });
      // The reply needs 20 ms to arrive, the FIN leaves at 300 ms: a request 280 ms after the reply meets it midway.
      const requests = [{}, { afterMs: 200 }, { afterMs: 200 }, { afterMs: 280 }];
      const seen = await outcomes(lab.node('client', 'client.mjs', JSON.stringify({ url, requests })));
      const made =
        'Node http server that closes a connection 300 ms after its last reply (no Keep-Alive hint); Node http.Agent client POSTs 200, 200 and 280 ms after a reply; 20 ms path';
      const common = {
        made,
        expect: responder(['I1'], sure),
        clientError: firstError(seen),
        reasons: [/TCP_ABORT_ON_DATA/],
      };
      return [
        {
          ...common,
          name: 'keepalive-race-crossing-client',
          capture: atClient,
          vantage: 'client',
          shows: [
            sent('client', 'P.'),
            sent('client', 'P.'),
            sent('client', 'P.'),
            sent('client', 'P.'),
            serverFin,
            passiveReset('server'),
          ],
          pair: 'keepalive-race-crossing-server',
          says: 'The fourth POST leaves before the FIN arrives: they cross on the wire. The server kernel answers the POST with a bare RST whose sequence number is that after the FIN. Nobody is at fault; the timeouts are.',
        },
        {
          ...common,
          name: 'keepalive-race-crossing-server',
          capture: atServer,
          vantage: 'server',
          shows: [
            sent('client', 'P.'),
            sent('client', 'P.'),
            sent('client', 'P.'),
            serverFin,
            sent('client', 'P.'),
            passiveReset('server'),
          ],
          pair: 'keepalive-race-crossing-client',
          says: 'The server side of keepalive-race-crossing-client: FIN out, and less than one round trip later the POST that cannot have known of it.',
        },
      ];
    },
  },
  ...(['client', 'loopback'] as const).map(
    (vantage): Story => ({
      name: `keepalive-race-unread${vantage === 'loopback' ? '-loopback' : ''}`,
      async record(openLab) {
        const lab = await openLab();
        // At 250 ms the server's event loop is busy until 330 ms: the timer of 300 ms fires before anything is read.
        await idleServer(lab, { idleMs: 300, busyAtMs: 250, busyForMs: 80, busyEvery: 3 });
        const local = vantage === 'loopback';
        const capture = await lab.capture(local ? 'server' : 'client', {
          filter,
          ...(local && { on: 'lo' }),
        });
        const requests = [{}, { afterMs: 200 }, { afterMs: 200 }, { afterMs: 285 }];
        const target = local ? 'http://127.0.0.1:8080/orders' : url;
        const place = local ? 'server' : 'client';
        let seen: Awaited<ReturnType<typeof outcomes>> = [];
        const counters = await counted(lab, async () => {
          seen = await outcomes(lab.node(place, 'client.mjs', JSON.stringify({ url: target, requests })));
        });
        const by = local ? 'either' : 'server';
        return [
          {
            name: this.name,
            capture,
            vantage,
            made: `Node http server with a 300 ms idle timer whose event loop is blocked from 250 to 330 ms; Node client POSTs 285 ms after the reply${local ? '; both on loopback' : ''}`,
            expect: responder(['I2'], sure),
            clientError: firstError(seen),
            counters,
            shows: [sent(local ? 'either' : 'client', 'P.'), sent(by, 'R.', 'win [1-9]')],
            lacks: [/\.8080 > .*Flags \[F/],
            reasons: [/TCP_ABORT_ON_CLOSE/],
            says: 'The POST reached the server 285 ms after the last reply and was acknowledged by its kernel, but the application closed the idle connection before reading it: an active RST+ACK without any FIN.',
          },
        ];
      },
    }),
  ),
  {
    name: 'keepalive-race-stalled-client',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      await idleServer(lab, { idleMs: 300 });
      const capture = await lab.capture('client', { filter });
      const requests = [{}, { afterMs: 200 }, { afterMs: 200 }, { afterMs: 200, blockMs: 400 }];
      const seen = await outcomes(lab.node('client', 'client.mjs', JSON.stringify({ url, requests })));
      return [
        {
          name: 'keepalive-race-stalled-client',
          capture,
          vantage: 'client',
          made: 'Node http server with a 300 ms idle timer; Node client blocks its event loop for 400 ms, from 200 ms after a reply, then POSTs on the same connection; 20 ms path',
          expect: responder(['I3'], sure),
          clientError: firstError(seen),
          shows: [serverFin, sent('client', '.', 'length 0$'), sent('client', 'P.'), passiveReset('server')],
          reasons: [/TCP_TIMEWAIT_SOCKET|TCP_ABORT_ON_DATA/],
          says: "The client's kernel acknowledged the server's FIN some 280 ms before the stalled client program wrote its POST: the bare RST answers a request that need not have been sent.",
        },
      ];
    },
  },
  {
    name: 'keepalive-race-100-posts',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      await idleServer(lab, { idleMs: 300, busyAtMs: 270, busyForMs: 60, busyEvery: 4 });
      const capture = await lab.capture('client', { filter, snaplen: 256 });
      // Steps of a fixed sequence between 200 and 300 ms; every 20th time the client is blocked meanwhile.
      const requests = Array.from({ length: 100 }, (_, i) =>
        i % 20 === 19 ? { afterMs: 200, blockMs: 200 } : { afterMs: 200 + ((i * 37) % 101) },
      );
      const seen = await outcomes(
        lab.node('client', 'client.mjs', JSON.stringify({ url, requests })),
        120_000,
      );
      const stalled = new Set(seen.filter(({ error }, i) => error && i % 20 === 19).map(({ port }) => port));
      const reasons = lab.resetReasons();
      const connections = seen
        .filter(({ error }) => error !== undefined)
        .map(({ port }): NonNullable<Take['connections']>[number] => {
          const unread = reasons.some(
            (line) => line.includes(`:${port} `) && line.includes('TCP_ABORT_ON_CLOSE'),
          );
          const cause = unread ? 'I2' : stalled.has(port) ? 'I3' : 'I1';
          return {
            originator: `${address.client}:${port}`,
            taxonomy: [cause],
            sender: 'responder',
            reset: true,
          };
        });
      return [
        {
          name: 'keepalive-race-100-posts',
          capture,
          vantage: 'client',
          made: 'Node http server with a 300 ms idle timer whose event loop is blocked from 270 to 330 ms after every fourth reply; Node client sends 100 POSTs, 200 to 300 ms after the last reply, five times after a stall; 20 ms path; snaplen 256. Which race each connection lost: the kernel reason (TCP_ABORT_ON_CLOSE is unread), else whether the client was stalled',
          expect: responder(['I1', 'I2', 'I3'], sure),
          connections,
          clientError: firstError(seen),
          shows: [activeReset('server'), passiveReset('server')],
          says: `${connections.length} of 100 POSTs fail, by all forms of the keep-alive race; the client opens a new connection after each.`,
        },
      ];
    },
  },
  {
    name: 'nat-idle-reject',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      lab.sysctl('router', 'net/netfilter/nf_conntrack_tcp_loose', '0');
      lab.nft(
        'router',
        'table ip f { chain c { type filter hook forward priority 0; ct state invalid tcp flags & rst == 0 reject with tcp reset; ct state established accept; }; }',
      );
      lab.sysctl('router', 'net/netfilter/nf_conntrack_tcp_timeout_established', '2');
      const capture = await lab.capture('client', { filter });
      const atServer = await lab.capture('server', { filter });
      const { client } = await exchange(lab);
      await new Promise((resolve) => setTimeout(resolve, 4000));
      await client.do('send', { text: request });
      const { error = null } = await client.do('recv');
      const made =
        'nftables with connection tracking on the router: established timeout 2 s, unknown segments rejected with tcp reset; one Python request, 4 s of silence, a second request; 20 ms path';
      return [
        {
          name: 'nat-idle-reject-client',
          capture,
          vantage: 'client',
          made,
          expect: middlebox(['I4'], [...sure, 'possible']),
          clientError: error,
          shows: [sent('server', 'P.', '', '63'), sent('client', 'P.'), passiveReset('server', '64')],
          pair: 'nat-idle-reject-server',
          says: 'The router forgot the idle connection and answers the next segment itself: bare RST, TTL 64 instead of 63, in far less than the round trip of 40 ms.',
        },
        {
          name: 'nat-idle-reject-server',
          capture: atServer,
          vantage: 'server',
          made,
          expect: {
            sender: 'undetermined',
            taxonomy: [],
            benign: true,
            reset: false,
            certainty: ['undetermined', 'possible'],
          },
          clientError: error,
          shows: [sent('client', 'P.'), sent('server', 'P.')],
          lacks: [anyReset],
          pair: 'nat-idle-reject-client',
          says: 'The server side of nat-idle-reject-client: after the reply, nothing ever arrives again.',
        },
      ];
    },
  },
  {
    name: 'balancer-idle-reset-both',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      const injector = lab.python('router', 'injector.py', 'expire', 'eth0', 'eth1', '8080', '2.0');
      await injector.line(/^ready/);
      const capture = await lab.capture('client', { filter });
      const atServer = await lab.capture('server', { filter });
      const { client, server } = await exchange(lab);
      const { error = null } = await client.do('recv');
      await server.do('recv');
      const made =
        'a raw-socket program on the router that sends one RST to each end, in the name of the other, 2.0 s after the last segment (as balancers with "TCP reset on idle" do); Python client and server; 20 ms path';
      const common = { made, clientError: error };
      return [
        {
          ...common,
          name: 'balancer-idle-reset-both-client',
          capture,
          vantage: 'client',
          expect: middlebox(['I5'], [...sure, 'possible']),
          shows: [sent('server', 'P.', '', '63'), sent('server', 'R.', '', '128')],
          pair: 'balancer-idle-reset-both-server',
          says: 'Exactly 2 s after the last segment a RST comes in the name of the server, with nothing that provoked it and with TTL 128 where the server has 63. The server kernel sent none.',
        },
        {
          ...common,
          name: 'balancer-idle-reset-both-server',
          capture: atServer,
          vantage: 'server',
          expect: middlebox(['I5'], [...sure, 'possible']),
          shows: [sent('client', 'P.', '', '63'), sent('client', 'R.', '', '128')],
          pair: 'balancer-idle-reset-both-client',
          says: 'The server side: the same RST, in the name of the client.',
        },
      ];
    },
  },
  ...[false, true].map(
    (listening): Story => ({
      name: `host-reborn-${listening ? 'listening' : 'silent'}`,
      async record(openLab) {
        const lab = await openLab();
        const capture = await lab.capture('client', { filter });
        const { client, server } = await exchange(lab);
        await lab.loseServer(server.program);
        await lab.connectServer();
        if (listening) await open(lab.puppet('server'), 8080);
        await client.do('send', { text: request });
        const { error = null } = await client.do('recv');
        return [
          {
            name: this.name,
            capture,
            vantage: 'client',
            made: `Python client and server; the server's host loses power (link down, namespace deleted) and comes back under the same addresses, ${listening ? 'with' : 'without'} the service; then the client's second request`,
            expect: responder(listening ? ['I7'] : ['I7', 'D1'], [...sure, 'possible']),
            clientError: error,
            shows: [sent('server', 'P.'), sent('client', 'P.'), passiveReset('server', '63')],
            lacks: [/\.8080 > .*Flags \[F/],
            reasons: [listening ? /TCP_LISTEN TCP_FLAGS/ : /UNKNOWN NO_SOCKET/],
            says: `The new host knows nothing of the connection: the request is answered by a bare RST from ${listening ? 'a listening socket' : 'a kernel without any socket for it'}.`,
          },
        ];
      },
    }),
  ),
  {
    name: 'idle-kill-message',
    async record(openLab) {
      const lab = await openLab();
      const capture = await lab.capture('client', { filter: 'tcp port 6379' });
      const server = lab.python('server', 'idle_kill.py', '6379', '2.0', 'fin');
      await server.line(/ready/);
      const client = lab.puppet('client');
      let error: string | null = null;
      for (const as of ['a', 'b', 'c']) await client.do('connect', { as, host: address.server, port: 6379 });
      for (const on of ['a', 'b', 'c']) {
        await client.do('send', { on, text: 'PING\r\n' });
        await client.do('recv', { on });
      }
      for (let n = 1; n <= 3; n += 1) await server.line(new RegExp(`^killed ${n}$`));
      for (const on of ['a', 'b', 'c']) {
        await client.do('send', { on, text: 'SET key value\r\n' });
        await client.do('closed', { on });
        error = (await client.do('send', { on, text: 'PING\r\n' })).error ?? error;
      }
      return [
        {
          name: 'idle-kill-message',
          capture,
          vantage: 'client',
          made: 'a Python key-value server that ends connections idle for 2.0 s with a message and close; three Python clients send one command, wait until all were killed, then send another',
          expect: responder(['I9', 'D4', 'I3'], [...sure, 'possible']),
          clientError: error,
          shows: [sent('server', '(FP|F).'), sent('client', 'P.'), passiveReset('server')],
          reasons: [/TCP_TIMEWAIT_SOCKET|TCP_ABORT_ON_DATA/],
          says: 'All three connections get "-ERR idle timeout, closing" and a FIN 2.0 s after their last command; the later command is answered by a bare RST.',
        },
      ];
    },
  },
  {
    name: 'idle-kill-reset',
    async record(openLab) {
      const lab = await openLab();
      const capture = await lab.capture('client', { filter: 'tcp port 6379' });
      const server = lab.python('server', 'idle_kill.py', '6379', '2.0', 'rst');
      await server.line(/ready/);
      const client = lab.puppet('client');
      const names = ['a', 'b', 'c', 'd'];
      for (const as of names) await client.do('connect', { as, host: address.server, port: 6379 });
      for (const on of names) {
        await client.do('send', { on, text: 'PING\r\n' });
        await client.do('recv', { on });
      }
      let error: string | null = null;
      for (const on of names) error = (await client.do('recv', { on })).error ?? error;
      return [
        {
          name: 'idle-kill-reset',
          capture,
          vantage: 'client',
          made: 'a Python key-value server that resets connections idle for 2.0 s (SO_LINGER 0); four Python clients, one command each',
          expect: responder(['I9', 'I5', 'D3'], unsure),
          clientError: error,
          shows: [
            activeReset('server', '63'),
            activeReset('server', '63'),
            activeReset('server', '63'),
            activeReset('server', '63'),
          ],
          reasons: [/TCP_STATE/],
          says: 'Each of the four connections is reset 2.0 s after its last segment. The RST has the shape and the TTL of the server: no box between.',
        },
      ];
    },
  },
];
