/** Builds the page: one HTML file with everything in it, which opens from a disk and asks nothing of a network. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const web = join(root, 'packages/whyreset/web/src');

const COMMON: BuildOptions = {
  bundle: true,
  write: false,
  minify: true,
  target: ['chrome111', 'firefox115', 'safari16.4'],
  alias: { '@whyreset/guard/timeouts': join(root, 'packages/guard/src/known-timeouts.ts') },
  legalComments: 'none',
  logLevel: 'warning',
};

async function bundle(entry: string, more: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: [join(web, entry)],
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    ...more,
  });
  return outputFiles![0]!.text;
}

/** No string in a script may end its element (HTML, "restrictions for contents of script elements"). */
const inElement = (script: string) =>
  script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

interface PageParts {
  script: string;
  style: string;
  /** Further directives of the policy. */
  policy?: readonly string[];
  /** Further elements of the head. */
  head?: string;
  /** Elements before the script. */
  data?: string;
}

/**
 * Only what was built here runs: scripts and styles are allowed by their hash, nothing else is loaded from anywhere.
 * An end tag in a string of the script would end the element.
 */
function page({ script, style, policy: more = [], head = '', data = '' }: PageParts): string {
  const safe = inElement(script);
  const policy = [
    "default-src 'none'",
    `script-src ${hash(safe)}`,
    `style-src ${hash(style)}`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
    ...more,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>whyreset</title>
<style>${style}</style>
${head}</head>
<body>
<div id="app"></div>
${data}<script>${safe}</script>
</body>
</html>
`;
}

const style = async () => {
  const { outputFiles } = await build({ ...COMMON, entryPoints: [join(web, 'page.css')] });
  return outputFiles![0]!.text;
};

/** Captures that the page offers for a first look: the story of each, and its files in test/captures. */
const EXAMPLES: readonly { title: string; text: string; files: readonly string[] }[] = [
  {
    title: 'Keep-alive race',
    text: 'A server closes idle connections after 0.3 s; 36 of 37 are lost.',
    files: ['keepalive-race-100-posts.pcap'],
  },
  {
    title: 'The same moment from both ends',
    text: 'A box on the path made the RST: only the client has it.',
    files: ['injected-both-ends-client.pcap', 'injected-both-ends-server.pcap'],
  },
  {
    title: 'A NAT forgot the connection',
    text: 'The first packet after a silence is answered with a RST.',
    files: ['nat-idle-reject-client.pcap'],
  },
  {
    title: 'An upload that was too large',
    text: 'nginx answers 413 and does not read the rest.',
    files: ['early-413-nginx.pcap'],
  },
  {
    title: 'The process was killed',
    text: 'Requests were under way when the server ended.',
    files: ['process-killed-unread.pcap'],
  },
  { title: 'Nothing is wrong', text: 'A healthy capture, for comparison.', files: ['healthy.pcapng'] },
];

function examples(): string {
  const captures = join(root, 'test/captures');
  return JSON.stringify(
    EXAMPLES.map(({ title, text, files }) => ({
      title,
      text,
      files: files.map((name) => ({
        name,
        gzip: gzipSync(readFileSync(join(captures, name)), { level: 9 }).toString('base64'),
      })),
    })),
  );
}

const MANIFEST = {
  name: 'whyreset',
  short_name: 'whyreset',
  start_url: './index.html',
  display: 'standalone',
  background_color: '#fafaf8',
  theme_color: '#fafaf8',
  icons: [{ src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' }],
};

/** Two lines and a packet that does not arrive. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#15191f"/><path d="M16 12v40M48 12v40" stroke="#7aaeff" stroke-width="4" stroke-linecap="round"/><path d="M44 24L22 38m8-9l-8 9 11 1" fill="none" stroke="#ff7479" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/></svg>
`;

/** Keeps the page for the time without a network; a new build has a new name, and the old one is dropped. */
const serviceWorker = (build: string) => `const NAME = 'whyreset-${build}';
const FILES = ['./', './index.html', './icon.svg', './manifest.webmanifest'];
self.addEventListener('install', (event) => event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)))).then(() => self.clients.claim())));
self.addEventListener('fetch', (event) => event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request))));
`;

/**
 * Writes `report.html`, into which `diagnose --format html` puts a result, and
 * `index.html`, the page that analyses captures itself, with what makes it
 * installable.
 *
 * @returns the style sheet, which the documents share
 */
export async function buildPage(target: string): Promise<string> {
  mkdirSync(target, { recursive: true });
  const [report, analyser, worker, css] = await Promise.all([
    bundle('report.tsx'),
    bundle('analyser.tsx', { define: { EXAMPLES: examples() } }),
    bundle('worker.ts'),
    style(),
  ]);
  const put = (name: string, text: string) => writeFileSync(join(target, name), text);
  put('report.html', page({ script: report, style: css, data: '<!--whyreset-data-->\n' }));
  const index = page({
    script: analyser,
    style: css,
    policy: ["worker-src blob: 'self'", "manifest-src 'self'", "connect-src 'self'"],
    head: '<link rel="manifest" href="manifest.webmanifest">\n<link rel="icon" href="icon.svg">\n',
    data: `<script type="text/plain" id="whyreset-worker">${inElement(worker)}</script>\n`,
  });
  put('index.html', index.replace('img-src data: blob:', "img-src 'self' data: blob:"));
  put('manifest.webmanifest', JSON.stringify(MANIFEST));
  put('icon.svg', ICON);
  put('sw.js', serviceWorker(createHash('sha256').update(index).digest('hex').slice(0, 12)));
  return css;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = join(root, 'packages/whyreset/dist/page');
  await buildPage(target);
  for (const name of ['report.html', 'index.html'])
    process.stdout.write(`${name}: ${readFileSync(join(target, name)).length} bytes\n`);
}
