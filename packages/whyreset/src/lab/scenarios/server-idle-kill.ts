import { defineScenario, everywhere } from '../scenario.ts';
import { accept, close, connect, listen, read, type Step, send, silence, until } from '../steps.ts';

const NAMES = ['a', 'b', 'c'];
const port = 6379;
const each = (make: (name: string) => Step[]): Step[] => NAMES.flatMap(make);

export default defineScenario({
  id: 'server-idle-kill',
  title: 'A database ends idle sessions, with a word of farewell',
  shows:
    'A key-value server ends three sessions that were idle for 2 s: it sends an error message, then FIN. The clients look at neither, and send their next command into a closed connection: RST, and EPIPE at the next write.',
  needs: 'nothing',
  steps: [
    listen('server', { port }),
    ...each((name) => [connect({ as: name, port }), accept(`session ${name}`)]),
    ...each((name) => [
      send(name, 'PING\r\n'),
      read(`session ${name}`),
      send(`session ${name}`, '+OK\r\n'),
      read(name),
    ]),
    silence(2, 'the server’s session timeout'),
    ...each((name) => [send(`session ${name}`, '-ERR idle timeout, closing\r\n'), close(`session ${name}`)]),
    silence(0.3, 'the clients do something else'),
    ...each((name) => [send(name, 'SET key value\r\n'), until({ gone: name }), send(name, 'PING\r\n')]),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'EPIPE', errno: -32 },
    reason: 'TCP_TIMEWAIT_SOCKET',
    truth: everywhere('server', 'server-idle-kill', 'write-after-close', 'stale-pool-reuse'),
  },
});
