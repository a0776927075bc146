/** The first example of each cause as a picture: the ladder of the page, drawn without a browser. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { causes } from '../packages/whyreset/src/causes/index.ts';
import { diagnose } from '../packages/whyreset/src/index.ts';
import type { Example } from '../packages/whyreset/src/verdict/result.ts';
import { timelineToPcap } from '../test/helpers/timeline.ts';

const source = (path: string) =>
  fileURLToPath(new URL(`../packages/whyreset/web/src/${path}`, import.meta.url));

/** HTML by id of the cause; a cause whose example shows no ladder has none. */
export async function exampleLadders(): Promise<Map<string, string>> {
  const draw = await loadDrawing();
  const pictures = new Map<string, string>();
  for (const { id, examples } of causes) {
    const [first] = examples.match;
    if (first === undefined) continue;
    const { findings } = diagnose(timelineToPcap(first));
    const example = findings.find(({ members }) => members.some(({ cause }) => cause === id))?.examples[0];
    if (example === undefined) continue;
    pictures.set(
      id,
      `<figure class="example ladder">${draw(example)}<figcaption>An example of it, written by hand: ${example.entry.statement ?? ''}.</figcaption></figure>`,
    );
  }
  return pictures;
}

/** The parts of the page are TSX for a browser: bundled for Node here. */
async function loadDrawing(): Promise<(example: Example) => string> {
  const { outputFiles } = await build({
    entryPoints: [source('static-ladder.tsx')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  const address = `data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString('base64')}`;
  return ((await import(address)) as { drawLadder: (example: Example) => string }).drawLadder;
}
