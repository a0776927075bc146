// One small Node server per way of ending a connection: node servers.mjs MODE PORT [JSON options]
import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';

const [mode, port, text = '{}'] = process.argv.slice(2);
const options = JSON.parse(text);

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

const modes = {
  /** Keeps connections alive for exactly idleMs after each reply; busyAtMs/busyForMs block the event loop. */
  idle({ idleMs, busyAtMs, busyForMs, busyEvery = 1 }) {
    let replies = 0;
    const server = http.createServer((request, response) => {
      const { socket } = request;
      clearTimeout(socket.idleTimer);
      request.resume().on('end', () => {
        // The header set by hand keeps Node from announcing its timeout, as many servers never do.
        response.setHeader('Connection', 'keep-alive');
        response.end('ok\n', () => {
          replies += 1;
          const busy = busyAtMs !== undefined && replies % busyEvery === 0;
          // After setImmediate come the timers, then the poll: the idle timer is served before the socket is read.
          if (busy) setTimeout(() => setImmediate(block, busyForMs), busyAtMs);
          socket.idleTimer = setTimeout(() => socket.destroy(), idleMs);
        });
      });
    });
    server.keepAliveTimeout = 0;
    return server;
  },
  /** Ends the connection right after the first bytes, without a reply. */
  closeAfterRead: () => net.createServer((socket) => swallow(socket).once('data', () => socket.destroy())),
  /** Never reads: closes once the kernel holds the request. */
  closeUnread: ({ afterMs }) =>
    net.createServer({ pauseOnConnect: true }, (socket) =>
      setTimeout(() => swallow(socket).destroy(), afterMs),
    ),
  /** Accepts and never reads. */
  unread: () =>
    net.createServer({ pauseOnConnect: true }, (socket) => {
      swallow(socket);
      console.log('accepted');
    }),
  /** Sends 5 kB of an answer that is longer, in chunks or with its length, and no more. */
  partial: ({ framing }) =>
    http.createServer((_request, response) => {
      if (framing === 'length') response.setHeader('Content-Length', 10_000);
      response.write(Buffer.alloc(5_000, 'x'), () => console.log('sent'));
    }),
  /** Reads the whole request, replies nothing, resets on purpose. */
  resetAfterRead: () =>
    net.createServer((socket) => swallow(socket).once('data', () => socket.resetAndDestroy())),
  /** Reads requests and never answers. */
  hang() {
    let requests = 0;
    return http.createServer((request) => {
      request.resume().on('end', () => console.log(`request ${++requests}`));
      request.on('error', () => {});
    });
  },
  /** Reads the first piece of a body and no more. */
  sip() {
    let stopped = 0;
    return http.createServer((request) => {
      request.on('error', () => {});
      request.once('data', () => {
        request.pause();
        // The kernel's buffer fills before anybody ends this.
        setTimeout(() => console.log(`stopped reading ${++stopped}`), 100);
      });
    });
  },
  /** Refuses a large body by its header, without reading it. */
  early413: () =>
    http.createServer((request, response) => {
      request.pause();
      response.writeHead(413, { Connection: 'close' });
      response.end('too large\n', () => request.socket.destroy());
    }),
  /** Node's own limit for slow requests. */
  slow({ headersTimeout }) {
    return http.createServer({
      headersTimeout,
      requestTimeout: headersTimeout,
      connectionsCheckingInterval: 100,
    });
  },
  /** An endless download. */
  stream: () =>
    http.createServer((_request, response) => {
      swallow(response);
      const chunk = Buffer.alloc(1000, 'x');
      const timer = setInterval(() => response.write(chunk), 5);
      response.on('close', () => clearInterval(timer));
    }),
  /** Closes what does not begin with a PROXY header (HAProxy's proxy-protocol.txt), as a listener set for it does. */
  proxied: () =>
    net.createServer((socket) =>
      swallow(socket).once('data', (bytes) => {
        if (bytes.subarray(0, 6).toString('latin1') === 'PROXY ') return socket.end(answer);
        console.log('broken header');
        socket.destroy();
      }),
    ),
  /** Takes no more than so many connections; the others it closes as it accepts them. */
  limited({ maxConnections }) {
    const server = http.createServer((_request, response) => response.end('ok\n'));
    server.maxConnections = maxConnections;
    return server.on('drop', () => console.log('drop'));
  },
  /** HTTP/2 in the clear, and nothing else; refuses streams or says goodbye with a code. */
  h2c({ refuse, goaway }) {
    const server = http2.createServer();
    server.on('sessionError', (error) => console.log(`sessionError ${error.message}`));
    return server.on('stream', (stream) => {
      stream.on('error', () => {});
      if (refuse !== undefined) return stream.close(refuse);
      stream.respond({ ':status': 200 });
      if (goaway === undefined) return stream.end('ok\n');
      stream.write('begun\n');
      stream.session.goaway(goaway, stream.id, Buffer.from('too_many_pings'));
    });
  },
  plain: () => http.createServer((_request, response) => response.end('ok\n')),
  tls: ({ directory, ...tls }) =>
    https.createServer({ ...pair(directory), ...tls }, (_request, response) => response.end('ok\n')),
};

const server = modes[mode](options);
server.on('clientError', (_error, socket) => socket.writable && !options.quietErrors && socket.destroy());
if (mode === 'slow' || mode === 'plain') server.removeAllListeners('clientError');
server.on('tlsClientError', (error) => console.log(`tlsClientError ${error.code ?? error.message}`));
server.listen(Number(port), '::', () => console.log('ready'));

function swallow(stream) {
  return stream.on('error', (error) => console.log(`error ${error.message}`));
}

function pair(directory) {
  return {
    key: readFileSync(`${directory}/key.pem`),
    cert: readFileSync(`${directory}/cert.pem`),
    ca: readFileSync(`${directory}/cert.pem`),
  };
}

function block(ms) {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
