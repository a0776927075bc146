/** Serves the page and its stories on loopback, built anew for each request: `npm run page:dev`. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { storyNames, storyPage } from '../test/web/stories.ts';
import { buildPage } from './build-page.ts';

const target = fileURLToPath(new URL('../packages/whyreset/dist/page', import.meta.url));
const list = () =>
  `<!doctype html><title>Stories</title><ul><li><a href="/page/index.html">the analyser</a></li>${storyNames
    .map((name) => `<li><a href="/story/${name}">${name}</a></li>`)
    .join('')}</ul>`;

const TYPES: Record<string, string> = {
  html: 'text/html',
  js: 'text/javascript',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
};

const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  try {
    await buildPage(target);
    const story = /^\/story\/([a-z-]+)$/.exec(path)?.[1];
    const file = /^\/page\/([a-z.]+)$/.exec(path)?.[1];
    const type = TYPES[file?.split('.').at(-1) ?? 'html'] ?? 'text/plain';
    const body =
      story !== undefined
        ? storyPage(story, readFileSync(join(target, 'report.html'), 'utf8'))
        : file !== undefined
          ? readFileSync(join(target, file), 'utf8')
          : list();
    response.writeHead(200, { 'content-type': type }).end(body);
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
  }
});
server.listen(Number(process.env.PORT ?? 5173), '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`http://127.0.0.1:${port}/\n`);
});
