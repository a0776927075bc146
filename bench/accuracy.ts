/**
 * What tshark, Zeek's connection states and whyreset say of the same captures:
 * performs the lab (or takes the records of `whyreset lab all --record DIR`)
 * and writes bench/accuracy.md.
 *
 *     npm run bench:accuracy [-- --from DIR]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diagnose, type ResetEntry } from '../packages/whyreset/src/index.ts';
import type { Truth } from '../packages/whyreset/src/lab/scenario.ts';
import { scenarios } from '../packages/whyreset/src/lab/scenarios/index.ts';
import { installed } from '../packages/whyreset/src/lab/tool.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = join(root, 'packages/whyreset/bin/whyreset.js');

const SENDERS = {
  client: 'originator',
  server: 'responder',
  router: 'middlebox',
  standby: 'responder',
} as const;

interface Row {
  id: string;
  truth: string;
  tshark: string;
  zeek: string;
  whyreset: string;
  /** Names the sender rightly: as a side, or as a box between. */
  sender: { tshark: boolean; zeek: boolean; whyreset: boolean } | null;
  cause: boolean;
  /** Undetermined, with the true cause among those listed. */
  listed: boolean;
  fix: boolean;
}

/** Expert messages of the frames with a RST, and whose address the first of them carries. */
function tshark(file: string): { says: string; from: string | null } {
  const fields = ['-T', 'fields', '-e', 'ip.src', '-e', '_ws.expert.message', '-E', 'separator=|'];
  const out = execFileSync('tshark', ['-r', file, '-Y', 'tcp.flags.reset == 1', ...fields], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = out.trim().split('\n').filter(Boolean);
  const says = [...new Set(lines.map((line) => line.split('|')[1] ?? ''))].join('; ');
  return { says: says === '' ? 'nothing' : says, from: lines[0]?.split('|')[0] ?? null };
}

/** Zeek's conn_state as `whyreset connections` gives it; no Zeek was at hand to run. */
function zeekStates(file: string): string[] {
  const out = execFileSync(process.execPath, [command, 'connections', file, '--format', 'ndjson'], {
    encoding: 'utf8',
  });
  return out
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { state: string }).state);
}

const ZEEK_SIDE: Record<string, string> = {
  RSTO: 'originator',
  RSTR: 'responder',
  REJ: 'responder',
  RSTOS0: 'originator',
  RSTRH: 'responder',
};

function best(entries: readonly ResetEntry[], { causes }: Truth): ResetEntry | null {
  const rank = ({ verdict, alternatives }: ResetEntry) =>
    verdict.cause === causes[0] ? 2 : alternatives.some(({ cause }) => cause === causes[0]) ? 1 : 0;
  return [...entries].sort((a, b) => rank(b) - rank(a))[0] ?? null;
}

function row(directory: string, id: string): Row | null {
  const scenario = scenarios.find((each) => each.id === id);
  if (scenario === undefined) return null;
  const { truth, resetBy } = scenario.expect;
  const file = join(directory, id, 'client.pcapng');
  const shark = tshark(file);
  const states = [...new Set(zeekStates(file))];
  const { addresses } = JSON.parse(readFileSync(join(directory, id, 'truth.json'), 'utf8')) as {
    addresses: Record<string, string>;
  };
  const result = diagnose(readFileSync(file));
  const entry = best(result.resets, truth.client);
  const verdict = entry?.verdict;
  const said =
    verdict === undefined
      ? 'nothing to report'
      : verdict.cause === null
        ? `undetermined: ${entry!.alternatives.map(({ cause }) => cause).join(' or ')}`
        : `${verdict.cause} (${verdict.certainty})`;
  const wanted = truth.client.sender === null ? null : SENDERS[truth.client.sender];
  const seen = shark.from !== null && wanted !== null && entry?.reset === true;
  const byAddress = shark.from === addresses.client ? 'originator' : 'responder';
  return {
    id,
    truth: truth.client.causes[0] ?? 'nothing at this end',
    tshark: shark.says,
    zeek: states.join(' '),
    whyreset: said,
    sender: seen
      ? {
          tshark: resetBy !== 'router' && byAddress === wanted,
          zeek: states.some((state) => ZEEK_SIDE[state] === wanted),
          whyreset: verdict?.sender === wanted,
        }
      : null,
    cause: verdict?.cause === truth.client.causes[0],
    listed: entry?.alternatives.some(({ cause }) => cause === truth.client.causes[0]) === true,
    fix: result.findings.some(({ advice }) => advice.length > 0),
  };
}

function page(rows: readonly Row[]): string {
  const sent = rows.flatMap(({ sender }) => (sender === null ? [] : [sender]));
  const troubled = rows.filter(({ truth }) => truth !== 'nothing at this end');
  const of = (count: number, all: number) => `${count} of ${all}`;
  const count = (tool: 'tshark' | 'zeek' | 'whyreset') =>
    of(sent.filter((each) => each[tool]).length, sent.length);
  const version =
    /\d+\.\d+\.\d+/.exec(execFileSync('tshark', ['--version'], { encoding: 'utf8' }))?.[0] ?? '';
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return `# The same captures, three tools

Generated by \`npm run bench:accuracy\`: every scenario of the lab, performed and recorded, and then read **from the client's capture alone**, as most people have it.

- tshark ${version}: what its expert information says of the frames with RST; the sender is the address they carry.
- Zeek's \`conn_state\`, as \`whyreset connections\` computes it by Zeek's rules. No Zeek was at hand to run here; a state names a side, never a box.
- whyreset \`diagnose\`.

| | tshark | Zeek's conn_state | whyreset |
|---|---|---|---|
| names the right sender of the RST (side, or a box between), where that can be decided | ${count('tshark')} | ${count('zeek')} | ${count('whyreset')} |
| names the true cause (certain or possible) | 0 of ${troubled.length} | 0 of ${troubled.length} | ${of(troubled.filter(({ cause }) => cause).length, troubled.length)} |
| names it, or lists it among those the packets allow | 0 of ${troubled.length} | 0 of ${troubled.length} | ${of(troubled.filter(({ cause, listed }) => cause || listed).length, troubled.length)} |
| says what to change | 0 of ${troubled.length} | 0 of ${troubled.length} | ${of(troubled.filter(({ fix }) => fix).length, troubled.length)} |

| scenario | truth | tshark | conn_state | whyreset |
|---|---|---|---|---|
${rows.map((r) => `| ${r.id} | ${r.truth} | ${cell(r.tshark)} | ${r.zeek} | ${r.whyreset} |`).join('\n')}
`;
}

if (!installed('tshark')) throw new Error('bench:accuracy compares with tshark: apt-get install tshark');
const at = process.argv.indexOf('--from');
const given = at > 0 ? process.argv[at + 1] : undefined;
const directory = given ?? mkdtempSync(join(tmpdir(), 'whyreset-bench-'));
try {
  if (given === undefined)
    spawnSync(process.execPath, [command, 'lab', 'all', '--check', '--record', directory], {
      stdio: 'inherit',
    });
  const rows = readdirSync(directory)
    .sort()
    .filter((id) => existsSync(join(directory, id, 'client.pcapng')))
    .flatMap((id) => row(directory, id) ?? []);
  writeFileSync(join(root, 'bench/accuracy.md'), page(rows));
} finally {
  if (given === undefined) rmSync(directory, { recursive: true, force: true });
}
