/** A server whose handler takes 10 ms, stopped in one of several ways when it is told to. Options as JSON: { host, way }. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@whyreset/guard/server';

export type StopWay =
  | 'serve().drain()'
  | 'server.close()'
  | 'close() + closeAllConnections()'
  | 'process.exit()';

export interface DrainServerOptions {
  host: string;
  way: StopWay;
  /** What a request takes, ms. */
  handlerMs: number;
}

const { host, way, handlerMs } = JSON.parse(process.argv[2]!) as DrainServerOptions;
const plain = http.createServer((request, response) => {
  request.resume();
  request.on('end', () => setTimeout(() => response.end('done'), handlerMs));
});
const drain =
  way === 'serve().drain()' ? serve(plain, { signals: [], onNotice: () => {} }).drain : async () => stop();

function stop(): Promise<void> | undefined {
  if (way === 'process.exit()') process.exit();
  const closed = new Promise<void>((done) => plain.close(() => done()));
  if (way === 'close() + closeAllConnections()') plain.closeAllConnections();
  return closed;
}

process.on('message', async () => {
  const began = performance.now();
  await drain();
  // The bench may have lost its patience, and gone.
  if (process.connected) process.send!({ ms: performance.now() - began });
});
process.on('disconnect', () => process.exit());
plain.listen({ port: 0, host, backlog: 1024 }, () =>
  process.send!({ port: (plain.address() as AddressInfo).port }),
);
