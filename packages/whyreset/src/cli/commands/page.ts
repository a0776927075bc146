import { createServer } from 'node:http';
import { OK, UsageError } from '../exit.ts';
import { openOnDesktop } from '../open-file.ts';
import { readPageFile } from '../page-file.ts';

export interface PageCommandOptions {
  port: number;
  open: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'sw.js': 'text/javascript; charset=utf-8',
  'manifest.webmanifest': 'application/manifest+json',
  'icon.svg': 'image/svg+xml',
};

/** Serves the page on loopback until Ctrl-C: a page of a web server can be installed, one of a disk cannot. */
export async function pageCommand({ port, open }: PageCommandOptions): Promise<number> {
  const files = new Map(Object.keys(TYPES).map((name) => [name, readPageFile(name)]));
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').replace(/[?#].*$/, '').slice(1) || 'index.html';
    const body = files.get(name);
    if (body === undefined || request.method !== 'GET') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[name]!, 'cache-control': 'no-cache' }).end(body);
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      failed(
        error.code === 'EADDRINUSE'
          ? new UsageError(
              `Port ${port} is in use: choose another with --port, or leave --port out for a free one.`,
            )
          : error,
      );
    });
    server.listen(port, '127.0.0.1', listening);
  });
  const address = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
  process.stdout.write(`${address}\n`);
  if (open && !(await openOnDesktop(address)))
    process.stderr.write(`whyreset: no browser was found; open ${address}\n`);
  await new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
  });
  server.closeAllConnections();
  server.close();
  return OK;
}
