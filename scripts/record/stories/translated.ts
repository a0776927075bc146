import type { Story } from '../story.ts';
import { sure } from '../story.ts';
import { pair, reset } from './services.ts';
import { sent } from './shared.ts';

const filter = 'tcp port 8080';
const request = 'GET / HTTP/1.1\r\nHost: example.test\r\n\r\n';

/** Connections that change their name on the way. */
export const translated: Story[] = [
  {
    name: 'nat-close-unread',
    async record(openLab) {
      const lab = await openLab({ delayMs: 20 });
      lab.nft(
        'router',
        'table ip n { chain p { type nat hook postrouting priority 100; oifname "eth1" masquerade random; }; }',
      );
      const atClient = await lab.capture('client', { filter });
      const atServer = await lab.capture('server', { filter });
      const { client, server } = await pair(lab);
      await client.do('send', { text: `${request}${request}` });
      await server.do('unread', { atLeast: request.length * 2 });
      await server.do('recv', { max: request.length });
      await server.do('send', { text: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok' });
      await client.do('recv');
      await server.do('acked');
      await server.do('close');
      const error = (await client.do('recv')).error ?? null;
      const common = {
        made: 'nftables masquerade with random ports on the router; Python server reads and answers the first of two pipelined requests, then closes with the second unread; 20 ms path',
        expect: reset('responder', ['D2', 'D3', 'I10'], sure),
        clientError: error,
        reasons: [/TCP_ABORT_ON_CLOSE/],
      };
      return [
        {
          ...common,
          name: 'nat-close-unread-client',
          capture: atClient,
          vantage: 'client',
          shows: [sent('client', 'P.'), sent('server', 'P.'), sent('server', 'R.')],
          pair: 'nat-close-unread-server',
          says: 'The client dials and sees its own address; the router gives the connection another address and port on the way to the server.',
        },
        {
          ...common,
          name: 'nat-close-unread-server',
          capture: atServer,
          vantage: 'server',
          shows: [sent('either', 'P.'), sent('server', 'P.'), sent('server', 'R.')],
          lacks: [/10\.77\.1\.2\.\d+ > /],
          pair: 'nat-close-unread-client',
          says: 'The server side of nat-close-unread-client: the same connection, and the client is called by the router’s address.',
        },
      ];
    },
  },
];
