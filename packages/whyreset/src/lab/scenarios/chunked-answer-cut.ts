import { defineScenario, everywhere } from '../scenario.ts';
import { finish, signal, start, until } from '../steps.ts';

const request = JSON.stringify({ url: 'http://${server}:8080/', requests: [{ method: 'GET' }] });

export default defineScenario({
  id: 'chunked-answer-cut',
  title: 'A chunked answer is cut short: its server is killed',
  shows:
    'The server has read the whole request and sent 5 kB of its answer when it is killed. With nothing unread the kernel ends the connection with a FIN, as after a complete answer: ' +
    'only the HTTP framing (the last chunk never came) shows that it was cut.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['partial', '8080', '{"framing":"chunked"}'], {
      ready: /ready/,
    }),
    start('client', 'client', 'http-client.mjs', [request]),
    until({ said: 'server', line: /sent/ }),
    signal('server', 'SIGKILL'),
    finish('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ECONNRESET', message: /aborted/ },
    says: { client: /"status":200/ },
    reason: null,
    counters: { server: { TcpOutRsts: 0 } },
    truth: everywhere('server', 'process-died', 'worker-killed'),
  },
});
