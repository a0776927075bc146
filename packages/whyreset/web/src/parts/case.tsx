import { millisecondsOf } from '../../../src/report/page-rows.ts';
import type { Example, Finding, ResetEntry } from '../../../src/verdict/result.ts';
import { connectionFilter, evidenceFilter, tsharkCommand } from '../model/filter-commands.ts';
import { patternOf } from '../model/measures.ts';
import type { View } from '../model/state.ts';
import { Change } from './change.tsx';
import { CopyButton } from './copy-button.tsx';
import { Evidence } from './evidence.tsx';
import { PatternChart } from './histogram.tsx';
import { Ladder } from './ladder.tsx';
import { CertaintyMark, capital, clockText, counted, Sentence } from './words.tsx';

const sameEntry = (a: ResetEntry, b: ResetEntry) =>
  a.input === b.input && a.packet === b.packet && a.connection.originator === b.connection.originator;

function Commands({ view, entry }: { view: View; entry: ResetEntry }) {
  const tshark = tsharkCommand(entry, view.data.inputs);
  const lines: [string, string][] = [
    ['Wireshark, this connection', connectionFilter(entry.connection)],
    ['Wireshark, these packets', evidenceFilter(entry)],
    ...(tshark === null ? [] : [['On a terminal', tshark] as [string, string]]),
  ];
  return (
    <details class="commands">
      <summary>See the same packets in Wireshark</summary>
      {lines.map(([title, text]) => (
        <div key={title}>
          <h4>{title}</h4>
          <div class="code">
            <pre tabIndex={0}>{text}</pre>
            <CopyButton text={text} />
          </div>
        </div>
      ))}
    </details>
  );
}

function Members({ finding }: { finding: Finding }) {
  if (finding.members.length < 2) return null;
  const named = finding.members.filter(({ count }) => count.proven + count.likely + count.possible > 0);
  return (
    <section>
      <h3>{named.length > 1 ? 'Causes in this finding' : 'Possible causes, most likely first'}</h3>
      <ol class="members">
        {finding.members.map(({ cause, title, count }) => {
          const of = (['proven', 'likely', 'possible', 'undetermined'] as const).filter(
            (word) => count[word] > 0,
          );
          return (
            <li key={cause}>
              {title} <code>{cause}</code>
              <span class="of">
                {of.length === 0
                  ? 'remains possible'
                  : of.map((word) => `${word} for ${count[word]}`).join(', ')}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function NextStep({ next }: { next: NonNullable<Finding['next']> }) {
  return (
    <section class="next">
      <h3>What would settle it</h3>
      <p>{capital(next.text)}.</p>
      {next.answers !== null && <p class="hint">{capital(next.answers)}.</p>}
      {next.command !== null && (
        <div class="code">
          <pre tabIndex={0}>{next.command}</pre>
          <CopyButton text={next.command} />
        </div>
      )}
    </section>
  );
}

function OneConnection({
  view,
  entry,
  example,
  titles,
  position,
}: {
  view: View;
  entry: ResetEntry;
  example: Example | null;
  titles: ReadonlyMap<string, string>;
  position: string;
}) {
  return (
    <section class="one">
      <h3>
        {position}{' '}
        <span class="hint">
          · {entry.connection.originator} to {entry.connection.responder} ·{' '}
          {entry.reset ? `RST #${entry.packet}` : `ends with #${entry.packet}`} ·{' '}
          {clockText(millisecondsOf(entry.time), 3)}
        </span>
      </h3>
      <div class={example === null ? 'beside alone' : 'beside'}>
        {example !== null && <Ladder view={view} example={example} />}
        <Evidence view={view} entry={entry} titles={titles} />
      </div>
      {example === null && (
        <p class="hint">
          A report holds the packets of up to three connections of each finding. For this one: whyreset
          diagnose FILE --connection {entry.connection.originator}
        </p>
      )}
      <Commands view={view} entry={entry} />
    </section>
  );
}

/** One finding: what it is, one connection packet by packet, the pattern, what to change. */
export function Case({
  view,
  finding,
  titles,
}: {
  view: View;
  finding: Finding;
  titles: ReadonlyMap<string, string>;
}) {
  const { entry: chosen, connection, data, findingOfRow } = view;
  const at = data.findings.indexOf(finding);
  const rows = data.rows.filter((_, i) => findingOfRow[i] === at);
  const pattern = patternOf(rows);
  const entry = connection.value === null ? (finding.examples[0]?.entry ?? null) : chosen.value;
  const example =
    entry === null ? null : (finding.examples.find((one) => sameEntry(one.entry, entry)) ?? null);
  return (
    <article class="case" aria-label={finding.title}>
      <header>
        <h2>
          {finding.title} <CertaintyMark certainty={finding.verdict.certainty} />
        </h2>
        {finding.statement !== null && !finding.headline.startsWith(capital(finding.statement)) && (
          <p>
            <Sentence text={`${capital(finding.statement)}.`} finding={finding} />
          </p>
        )}
      </header>
      {entry !== null && (
        <OneConnection
          view={view}
          entry={entry}
          example={example}
          titles={titles}
          position={
            finding.count === 1
              ? 'Packet by packet'
              : connection.value === null
                ? `One of ${counted(finding.count, 'connection')}, packet by packet`
                : 'The chosen connection'
          }
        />
      )}
      {pattern !== null && <PatternChart pattern={pattern} />}
      <Members finding={finding} />
      <Change finding={finding} />
      {finding.next !== null && <NextStep next={finding.next} />}
    </article>
  );
}
