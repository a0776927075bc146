import { address } from '../lab.ts';
import { type Story, sure, unsure } from '../story.ts';
import { activeReset, anyReset, counted, firstError, open, outcomes, passiveReset, sent } from './shared.ts';

const refusal = 'win 0, length 0';

export const handshake: Story[] = [
  {
    name: 'closed-port',
    async record(openLab) {
      const lab = await openLab();
      const capture = await lab.capture('client', { filter: 'tcp port 8080', nanoseconds: true });
      const url = `http://${address.server}:8080/`;
      const client = lab.node('client', 'client.mjs', JSON.stringify({ url, requests: [{ method: 'GET' }] }));
      return [
        {
          name: 'closed-port',
          capture,
          vantage: 'client',
          made: 'Node http GET to a port where nothing listens; nanosecond pcap',
          expect: {
            sender: 'responder',
            taxonomy: ['H1'],
            benign: false,
            reset: true,
            certainty: [...sure, 'possible'],
          },
          clientError: firstError(await outcomes(client)),
          shows: [sent('client', 'S'), sent('server', 'R.', refusal, '63')],
          reasons: [/UNKNOWN NO_SOCKET/],
          says: 'Nothing listens on the port. The server kernel answers the SYN with RST+ACK, sequence 0, window 0.',
        },
      ];
    },
  },
  {
    name: 'closed-port-ipv6',
    async record(openLab) {
      const lab = await openLab();
      const capture = await lab.capture('client', { filter: 'tcp port 8080', nanoseconds: true });
      const client = lab.puppet('client');
      const { error = null } = await client.do('connect', { host: address.server6, port: 8080 });
      return [
        {
          name: 'closed-port-ipv6',
          capture,
          vantage: 'client',
          made: 'Python connect over IPv6 to a port where nothing listens; nanosecond pcapng (the packets of tcpdump re-wrapped)',
          pcapng: true,
          expect: {
            sender: 'responder',
            taxonomy: ['H1'],
            benign: false,
            reset: true,
            certainty: [...sure, 'possible'],
          },
          clientError: error,
          shows: [
            /hlim 64,.*fd77:1::2\.\d+ > fd77:2::2\.8080: Flags \[S\]/,
            /hlim 63,.*Flags \[R\.\].*win 0, length 0/,
          ],
          reasons: [/UNKNOWN NO_SOCKET/],
          says: 'The same as closed-port over IPv6.',
        },
      ];
    },
  },
  {
    name: 'firewall-reject-syn',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      lab.nft(
        'router',
        'table ip f { chain c { type filter hook forward priority 0; tcp dport 8081 reject with tcp reset; }; }',
      );
      const open8080 = lab.node('server', 'servers.mjs', 'plain', '8080');
      const open8081 = lab.node('server', 'servers.mjs', 'plain', '8081');
      await Promise.all([open8080.line(/ready/), open8081.line(/ready/)]);
      const capture = await lab.capture('client', { filter: 'tcp port 8080 or tcp port 8081' });
      const get = (port: number) => {
        const url = `http://${address.server}:${port}/`;
        return outcomes(
          lab.node(
            'client',
            'client.mjs',
            JSON.stringify({ url, keepAlive: false, requests: [{ method: 'GET' }] }),
          ),
        );
      };
      await get(8080);
      const refused = await get(8081);
      return [
        {
          name: 'firewall-reject-syn',
          capture,
          vantage: 'client',
          made: 'nftables on the router: tcp dport 8081 reject with tcp reset; 20 ms path; Node http GET to 8080 (open), then to 8081',
          expect: {
            sender: 'middlebox',
            taxonomy: ['H2', 'H11'],
            benign: false,
            reset: true,
            certainty: sure,
          },
          clientError: firstError(refused),
          shows: [
            sent('server', 'S.', '', '63'),
            sent('client', 'S', '', '64'),
            sent('server', 'R.', refusal, '64'),
          ],
          lacks: [/10\.77\.2\.2\.8081 > .*Flags \[S\.\]/],
          says:
            'The service on 8081 runs, but the router rejects the SYN. Its RST carries TTL 64 where the server has 63, and it ' +
            'comes well within a millisecond where the neighbouring port on the same host needs 40 ms. The kernel reasons are empty: a firewall sends without a socket.',
        },
      ];
    },
  },
  {
    name: 'firewall-reject-midflow',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      const [client, server] = [lab.puppet('client'), lab.puppet('server')];
      await open(server, 8080);
      const capture = await lab.capture('client', { filter: 'tcp port 8080' });
      const atServer = await lab.capture('server', { filter: 'tcp port 8080' });
      await client.do('connect', { host: address.server, port: 8080 });
      await server.do('accept');
      await client.do('send', { text: 'GET /one HTTP/1.1\r\nHost: example.test\r\n\r\n' });
      await server.do('recv');
      await server.do('send', { text: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok' });
      await client.do('recv');
      lab.nft(
        'router',
        'table ip f { chain c { type filter hook forward priority 0; tcp dport 8080 reject with tcp reset; }; }',
      );
      await client.do('send', { text: 'GET /two HTTP/1.1\r\nHost: example.test\r\n\r\n' });
      const { error = null } = await client.do('recv');
      const expect = {
        sender: 'middlebox',
        taxonomy: ['P7', 'P6'],
        benign: false,
        reset: true,
        certainty: sure,
      } as const;
      const made =
        'Python client and server, 20 ms path; an nftables rule (reject with tcp reset) is loaded on the router between two requests';
      return [
        {
          name: 'firewall-reject-midflow',
          capture,
          vantage: 'client',
          made,
          expect: { ...expect, taxonomy: [...expect.taxonomy], certainty: [...sure, 'possible'] },
          clientError: error,
          shows: [sent('server', 'P.', '', '63'), sent('client', 'P.'), passiveReset('server', '64')],
          pair: 'firewall-reject-midflow-server',
          says:
            'The router answers the second request with a bare RST in the name of the server: TTL 64 instead of 63, and in ' +
            'far less than the 40 ms round trip. The server never sees the request.',
        },
        {
          name: 'firewall-reject-midflow-server',
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
          pair: 'firewall-reject-midflow',
          says: 'The server side of firewall-reject-midflow: no RST and no second request ever arrive.',
        },
      ];
    },
  },
  {
    name: 'listener-closed-queue',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      const [client, server] = [lab.puppet('client'), lab.puppet('server')];
      await open(server, 8080);
      const capture = await lab.capture('client', { filter: 'tcp port 8080' });
      const errors: (string | undefined)[] = [];
      let counters = {};
      for (const as of ['a', 'b', 'c']) {
        await client.do('connect', { as, host: address.server, port: 8080 });
        await client.do('send', { on: as, text: 'GET / HTTP/1.1\r\nHost: example.test\r\n\r\n' });
        await client.do('acked', { on: as });
      }
      counters = await counted(lab, async () => {
        await server.do('close', { on: 'l' });
        for (const on of ['a', 'b', 'c']) errors.push((await client.do('recv', { on })).error);
      });
      const again = await client.do('connect', { host: address.server, port: 8080 });
      return [
        {
          name: 'listener-closed-queue',
          capture,
          vantage: 'client',
          made: 'Python server listens but never accepts; three Python clients connect and send a request; the server closes its listening socket; a fourth connect; 20 ms path',
          expect: {
            sender: 'responder',
            taxonomy: ['H7', 'D1', 'D2'],
            benign: false,
            reset: true,
            certainty: [...sure, 'possible'],
          },
          clientError: errors[0] ?? null,
          counters,
          shows: [
            sent('client', 'P.'),
            activeReset('server'),
            activeReset('server'),
            activeReset('server'),
            sent('server', 'R.', refusal),
          ],
          lacks: [/10\.77\.2\.2\.8080 > .*Flags \[F/],
          reasons: [/TCP_STATE/],
          says:
            'Connected and acknowledged, but still in the accept queue when the listener went away: one active RST+ACK each, in one instant, no response. ' +
            `The next connect is refused (${again.error}).`,
        },
      ];
    },
  },
  {
    name: 'accept-queue-overflow',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      lab.sysctl('server', 'net/ipv4/tcp_abort_on_overflow', '1');
      lab.sysctl('server', 'net/ipv4/tcp_syncookies', '0');
      const [client, server] = [lab.puppet('client'), lab.puppet('server')];
      await open(server, 8080, 4);
      const capture = await lab.capture('client', { filter: 'tcp port 8080' });
      const request = 'GET / HTTP/1.1\r\nHost: example.test\r\n\r\n';
      const errors: (string | undefined)[] = [];
      // Four fill the queue up to its backlog; the next four pass the SYN together, and only one still fits.
      for (const as of ['a', 'b', 'c', 'd'])
        await client.do('connect', { as, host: address.server, port: 8080 });
      const counters = await counted(lab, async () => {
        const late = ['e', 'f', 'g', 'h'];
        for (const as of late)
          await client.do('connect', { as, host: address.server, port: 8080, noWait: true });
        for (const on of late) await client.do('writable', { on, within: 3 });
        for (const on of late) {
          const { error } = await client.do('send', { on, text: request });
          errors.push(error);
        }
      });
      return [
        {
          name: 'accept-queue-overflow',
          capture,
          vantage: 'client',
          made: 'Python server with listen(4) that never accepts, net.ipv4.tcp_abort_on_overflow=1, syncookies off; four connects, then four at once, over a 20 ms path',
          expect: {
            sender: 'responder',
            taxonomy: ['H4'],
            benign: false,
            reset: true,
            certainty: [...sure, 'possible'],
          },
          clientError: errors.find((error) => error !== undefined) ?? null,
          counters,
          shows: [
            sent('server', 'S.'),
            sent('client', '.'),
            passiveReset('server'),
            passiveReset('server'),
            passiveReset('server'),
          ],
          reasons: [/TCP_LISTEN INVALID_SYN/],
          says: 'All handshakes are answered with SYN-ACK, but the accept queue holds five. The final ACKs of the other three are answered with bare RSTs, after the clients believed to be connected.',
        },
      ];
    },
  },
  {
    name: 'proxy-no-backend',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      const [client, proxy] = [lab.puppet('client'), lab.puppet('server')];
      await open(proxy, 8080);
      const capture = await lab.capture('client', { filter: 'tcp port 8080' });
      const errors: (string | undefined)[] = [];
      for (let round = 0; round < 3; round += 1) {
        await client.do('connect', { host: address.server, port: 8080 });
        await proxy.do('accept');
        await proxy.do('linger');
        await proxy.do('close');
        errors.push((await client.do('recv')).error);
        await client.do('close');
      }
      return [
        {
          name: 'proxy-no-backend',
          capture,
          vantage: 'client',
          made: 'Python TCP proxy without a healthy backend: accepts and resets at once (SO_LINGER 0); three clients; 20 ms path',
          expect: {
            sender: 'responder',
            taxonomy: ['H11', 'D3'],
            benign: false,
            reset: true,
            certainty: unsure,
          },
          clientError: errors[0] ?? null,
          shows: [
            sent('server', 'S.'),
            sent('client', '.'),
            activeReset('server'),
            sent('server', 'S.'),
            activeReset('server'),
          ],
          reasons: [/TCP_STATE/],
          lacks: [/length [1-9]\d*$/],
          says: 'The proxy is a TCP endpoint, so the RST is its own. Reset right after the handshake, before any byte, three times out of three.',
        },
      ];
    },
  },
];
