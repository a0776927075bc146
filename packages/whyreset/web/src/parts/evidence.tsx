import type { EvidenceLine, ResetEntry } from '../../../src/verdict/result.ts';
import type { View } from '../model/state.ts';
import { capital } from './words.tsx';

function Line({ view, line, own }: { view: View; line: EvidenceLine; own: number }) {
  const packets = line.input === undefined || line.input === own ? line.packets : [];
  const marked = view.marked.value;
  const on = packets.some((packet) => marked.has(packet));
  const mark = (numbers: readonly number[]) => {
    view.marked.value = new Set(numbers);
  };
  return (
    <li class={on ? 'on' : undefined} onPointerEnter={() => mark(packets)} onPointerLeave={() => mark([])}>
      <span class="packets">
        {line.packets.map((packet) => (
          <button
            type="button"
            key={packet}
            class="packet"
            onFocus={() => mark([packet])}
            onBlur={() => mark([])}
          >
            {line.input === undefined || line.input === own ? '' : `${line.input + 1}:`}#{packet}
          </button>
        ))}
        {(line.lines ?? []).map((ref) => (
          <span class="packet" key={`${ref.source}:${ref.line}`}>
            {ref.source.split('/').at(-1)}
            {ref.line > 0 ? `:${ref.line}` : ''}
          </span>
        ))}
      </span>
      {capital(line.says)}
    </li>
  );
}

function Objections({
  title,
  list,
  titles,
}: {
  title: string;
  list: ResetEntry['ruledOut'];
  titles: ReadonlyMap<string, string>;
}) {
  if (list.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <dl class="objections">
        {list.map(({ cause, because }) => (
          <div key={`${cause} ${because}`}>
            <dt>{titles.get(cause) ?? cause.replaceAll('-', ' ')}</dt>
            <dd>{because}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** What the packets show, and what they leave out. */
export function Evidence({
  view,
  entry,
  titles,
}: {
  view: View;
  entry: ResetEntry;
  titles: ReadonlyMap<string, string>;
}) {
  const { maker } = entry;
  const shown = new Set(entry.evidence.map(({ says }) => says));
  const ofMaker = maker?.because.filter(({ says }) => !shown.has(says)) ?? [];
  return (
    <div class="evidence">
      <h3>Evidence</h3>
      <ol>
        {entry.evidence.map((line) => (
          <Line key={line.says} view={view} line={line} own={entry.input} />
        ))}
      </ol>
      {ofMaker.length > 0 && (
        <>
          <h4>
            Why the{' '}
            {entry.verdict.sender === 'middlebox'
              ? 'path'
              : entry.verdict.sender === 'originator'
                ? 'client'
                : entry.verdict.sender === 'responder'
                  ? 'server'
                  : 'sender'}
            : {entry.verdict.senderCertainty}
          </h4>
          <ol>
            {ofMaker.map((line) => (
              <Line key={line.says} view={view} line={line} own={entry.input} />
            ))}
          </ol>
        </>
      )}
      <details>
        <summary>
          What it is not{' '}
          {entry.ruledOut.length + entry.doubted.length > 0
            ? `(${entry.ruledOut.length + entry.doubted.length})`
            : ''}
        </summary>
        <Objections title="Ruled out" list={entry.ruledOut} titles={titles} />
        <Objections title="Less likely" list={entry.doubted} titles={titles} />
        {entry.ruledOut.length + entry.doubted.length === 0 && <p class="hint">Nothing was excluded.</p>}
      </details>
    </div>
  );
}
