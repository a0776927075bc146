/**
 * The shop of the demo: an express app that takes orders. It writes an order down, then answers; one time in a hundred
 * its worker loses the connection with the order written and the answer not given. With `guarded` it has the lines of
 * the README around it. Told its listening socket by the parent, so that a new version can take over from an old one.
 */
import { appendFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { serve } from '@whyreset/guard/server';
import express from 'express';

const { orders, guarded } = JSON.parse(process.argv[2]!) as { orders: string; guarded: boolean };
const LOST_ANSWERS = 0.01;
const ANSWER_MS = 15;
/** Node closes one second (its buffer) after this. */
const KEEP_ALIVE_MS = 500;

const app = express();
app.post('/orders/:id', (request, response) => {
  appendFileSync(orders, `${request.params.id}\n`);
  if (Math.random() < LOST_ANSWERS) {
    request.socket.resetAndDestroy();
    return;
  }
  // As behind most load balancers: nobody tells the client when an idle connection will be closed.
  response.set('Connection', 'keep-alive');
  setTimeout(() => response.json({ taken: true }), ANSWER_MS);
});

const listener = app as unknown as RequestListener;
const server: Server = guarded
  ? serve(createServer(listener), { onNotice: () => {}, drain: { grace: '3s' } })
  : createServer(listener);
server.keepAliveTimeout = KEEP_ALIVE_MS;
process.on('message', (_message, handle) => {
  server.listen(handle as never, () => process.send!('listening'));
});
// The shop goes when it is told to, not when the demo's channel closes before.
process.on('disconnect', () => {});
