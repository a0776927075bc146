import { explainText } from '../explain/explain-text.ts';
import { hanging, page, rule, stack, table } from '../report/layout.ts';
import { type Pen, type PenOptions, penOf } from '../report/pen.ts';
import { renderText } from '../report/text.ts';
import { pad, wrap } from '../report/wrap.ts';
import type { Checked, Grade } from './check.ts';
import { narrate } from './narrate.ts';
import type { Outcome } from './perform.ts';
import type { Run } from './run.ts';
import type { Scenario } from './scenario.ts';
import type { Step } from './steps.ts';

const NEEDS: Record<Scenario['needs'], string> = {
  nothing: 'nothing',
  namespaces: 'user namespace or root',
  root: 'root',
};

/** The catalogue: scenario, what it shows, what it needs. */
export function renderCatalogue(scenarios: readonly Scenario[], options: PenOptions): string {
  const pen = penOf(options);
  const groups = (['nothing', 'namespaces', 'root'] as const).flatMap((needs) => {
    const of = scenarios.filter((scenario) => scenario.needs === needs);
    if (of.length === 0) return [];
    const rows = of.map(({ id, title, tools = {} }) => {
      const packages = Object.values(tools);
      return {
        term: id,
        text: pen.safe(title + (packages.length > 0 ? ` (runs ${packages.join(', ')})` : '')),
      };
    });
    return [
      [
        ...rule(`needs ${NEEDS[needs]}`, `${of.length}`, pen.paint.strong, pen),
        '',
        ...table(rows, pen.width, pen.paint.accent),
      ],
    ];
  });
  const usage = wrap(
    'whyreset lab NAME makes one happen, narrated; --record DIR keeps both captures, the kernel’s trace and counters; whyreset lab all --check diagnoses every one and compares.',
    pen.width,
  );
  return page(stack([...groups, usage.map((line) => pen.paint.dim(pen.safe(line)))]));
}

/** The head of a narrated run. */
export function renderHead({ title, id, shows }: Scenario, options: PenOptions): string {
  const pen = penOf(options);
  return page([
    ...rule(pen.safe(title), id, pen.paint.strong, pen),
    '',
    ...wrap(pen.safe(shows), pen.width),
    '',
  ]);
}

/** One performed step: seconds since the beginning, who does what, and what came of it. */
export function renderStep(step: Step, outcome: Outcome, seconds: number, options: PenOptions): string {
  const pen = penOf(options);
  const text = narrate(step) + (outcome === null ? '' : ` ${pen.glyphs.arrow} ${outcome}`);
  const style = outcome !== null && /E[A-Z]{3,}/.test(outcome) ? pen.paint.bad : undefined;
  return page(hanging(`  ${seconds.toFixed(3).padStart(7)}  `, pen.safe(text), pen.width, style));
}

/** The client's words, what the kernel said, and the diagnosis. */
export function renderRun(
  run: Run,
  checked: readonly Checked[],
  options: PenOptions & { explain: boolean },
): string {
  const pen = penOf(options);
  const both = checked.find(({ vantage }) => vantage === 'kernel');
  const report = both === undefined ? [] : renderText(both.result, options).trimEnd().split('\n');
  return page(stack([wordsLines(run, pen), kernelLines(run, pen), report]));
}

function wordsLines({ words }: Run, pen: Pen): string[] {
  const seen = words.filter(({ host }) => host === 'client');
  if (seen.length === 0) return ['', 'The client sees no error.'];
  const counted = new Map<string, number>();
  for (const { message } of seen) counted.set(message, (counted.get(message) ?? 0) + 1);
  return [
    '',
    ...[...counted].flatMap(([message, count]) => [
      ...hanging(
        'The client sees: ',
        pen.safe(message) + (count > 1 ? ` (${count} times)` : ''),
        pen.width,
        pen.paint.bad,
      ),
      ...explained(message, pen),
    ]),
  ];
}

