import { batch, computed, effect, signal } from '@preact/signals';
import type { ResetEntry } from '../../../src/verdict/result.ts';
import { filterRows, type RowFilter } from './filter-rows.ts';
import { readHash, writeHash } from './location.ts';
import type { PageData } from './page-data.ts';
import { matchFindings } from './row-findings.ts';

/** All that a view of a result shares; the analyser makes a new one for each result. */
export function createView(data: PageData) {
  const start = readHash(window.location.hash);
  const known = (finding: number | null) =>
    finding === null || data.findings[finding] !== undefined ? finding : data.findings.length > 0 ? 0 : null;
  const finding = signal<number | null>(known(start.finding));
  const connection = signal<number | null>(
    start.connection !== null && data.rows[start.connection] !== undefined ? start.connection : null,
  );
  const filter = signal<RowFilter>({ search: start.search, certainty: 'any', between: null });
  /** Packets of the evidence or the ladder that the pointer or the focus is on. */
  const marked = signal<ReadonlySet<number>>(new Set());
  const findingOfRow = matchFindings(data.rows, data.findings);

  const shown = computed(() =>
    filterRows(data.rows, filter.value, (i) => finding.value === null || findingOfRow[i] === finding.value),
  );
  const entry = signal<ResetEntry | null>(null);
  const failure = signal<string | null>(null);

  effect(() => {
    const index = connection.value;
    entry.value = null;
    if (index === null) return;
    data.entry(index).then(
      (found) => {
        if (connection.value === index) entry.value = found;
      },
      () => {
        failure.value = 'This file is damaged: the details of the connection cannot be read.';
      },
    );
  });

  const here = () => ({ finding: finding.value, connection: connection.value, search: filter.value.search });
  const readLocation = () => {
    const to = readHash(window.location.hash);
    batch(() => {
      finding.value = known(to.finding);
      connection.value =
        to.connection !== null && data.rows[to.connection] !== undefined ? to.connection : null;
      filter.value = { ...filter.value, search: to.search };
    });
  };
  window.addEventListener('hashchange', readLocation);
  window.addEventListener('popstate', readLocation);

  return {
    data,
    finding,
    connection,
    filter,
    marked,
    shown,
    entry,
    failure,
    findingOfRow,
    /** Shows another finding or connection; the way back stays open. */
    go(to: { finding?: number | null; connection?: number | null }): void {
      batch(() => {
        if (to.finding !== undefined) finding.value = to.finding;
        connection.value = to.connection ?? null;
        marked.value = new Set();
      });
      window.history.pushState(null, '', writeHash(here()));
    },
    search(change: Partial<RowFilter>): void {
      filter.value = { ...filter.value, ...change };
      window.history.replaceState(null, '', writeHash(here()));
    },
    close(): void {
      window.removeEventListener('hashchange', readLocation);
      window.removeEventListener('popstate', readLocation);
    },
  };
}

export type View = ReturnType<typeof createView>;
