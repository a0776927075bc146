import { useRef, useState } from 'preact/hooks';
import type { View } from '../model/state.ts';
import { CertaintyMark, counted, hourText } from './words.tsx';

const ROW = 34;
const VISIBLE = 12;

/** The connections that pass the filter; only the rows in sight are drawn, so that 50,000 scroll as smoothly as ten. */
export function ConnectionTable({ view, titles }: { view: View; titles: ReadonlyMap<string, string> }) {
  const shown = view.shown.value;
  const { rows } = view.data;
  const [top, setTop] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const first = Math.max(0, Math.floor(top / ROW) - 4);
  const drawn = shown.slice(first, first + VISIBLE + 8);
  const filter = view.filter.value;
  const focusRow = (position: number) => {
    const index = shown[position];
    if (index === undefined) return;
    const y = position * ROW;
    const { scrollTop, clientHeight } = box.current!;
    if (y < scrollTop || y + ROW > scrollTop + clientHeight)
      box.current!.scrollTop = Math.max(0, y - clientHeight / 2);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus());
  };
  return (
    <section class="connections">
      <div class="filters">
        <h3>{counted(shown.length, 'connection')}</h3>
        <input
          type="search"
          placeholder="Peer, port or cause"
          aria-label="Search by peer, port or cause"
          value={filter.search}
          onInput={(event) => view.search({ search: event.currentTarget.value })}
        />
        <select
          aria-label="Certainty"
          value={filter.certainty}
          onChange={(event) =>
            view.search({ certainty: event.currentTarget.value as typeof filter.certainty })
          }
        >
          <option value="any">any certainty</option>
          <option value="proven">proven</option>
          <option value="likely">likely</option>
          <option value="possible">possible</option>
          <option value="undetermined">undetermined</option>
        </select>
      </div>
      {shown.length === 0 ? (
        <p class="hint">No connection matches. Clear the search or the time to see all.</p>
      ) : (
        <div class="table" role="table" aria-rowcount={shown.length} aria-label="Connections">
          <div role="row" class="line heading">
            <span role="columnheader">ended</span>
            <span role="columnheader">client</span>
            <span role="columnheader">server</span>
            <span role="columnheader">cause</span>
            <span role="columnheader">sure</span>
          </div>
          <div
            class="body"
            ref={box}
            style={{ height: `${Math.min(VISIBLE, shown.length) * ROW}px` }}
            onScroll={(event) => setTop(event.currentTarget.scrollTop)}
            role="rowgroup"
          >
            <div class="all" style={{ height: `${shown.length * ROW}px` }} role="presentation">
              {drawn.map((index, i) => {
                const row = rows[index]!;
                const position = first + i;
                return (
                  <div
                    role="row"
                    key={index}
                    data-row={index}
                    class="line"
                    aria-rowindex={position + 1}
                    aria-selected={view.connection.value === index}
                    tabIndex={0}
                    style={{ transform: `translateY(${position * ROW}px)` }}
                    onClick={() => view.go({ connection: index })}
                    onKeyDown={(event) => {
                      if (event.key === 'Enter' || event.key === ' ') {
                        event.preventDefault();
                        view.go({ connection: index });
                      } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
                        event.preventDefault();
                        focusRow(position + (event.key === 'ArrowDown' ? 1 : -1));
                      }
                    }}
                  >
                    <span role="cell">{hourText(row.time, 3)}</span>
                    <span role="cell">{row.originator}</span>
                    <span role="cell">{row.responder}</span>
                    <span role="cell" class="words">
                      {row.cause === null
                        ? 'unknown'
                        : (titles.get(row.cause) ?? row.cause.replaceAll('-', ' '))}
                    </span>
                    <span role="cell">
                      <CertaintyMark certainty={row.certainty} />
                    </span>
                  </div>
                );
              })}
            </div>
          </div>
        </div>
      )}
    </section>
  );
}
