import { useEffect } from 'preact/hooks';
import { millisecondsOf } from '../../../src/report/page-rows.ts';
import type { Finding } from '../../../src/verdict/result.ts';
import type { View } from '../model/state.ts';
import { Bars } from './bars.tsx';
import { Case } from './case.tsx';
import { ConnectionTable } from './connection-table.tsx';
import { extentOf, TimeStrip } from './time-strip.tsx';
import { CertaintyMark, counted, Sentence, spanText, splitHeadline } from './words.tsx';

/** Titles of the causes that the result names; others are shown by id. */
function titlesOf(findings: readonly Finding[]): Map<string, string> {
  return new Map(
    findings.flatMap(({ members }) => members.map(({ cause, title }) => [cause, title] as const)),
  );
}

function Headline({ view }: { view: View }) {
  const { findings, summary, inputs } = view.data;
  const first = findings.find(({ verdict }) => !verdict.benign) ?? findings[0];
  if (first === undefined || first.verdict.benign) {
    const what =
      summary.connections === 0 ? 'This capture holds no TCP connection.' : 'No connection ended in trouble.';
    return (
      <header class="answer">
        <h1>{what}</h1>
        <p class="lede">
          {counted(summary.connections, 'connection')},{' '}
          {summary.benign === 0
            ? 'none with a RST that matters'
            : `${counted(summary.benign, 'harmless ending')}`}
          .{' '}
          {inputs.some(({ warnings }) => warnings.length > 0) && 'The capture has gaps or damage; see below.'}
        </p>
      </header>
    );
  }
  const [sentence, more] = splitHeadline(first.headline);
  // The mark says it already.
  const rest = /^(?:Proven|Likely|Possible)\.$/.test(more) ? '' : more;
  const others = findings.filter(({ verdict }) => !verdict.benign).length - 1;
  return (
    <header class="answer">
      <h1>
        <Sentence text={sentence} finding={first} />
      </h1>
      <p class="lede">
        <CertaintyMark certainty={first.verdict.certainty} />{' '}
        {rest !== '' && <Sentence text={rest} finding={first} />}{' '}
        {others > 0 && `${counted(others, 'more finding')} below.`}
      </p>
    </header>
  );
}

function Totals({ view }: { view: View }) {
  const { summary } = view.data;
  const totals: [number, string, string][] = [
    [summary.connections, 'connections', ''],
    [summary.problems, 'with a problem', summary.problems > 0 ? 'bad' : ''],
    [summary.benign, 'ended harmlessly', ''],
    [summary.undetermined, 'undetermined', ''],
  ];
  return (
    <section class="totals" aria-label="Totals">
      {totals.map(([count, name, kind]) => (
        <p key={name}>
          <b class={kind}>{count.toLocaleString('en')}</b>
          <span>{name}</span>
        </p>
      ))}
      {new Set(view.data.rows.map(({ time }) => Math.floor(time / 100))).size > 1 && (
        <TimeStrip view={view} />
      )}
    </section>
  );
}

function certaintyText({ members, verdict, count }: Finding): string {
  const of = { proven: 0, likely: 0, possible: 0, undetermined: 0 };
  for (const member of members)
    for (const word of Object.keys(of) as (keyof typeof of)[]) of[word] += member.count[word];
  const parts = (Object.keys(of) as (keyof typeof of)[]).filter((word) => of[word] > 0);
  if (parts.length < 2) return count === 1 || parts.length === 0 ? verdict.certainty : `${parts[0]} for all`;
  return parts.map((word) => `${word} for ${of[word]}`).join(', ');
}

function FindingList({ view }: { view: View }) {
  const { findings, rows } = view.data;
  const [from, to] = extentOf(rows.map(({ time }) => time));
  const chosen = view.finding.value;
  return (
    <nav class="findings" aria-label="Findings">
      {findings.map((finding, i) => (
        <button
          type="button"
          key={`${finding.family}${finding.headline}`}
          class="card"
          aria-current={chosen === i ? 'true' : undefined}
          onClick={() => view.go({ finding: i })}
        >
          <b class="count">{finding.count.toLocaleString('en')}</b>
          <strong>{finding.title}</strong>
          <span class="of">
            {finding.verdict.benign ? 'harmless' : certaintyText(finding)} ·{' '}
            <code>{finding.servers[0]?.endpoint ?? finding.clients[0]?.address ?? 'several peers'}</code>
            {finding.servers.length > 1 && ` and ${finding.servers.length - 1} more`}
          </span>
          {finding.count > 1 && (
            <Bars
              times={rows.filter((_, row) => view.findingOfRow[row] === i).map(({ time }) => time)}
              from={from}
              to={to}
              bins={48}
              label={spanText(millisecondsOf(finding.first), millisecondsOf(finding.last))}
            />
          )}
        </button>
      ))}
      {findings.length > 1 && (
        <button
          type="button"
          class="card all"
          aria-current={chosen === null ? 'true' : undefined}
          onClick={() => view.go({ finding: null })}
        >
          <b class="count">{rows.length.toLocaleString('en')}</b>
          <strong>All connections</strong>
        </button>
      )}
      <Health view={view} />
    </nav>
  );
}

function Health({ view }: { view: View }) {
  const { summary, inputs } = view.data;
  const healthy = summary.connections - summary.problems - summary.benign;
  const warnings = inputs.flatMap(({ name, warnings }) =>
    warnings.map((warning) => `${inputs.length > 1 ? `${name}: ` : ''}${warning.message}`),
  );
  return (
    <div class="health">
      {healthy > 0 && <p>{counted(healthy, 'connection')} without a finding.</p>}
      {warnings.length > 0 && (
        <details>
          <summary>{counted(warnings.length, 'remark')} about the capture</summary>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** The whole of a result: the answer, the findings, one case. */
export function ReportPage({ view }: { view: View }) {
  const { findings, rows } = view.data;
  const titles = titlesOf(findings);
  const at = view.finding.value;
  const finding = at === null ? null : (findings[at] ?? null);
  const [sentence] = findings[0] === undefined ? ['nothing wrong'] : splitHeadline(findings[0].headline);
  useEffect(() => {
    document.title = `${sentence} · whyreset`;
  }, [sentence]);
  return (
    <main>
      <Headline view={view} />
      {rows.length > 0 && <Totals view={view} />}
      <div class={findings.length > 0 ? 'columns' : 'columns empty'}>
        <FindingList view={view} />
        <div class="right">
          {view.failure.value !== null && (
            <p class="failure" role="alert">
              {view.failure.value}
            </p>
          )}
          {finding !== null && <Case view={view} finding={finding} titles={titles} />}
          {finding === null && view.entry.value !== null && <ChosenAmongAll view={view} titles={titles} />}
          {rows.length > 1 && <ConnectionTable view={view} titles={titles} />}
        </div>
      </div>
    </main>
  );
}

/** A connection chosen in the list of all: its own finding shows it. */
function ChosenAmongAll({ view, titles }: { view: View; titles: ReadonlyMap<string, string> }) {
  const at = view.connection.value === null ? -1 : (view.findingOfRow[view.connection.value] ?? -1);
  const finding = view.data.findings[at];
  return finding === undefined ? null : <Case view={view} finding={finding} titles={titles} />;
}
