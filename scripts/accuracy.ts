/**
 * The closed loop as a document: performs every scenario of the lab, diagnoses
 * it from each vantage and writes docs/accuracy.md. With `--check` it writes
 * nothing and fails where a diagnosis is wrong, or worse than the document says.
 * `--runs N` performs all N times and takes the worst grade of each;
 * `--only A,B` performs these. Rows of what was not performed (its program is not installed) stay as they are.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Grade, VANTAGES, type VantageName } from '../packages/whyreset/src/lab/check.ts';
import { scenarios } from '../packages/whyreset/src/lab/scenarios/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const path = join(root, 'docs/accuracy.md');
const command = join(root, 'packages/whyreset/bin/whyreset.js');
const ORDER: readonly Grade[] = ['right', 'allowed', 'listed', 'wrong'];
/** A row of the table of captures at a router. */
const ROUTER_ROW = /^\| `([^`]+)` \| (\w+) \|$/gm;
const worse = (a: Grade, b: Grade) => ORDER.indexOf(a) > ORDER.indexOf(b);

/** `router` only where a scenario records there. */
type Cells = Record<(typeof VANTAGES)[number], Grade> & { router?: Grade };

const after = (option: string): string | undefined => {
  const at = process.argv.indexOf(option);
  return at < 0 ? undefined : process.argv[at + 1];
};
const only = after('--only')?.split(',');

/** Scenario and vantage at which another family than the true one was named in any run. */
const otherFamily = new Set<string>();

/** One performance of everything asked for; scenarios whose programs are not installed are missing in it. */
function perform(ids: readonly string[] = only ?? ['all']): Map<string, Cells> {
  const directory = mkdtempSync(join(tmpdir(), 'whyreset-accuracy-'));
  try {
    const ran = spawnSync(process.execPath, [command, 'lab', ...ids, '--check', '--record', directory], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (ran.status === 2) throw new Error('the lab could not be performed');
    const found = new Map<string, Cells>();
    for (const id of readdirSync(directory)) {
      const { diagnoses } = JSON.parse(readFileSync(join(directory, id, 'truth.json'), 'utf8')) as {
        diagnoses: { vantage: VantageName; grade: Grade; family: boolean }[];
      };
      for (const { vantage, family } of diagnoses) if (!family) otherFamily.add(`${id} ${vantage}`);
      found.set(id, Object.fromEntries(diagnoses.map(({ vantage, grade }) => [vantage, grade])) as Cells);
    }
    if (found.size === 0) throw new Error('nothing was performed');
    return found;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const vantagesOf = ({ router }: Cells): VantageName[] => [
  ...VANTAGES,
  ...(router === undefined ? [] : (['router'] as const)),
];

function worst(a: Cells, b: Cells): Cells {
  const of = (v: VantageName) => (worse(a[v]!, b[v]!) ? a[v] : b[v]);
  return Object.fromEntries(vantagesOf(a).map((v) => [v, of(v)])) as Cells;
}

const document = () => (existsSync(path) ? readFileSync(path, 'utf8') : '');

function documented(): Map<string, Cells> {
  const text = document();
  const rows = text.matchAll(/^\| `([^`]+)` \|[^|]*\| (\w+) \| (\w+) \| (\w+) \| (\w+) \|$/gm);
  const routers = new Map([...text.matchAll(ROUTER_ROW)].map(([, id, grade]) => [id!, grade as Grade]));
  return new Map(
    [...rows].map(([, id, ...cells]) => {
      const router = routers.get(id!);
      const ends = Object.fromEntries(VANTAGES.map((v, i) => [v, cells[i]])) as Cells;
      return [id!, { ...ends, ...(router && { router }) }];
    }),
  );
}

/** `scenario vantage` of the document's list of other families. */
function documentedOtherFamily(): string[] {
  const line = /^Another family leads: (.*)\.$/m.exec(document())?.[1] ?? '';
  return [...line.matchAll(/`([^`]+)` \(([\w, ]+)\)/g)].flatMap(([, id, vantages]) =>
    vantages!.split(', ').map((vantage) => `${id} ${vantage}`),
  );
}

/** The measured rows, and of scenarios that were not performed those that the document has. */
function merged(measured: Map<string, Cells>): Map<string, Cells> {
  for (const each of documentedOtherFamily()) if (!measured.has(each.split(' ')[0]!)) otherFamily.add(each);
  return new Map([...documented(), ...measured]);
}

function otherFamilies(ids: readonly string[]): string {
  const lines = ids.flatMap((id) => {
    const vantages = VANTAGES.filter((v) => otherFamily.has(`${id} ${v}`));
    return vantages.length > 0 ? [`\`${id}\` (${vantages.join(', ')})`] : [];
  });
  return lines.length > 0
    ? `Another family leads: ${lines.join('; ')}.`
    : 'The true family leads everywhere.';
}

