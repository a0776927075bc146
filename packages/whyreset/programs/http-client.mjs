// A Node HTTP client over one agent: node client.mjs JSON, prints one JSON line per request.
// {url, requests: [{afterMs, blockMs, method, host, bodyBytes, abortAfterMs, resetWhenDone}], keepAlive, parallel}
import http from 'node:http';
import https from 'node:https';

const { url, requests, keepAlive = true, tls = {}, parallel = false } = JSON.parse(process.argv[2]);
const library = url.startsWith('https:') ? https : http;
const agent = new library.Agent({ keepAlive, ...(parallel ? {} : { maxSockets: 1 }) });

function send({ method = 'POST', host, bodyBytes = 20, abortAfterMs, resetWhenDone }) {
  return new Promise((resolve) => {
    const headers = {
      ...(method === 'POST' && { 'Content-Length': bodyBytes }),
      ...(host !== undefined && { Host: host }),
    };
    const request = library.request(url, { agent, method, headers, ...tls });
    const seen = {};
    let socket;
    const done = () => {
      seen.reused = request.reusedSocket;
      resolve(seen);
    };
    request.on('socket', (given) => {
      socket = given;
      const port = () => {
        seen.port = socket.localPort;
      };
      if (socket.connecting) socket.once('connect', port);
      else port();
      if (abortAfterMs !== undefined)
        socket.once('connect', () =>
          setTimeout(() => request.destroy(new Error('client gave up')), abortAfterMs),
        );
    });
    request.on('error', ({ message, code, errno, syscall }) =>
      Object.assign(seen, { error: message, code, errno, syscall }),
    );
    request.on('response', (response) => {
      seen.status = response.statusCode;
      if (abortAfterMs !== undefined) response.pause();
      else response.resume();
      response.on('error', ({ message, code }) => Object.assign(seen, { responseError: message, code }));
      response.on('end', () => resetWhenDone && socket.resetAndDestroy());
    });
    request.on('close', done);
    request.end(method === 'POST' ? Buffer.alloc(bodyBytes, 'x') : undefined);
  });
}

function block(ms) {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

if (parallel) await Promise.all(requests.map(async (step) => console.log(JSON.stringify(await send(step)))));
else {
  for (const step of requests) {
    if (step.afterMs) await new Promise((resolve) => setTimeout(resolve, step.afterMs));
    // A stalled event loop: the kernel goes on acknowledging, nothing is read, the next request comes late.
    if (step.blockMs) block(step.blockMs);
    console.log(JSON.stringify(await send(step)));
  }
}
console.log('done');
process.exit(0);
