// The textbook programs in Node.
//
// textbook.mjs idle-server PORT IDLE_MS            answers POSTs; closes connections that are idle for so long
// textbook.mjs posts URL COUNT KEEPALIVE IDLE_MS   POSTs every 200 to 300 ms over a kept-alive connection
// textbook.mjs closing-server PORT                 closes right after its first read
// textbook.mjs writes-again HOST:PORT              writes again a second after its first write
// textbook.mjs tells-apart HOST:PORT …             says whether each connect or read was refused, reset or else
//
// Each error is one line of JSON: {"error": …, "code": …}.
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const report = ({ message, code, errno, syscall }) =>
  console.log(JSON.stringify({ error: message, code, errno, syscall }));

const modes = {
  'idle-server'(port, idle) {
    const server = http.createServer((request, response) => {
      clearTimeout(request.socket.idle);
      request.resume().on('end', () => {
        // The header set by hand keeps Node from announcing its timeout, as many servers never do.
        response.setHeader('Connection', 'keep-alive');
        response.end('ok\n', () => {
          request.socket.idle = setTimeout(() => request.socket.destroy(), Number(idle));
        });
      });
    });
    server.keepAliveTimeout = 0;
    server.listen(Number(port), '::', () => console.log('ready'));
  },

  async posts(url, count, keepAlive, idle) {
    // Node's agent lets idle sockets go after `timeout`; 0 keeps them.
    const agent = new http.Agent({
      keepAlive: keepAlive === 'true',
      maxSockets: 1,
      timeout: Number(idle) || undefined,
    });
    let failed = 0;
    for (let i = 0; i < Number(count); i += 1) {
      try {
        await post(url, agent);
      } catch (error) {
        failed += 1;
        report(error);
      }
      await sleep(200 + ((i * 37) % 101));
    }
    console.log(`done: ${Number(count) - failed} of ${count} without an error`);
    agent.destroy();
  },

  'closing-server'(port) {
    const server = net.createServer((socket) => {
      socket.on('error', () => {}).once('data', () => socket.destroy());
    });
    server.listen(Number(port), '::', () => console.log('ready'));
  },

  async 'writes-again'(address) {
    const socket = connect(address);
    socket.on('error', report).on('end', () => console.log('end of file'));
    for (const wait of [1000, 100, 50]) {
      if (!socket.destroyed) socket.write('a line\n');
      await sleep(wait);
    }
    socket.destroy();
    console.log('done');
  },

  async 'tells-apart'(...addresses) {
    for (const address of addresses) console.log(address, await fate(address));
  },
};

function connect(address) {
  const [, host, port] = /^(.*):(\d+)$/.exec(address);
  return net.connect({ host, port: Number(port), allowHalfOpen: true });
}

function post(url, agent) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method: 'POST', agent, headers: { 'Content-Length': 20 } },
      (response) => {
        response.resume().on('end', resolve).on('error', reject);
      },
    );
    request.on('error', reject).end('x'.repeat(20));
  });
}

/** Node’s “socket hang up” has the code ECONNRESET too: only a RST comes with an errno. */
function fate(address) {
  return new Promise((resolve) => {
    const socket = connect(address).setTimeout(2000);
    socket.on('connect', () => socket.write('hello\n'));
    socket.on('data', () => resolve('answered'));
    socket.on('end', () => resolve('closed'));
    socket.on('timeout', () => resolve('timed out'));
    socket.on('error', (error) => {
      report(error);
      resolve({ ECONNREFUSED: 'refused', ECONNRESET: 'reset' }[error.code] ?? 'something else');
    });
  });
}

const [mode, ...rest] = process.argv.slice(2);
await modes[mode](...rest);
if (mode === 'tells-apart' || mode === 'writes-again') process.exit(0);