function page(found: Map<string, Cells>): string {
  const rows = scenarios
    .filter(({ id }) => found.has(id))
    .map(({ id, expect: { truth } }) => {
      const cells = found.get(id)!;
      const cause = truth.both.causes[0] ?? truth.server.causes[0] ?? truth.client.causes[0];
      const named = cause === undefined ? 'nothing is wrong' : `[\`${cause}\`](causes/${cause}.md)`;
      return `| \`${id}\` | ${named} | ${VANTAGES.map((v) => cells[v]).join(' | ')} |`;
    });
  const routers = [...found].flatMap(([id, { router }]) =>
    router === undefined ? [] : [`| \`${id}\` | ${router} |`],
  );
  const count = (vantage: VantageName, grade: Grade) =>
    [...found.values()].filter((cells) => cells[vantage] === grade).length;
  const sums = VANTAGES.map(
    (v) =>
      `| ${NAMES[v]} | ${(['right', 'allowed', 'listed', 'quiet', 'wrong'] as const).map((g) => count(v, g)).join(' | ')} | ${[...found.keys()].filter((id) => !otherFamily.has(`${id} ${v}`)).length} of ${found.size} |`,
  );
  return `# How often the diagnosis is right

Generated by \`npm run accuracy\` (Linux ${release().split('-')[0]}): every scenario of the lab is performed for real, recorded at both ends, and diagnosed from the client's capture alone, from the server's alone, from both, and from both with the kernels' trace lines and counters (\`--trace\`, \`--counters\`). \`npm run accuracy -- --check\` performs all of it again and fails where a diagnosis is wrong or worse than this page.

- **right**: the true cause is named.
- **allowed**: the packets at that vantage allow another cause as well, and that one is named, as \`possible\` or with the true one beside it.
- **listed**: no cause is called more than \`possible\`, and the true one is among those listed, with the item that would decide.
- **quiet**: that vantage shows no trouble, and none is reported.
- **wrong**: another cause is called likely or proven, the sender is not the sender, or the true cause is not named. A reset of an endpoint that is blamed on a box between is always wrong.
- **family right**: the family of the true cause leads the report, with its statement and its advice.

| from | right | allowed | listed | quiet | wrong | family right |
|---|---|---|---|---|---|---|
${sums.join('\n')}

${otherFamilies([...found.keys()])}

| scenario | truth | client | server | both | both and kernel |
|---|---|---|---|---|---|
${rows.join('\n')}

${UNDECIDED}

Some are recorded on the router too, all its interfaces in one capture (as \`tcpdump -i any\` does), so that what it forwards or translates stands there twice:

| scenario | the router’s capture |
|---|---|
${routers.join('\n')}
`;
}

/** What the packets at one end do not tell, so that the same words are right in one scenario and merely allowed in another. */
const UNDECIDED = `## What one capture does not tell

Where a cell says *allowed*, another scenario of the lab leaves the same packets, so that naming its cause surer would be wrong there:

- *A program that sets SO_LINGER to 0* (\`rst-abortive\`, \`linger-after-read\`, \`textbook-tells-apart-*\`) *and one that leaves bytes unread* (\`rst-unread\`): one RST each, with the window as it was. The second is more usual and stands first, as \`possible\`. With more than a few kilobytes unread the window tells; the counters TCPAbortOnClose and TCPAbortOnData always do.
- *A kill from outside* (\`admin-kill\`) right behind an answer and *an abort of the program* (\`server-reset-after-response\`): the kernel’s trace tells. With bytes unread and the port still accepting, the window tells it from the end of a listener (\`ssk-unread\`, \`queued-killed-large\`).
- *A close at accept*: a limit, an access list, no descriptor, no healthy target (\`client-not-allowed\`, \`emfile-node\`, \`max-connections\`). Only words or the server’s log tell.
- *A rule that was loaded in a pause* (\`rule-inserted-in-pause\`) and *a translation that expired* (\`nat-idle-any\`): the next attempt tells, where the capture holds one.
- *A filter on the server’s own host* (\`fw-reject-local\`) and *a closed port* (\`refused\`): the counter OutRsts tells.
- *A close that was forgotten after tcp_fin_timeout* (\`fin-wait-expiry\`) is proven as a write after a close; the timer that ran out in between is the host’s own.
- *A host that lost the connection* (\`half-open\`, \`anycast-failover\`) and *a FIN that was lost* (\`keepalive-race-fin-lost\`): the silence decides the order. No idle timeout is shorter than a second, and no host restarts within 30.
- Behind a proxy (\`nginx-hides-reset\`, \`haproxy-upstream-race\` …) the client’s capture holds a 502, or nothing.`;

const NAMES: Record<(typeof VANTAGES)[number], string> = {
  client: 'the client’s capture',
  server: 'the server’s capture',
  both: 'both',
  kernel: 'both, with the kernel’s own records',
};

/** What is wrong, or worse than the page says, by scenario. */
function complaintsAbout(performed: ReadonlyMap<string, Cells>): Map<string, string[]> {
  const before = documented();
  const complaints = new Map<string, string[]>();
  for (const [id, cells] of performed) {
    const lines = vantagesOf(cells).flatMap((v) => {
      const was = before.get(id)?.[v];
      if (was === undefined) return [`${id} is not in docs/accuracy.md: run npm run accuracy`];
      const is = cells[v]!;
      return is === 'wrong' || worse(is, was)
        ? [`${id}, ${v}: ${is}, where docs/accuracy.md says ${was}`]
        : [];
    });
    if (lines.length > 0) complaints.set(id, [...new Set(lines)]);
  }
  return complaints;
}

const runs = Number(after('--runs')) || 1;
let found = perform();
for (let run = 1; run < runs; run++) {
  const again = perform();
  found = new Map(
    [...found].map(([id, cells]) => [id, again.has(id) ? worst(cells, again.get(id)!) : cells]),
  );
}
if (process.argv.includes('--check')) {
  const complaints = complaintsAbout(found);
  // A busy machine can bend one run: what came out worse is performed once more, and only that counts.
  const doubtful = [...complaints.keys()].filter((id) => documented().has(id));
  const repeated = doubtful.length === 0 ? complaints : complaintsAbout(perform(doubtful));
  const unknown = [...complaints].filter(([id]) => !doubtful.includes(id));
  const lines = [...unknown, ...repeated].flatMap(([, each]) => each);
  for (const line of new Set(lines)) console.error(line);
  process.exitCode = lines.length > 0 ? 1 : 0;
} else writeFileSync(path, page(merged(found)));
