import { defineScenario, everywhere } from '../scenario.ts';
import { connect, finish, REQUEST, read, send, start, until } from '../steps.ts';

const names = Array.from({ length: 30 }, (_, n) => `idle-${n}`);
const requests = JSON.stringify({
  url: 'http://${server}:8080/',
  keepAlive: false,
  requests: [{ method: 'GET' }, { method: 'GET' }],
});

export default defineScenario({
  id: 'emfile-node',
  title: 'A Node server runs out of file descriptors',
  shows:
    'The process may open 40 files, and idle clients use them up. libuv then closes a spare descriptor, accepts each further connection and closes it at once: a FIN, or a RST when the request was there first. ' +
    'Clients see “socket hang up” or ECONNRESET, those that are in are still served, and the server’s program hears nothing of it: no event, no log line.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['plain', '8080'], { ready: /ready/, descriptors: 40 }),
    connect({ as: 'early' }),
    ...names.map((as) => connect({ as })),
    start('client', 'client', 'http-client.mjs', [requests]),
    finish('client'),
    connect({ as: 'late' }),
    send('late', REQUEST),
    until({ gone: 'late' }),
    send('early', REQUEST),
    read('early'),
  ],
  expect: {
    resetBy: 'server',
    shape: null,
    error: { code: 'ECONNRESET', message: /socket hang up|read ECONNRESET/ },
    // Those whose request was there first.
    also: ['unread-data-at-close', 'write-after-close'],
    truth: everywhere('server', 'descriptor-exhaustion', 'connection-limit-reached'),
  },
});