function explained(message: string, pen: Pen): string[] {
  const explanation = explainText(message);
  if (explanation === null) return [];
  return hanging('                 ', pen.safe(explanation.title), pen.width, pen.paint.dim);
}

function kernelLines({ trace, counters }: Run, pen: Pen): string[] {
  const reasons = (trace ?? [])
    .map((line) => /tcp_send_reset:.*(src=\S+).*(state=\S+).*(reason=\S+)/.exec(line))
    .filter((m) => m !== null);
  const moved = Object.entries(counters).flatMap(([host, changed]) => {
    const telling = Object.entries(changed).filter(([name]) => TELLING.test(name));
    return telling.length === 0
      ? []
      : [`${host}: ${telling.map(([name, by]) => `${name} +${by}`).join(', ')}`];
  });
  return [
    ...(trace === null ? [] : reasons.length === 0 ? ['The kernels sent no RST of their own.'] : []),
    ...reasons.flatMap(([, source, state, reason]) =>
      hanging('The kernel says: ', pen.safe(`${source} ${state} ${reason}`), pen.width),
    ),
    ...moved.flatMap((line) => hanging('Counters moved:  ', pen.safe(line), pen.width, pen.paint.dim)),
  ];
}

/** Counters that tell causes of resets apart. */
export const TELLING =
  /^(TcpOutRsts|TcpEstabResets|TcpAttemptFails|TcpExtTCPAbort\w+|TcpExtListen(Overflows|Drops)|TcpExtEmbryonicRsts|TcpExtTCPChallengeACK|TcpExtTCPSYNChallenge|TcpExtPAWS\w+|TcpExtTCPReqQFull\w+|TcpExtSyncookies\w+|TcpExtTCPKeepAlive)$/;

const MARK: Record<Grade, string> = {
  right: 'right',
  allowed: 'allowed',
  listed: 'listed',
  quiet: 'quiet',
  wrong: 'WRONG',
};

/** What stands above the table of the closed loop: the captures that each diagnosis is made from, and the words of it. */
export function renderCheckHead(options: PenOptions): string {
  const pen = penOf(options);
  const words: readonly [string, string][] = [
    ['right', 'the true cause is named'],
    ['allowed', 'another cause is named that the packets allow as well'],
    ['listed', 'none is named, and the true one is listed'],
    ['quiet', 'that capture shows no trouble, and none is reported'],
    ['WRONG', 'anything else'],
  ];
  const heads = ['client', 'server', 'both', 'kernel'].map((head) => pad(head, 8)).join(' ');
  return page([
    ...words.flatMap(([word, means]) => hanging(`${pad(word, 8)} `, means, pen.width, pen.paint.dim)),
    '',
    pen.paint.strong(`${pad('scenario', 32)} ${heads}`.trimEnd()),
  ]);
}

/** One scenario's line in the table of the closed loop. */
export function renderCheck(
  scenario: Scenario,
  checked: readonly Checked[],
  faults: readonly string[],
  options: PenOptions,
): string {
  const pen = penOf(options);
  const bad = faults.length > 0 || checked.some(({ grade }) => grade === 'wrong');
  const cell = ({ grade }: Checked) => {
    const text = pad(MARK[grade], 8);
    return grade === 'wrong'
      ? pen.paint.bad(text)
      : grade === 'right'
        ? pen.paint.good(text)
        : pen.paint.dim(text);
  };
  const line = `${pad(scenario.id, 32)} ${checked.map(cell).join(' ')}`;
  const details = [
    ...faults.map((fault) => `the run: ${fault}`),
    ...checked.flatMap(({ vantage, wrong, says }) =>
      wrong === null ? [] : [`${vantage}: ${wrong}; it says ${says}`],
    ),
  ];
  return page([
    line,
    ...(bad ? details.flatMap((detail) => hanging('    ', pen.safe(detail), pen.width, pen.paint.warn)) : []),
  ]);
}
