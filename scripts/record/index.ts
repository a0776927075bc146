import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Lab } from './lab.ts';
import { writeIndex, writeNote } from './note.ts';
import { toPcapng } from './pcapng.ts';
import { hireJanitor, sweep } from './spaces.ts';
import { stories } from './stories/index.ts';
import type { Story, Take } from './story.ts';

const directory = fileURLToPath(new URL('../../test/captures/', import.meta.url));
const attempts = 3;

process.on('exit', () => {
  for (const lab of Lab.all) lab.close();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

const wanted = process.argv.slice(2);
const chosen = wanted.length === 0 ? stories : stories.filter(({ name }) => wanted.includes(name));
const unknown = wanted.filter((name) => !stories.some((story) => story.name === name));
if (unknown.length > 0) {
  console.error(`no such story: ${unknown.join(', ')}\nknown: ${stories.map(({ name }) => name).join(' ')}`);
  process.exit(2);
}
if (process.getuid?.() !== 0) {
  console.error('recording needs root: it makes network namespaces');
  process.exit(2);
}
sweep();
hireJanitor();
mkdirSync(directory, { recursive: true });
let failed = 0;
for (const story of chosen) {
  const trouble = await record(story);
  if (trouble !== undefined) failed += 1;
  console.log(trouble === undefined ? `ok   ${story.name}` : `FAIL ${story.name}: ${trouble}`);
}
writeIndex(directory);
process.exitCode = failed > 0 ? 1 : 0;

/** A race that did not come out as planned is run again; what is kept has passed its check. */
async function record(story: Story): Promise<string | undefined> {
  let trouble: string | undefined;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const labs: Lab[] = [];
    try {
      const takes = await story.record(async (options) => {
        const lab = await Lab.open(options);
        labs.push(lab);
        return lab;
      });
      for (const take of takes) await take.capture.stop();
      const said = labs.flatMap((lab) => lab.resetReasons());
      trouble = takes.map((take) => missing(take, said)).find((found) => found !== undefined);
      if (trouble === undefined) {
        for (const take of takes) keep(take, said);
        return undefined;
      }
    } catch (error) {
      trouble = error instanceof Error ? (error.stack ?? error.message) : String(error);
    } finally {
      for (const lab of labs) lab.close();
    }
    if (attempt < attempts) console.log(`     ${story.name}, attempt ${attempt}: ${trouble?.split('\n')[0]}`);
  }
  return trouble;
}

function missing(take: Take, said: string[]): string | undefined {
  const lines = take.capture.read();
  let at = 0;
  for (const pattern of take.shows) {
    const found = lines.findIndex((line, index) => index >= at && pattern.test(line));
    if (found < 0) return `${take.name}: no ${pattern} after packet ${at}\n${brief(lines)}`;
    at = found + 1;
  }
  const unwanted = lines.find((line) => take.lacks?.some((pattern) => pattern.test(line)));
  if (unwanted !== undefined) return `${take.name}: unwanted ${unwanted}\n${brief(lines)}`;
  const reason = take.reasons?.find((pattern) => !said.some((line) => pattern.test(line)));
  if (said.length > 0 && reason !== undefined)
    return `${take.name}: no reason ${reason} in ${said.join('; ')}`;
  return undefined;
}

function keep(take: Take, said: string[]): void {
  const file = `${take.name}.${take.pcapng === true ? 'pcapng' : 'pcap'}`;
  rmSync(join(directory, `${take.name}.pcap`), { force: true });
  if (take.pcapng === true) {
    writeFileSync(
      join(directory, file),
      toPcapng(readFileSync(take.capture.file), `whyreset recording ${take.name}`),
    );
  } else {
    copyFileSync(take.capture.file, join(directory, file));
  }
  const lines = take.capture.read();
  // The trace sees the whole machine: keep what this file's own end points did.
  const plain = said.map((line) => line.replace(/\[::ffff:([\d.]+)\]/g, '$1'));
  const own = plain.filter((line) => {
    const [source = '', , destination = ''] = line.split(' ');
    const dotted = (end: string) => end.replace(/[[\]]/g, '').replace(/:(\d+)$/, '.$1');
    const listener = /^(0\.0\.0\.0|\[::\]):0$/.test(destination);
    return lines.some(
      (shown) => shown.includes(dotted(source)) && (listener || shown.includes(dotted(destination))),
    );
  });
  writeNote(directory, take, file, own.slice(0, 12));
}

function brief(lines: string[]): string {
  return lines
    .slice(-7)
    .map((line) => `       ${line.replace(/\(tos.*?\) /, '').slice(0, 130)}`)
    .join('\n');
}
