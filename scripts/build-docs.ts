/**
 * Builds the documents as a site of static files in dist-docs/: `npm run docs`. Each Markdown file of the list becomes a
 * page under the same path; links between them are followed, and one that leads nowhere ends the build.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';
import { gfmHeadingId } from 'marked-gfm-heading-id';
import { buildPage } from './build-page.ts';
import { exampleLadders } from './example-ladders.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'dist-docs');
const REPOSITORY = 'https://github.com/whyreset/whyreset/blob/main';

const pagesIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);

/** The guide is the front page. */
const FRONT = 'docs/guide.md';
const NAVIGATION: readonly [title: string, path: string][] = [
  ['I see ECONNRESET', FRONT],
  ['Commands', 'docs/commands.md'],
  ['Audit', 'docs/audit.md'],
  ['Causes', 'docs/causes/README.md'],
  ['Library', 'docs/library.md'],
  ['JSON result', 'docs/result.md'],
  ['Guard for Node', 'packages/guard/README.md'],
  ['Lab', 'docs/lab.md'],
  ['Accuracy', 'docs/accuracy.md'],
  ['Architecture', 'docs/architecture.md'],
];
const PAGES = [
  ...new Set([
    ...NAVIGATION.map(([, path]) => path),
    ...pagesIn('docs'),
    ...pagesIn('docs/causes'),
    ...pagesIn('docs/decisions'),
    'bench/README.md',
    'bench/accuracy.md',
    'bench/guard/README.md',
    'CONTRIBUTING.md',
  ]),
];

/** Where a page of the repository stands in the site. */
function addressOf(path: string): string {
  if (path === FRONT) return 'index.html';
  return path.replace(/(^|\/)README\.md$/, '$1index.html').replace(/\.md$/, '.html');
}

const dead: string[] = [];

/** A link of a page as the site has it: to another page, to a file that is copied, else to the repository. */
function linked(from: string, link: string): string {
  if (/^(?:[a-z]+:|#)/.test(link)) return link;
  const [file, anchor] = link.split('#') as [string, string?];
  const target = posix.normalize(posix.join(posix.dirname(from), file));
  const behind = anchor === undefined ? '' : `#${anchor}`;
  if (!existsSync(join(root, target))) dead.push(`${from}: ${link}`);
  if (!PAGES.includes(target)) return `${REPOSITORY}/${target}${behind}`;
  return `${relative(dirname(addressOf(from)), addressOf(target)) || './'}${behind}`;
}

const STYLE = `body{max-width:1180px;margin:0 auto;padding:0 20px;display:grid;grid-template-columns:190px minmax(0,1fr);gap:40px}
nav{position:sticky;top:0;align-self:start;padding:26px 0;font-size:14px}nav a{display:block;padding:3px 0;color:var(--soft);text-decoration:none}
nav a[aria-current]{color:var(--text);font-weight:600}nav b{display:block;font:600 15px var(--mono);margin-bottom:12px}
article{padding:26px 0 80px;max-width:820px;overflow-wrap:anywhere}article a{color:var(--client)}h1{font-size:28px;margin-bottom:16px}h2{margin:34px 0 10px;font-size:20px}h3{margin:24px 0 8px;font-size:16px}
article p,article ul,article ol,article pre,article table{margin:0 0 14px}article ul,article ol{padding-left:1.4em}article li{margin-bottom:4px}
table{border-collapse:collapse;display:block;overflow-x:auto;font-size:13.5px}td,th{padding:5px 12px 5px 0;border-top:1px solid var(--rule);text-align:left;vertical-align:top}
article svg{max-width:100%;height:auto}figure.example{margin:0 0 26px;padding:14px;border:1px solid var(--rule);border-radius:12px;background:var(--sheet)}figure.example figcaption{font-size:13px;color:var(--soft)}
@media(max-width:760px){body{display:block}nav{position:static}nav a{display:inline-block;margin-right:14px}}`;

function shell(path: string, title: string, content: string, css: string): string {
  const here = addressOf(path);
  const items = NAVIGATION.map(([name, target]) => {
    const href = relative(dirname(here), addressOf(target)) || './';
    return `<a href="${href}"${target === path ? ' aria-current="page"' : ''}>${name}</a>`;
  });
  const analyser = relative(dirname(here), 'page/index.html');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title} · whyreset</title><style>${css}${STYLE}</style></head>
<body><nav aria-label="Documents"><b>whyreset</b>${items.join('')}<a href="${analyser}">Drop a capture</a></nav>
<article>${content}</article></body></html>
`;
}

export async function buildDocs(): Promise<number> {
  rmSync(out, { recursive: true, force: true });
  const css = await buildPage(join(out, 'page'));
  const ladders = await exampleLadders();
  for (const path of PAGES) {
    const source = readFileSync(join(root, path), 'utf8');
    const marked = new Marked(gfmHeadingId(), {
      walkTokens(token) {
        if (token.type === 'link') token.href = linked(path, token.href as string);
        if (token.type === 'image') copyImage(path, token as unknown as { href: string });
      },
    });
    const title = /^# (.*)$/m.exec(source)?.[1]?.replaceAll('`', '') ?? path;
    const cause = /^docs\/causes\/(.*)\.md$/.exec(path)?.[1];
    const picture = cause === undefined ? '' : (ladders.get(cause) ?? '');
    const html = (await marked.parse(source)).replace(/<\/h1>/, `</h1>${picture}`);
    const target = join(out, addressOf(path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, shell(path, title, html, css));
  }
  if (dead.length > 0) throw new Error(`Links that lead nowhere:\n  ${dead.join('\n  ')}`);
  return PAGES.length;
}

function copyImage(from: string, token: { href: string }): void {
  if (/^[a-z]+:/.test(token.href)) return;
  const source = posix.normalize(posix.join(posix.dirname(from), token.href));
  if (!existsSync(join(root, source))) {
    dead.push(`${from}: ${token.href}`);
    return;
  }
  mkdirSync(join(out, dirname(source)), { recursive: true });
  copyFileSync(join(root, source), join(out, source));
  token.href = relative(dirname(addressOf(from)), source);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(`${await buildDocs()} pages in ${relative(process.cwd(), out) || out}\n`);
