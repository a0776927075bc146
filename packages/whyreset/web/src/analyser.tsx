import { signal } from '@preact/signals';
import { render } from 'preact';
import type { Block } from '../../src/report/document.ts';
import { dataOfResult, type PageData } from './model/page-data.ts';
import type { Answer, Question } from './model/questions.ts';
import { createView, type View } from './model/state.ts';
import { Blocks } from './parts/blocks.tsx';
import { ReportPage } from './parts/report-page.tsx';
import { StartPage } from './parts/start-page.tsx';
import { TopBar } from './parts/top-bar.tsx';

type State =
  | { kind: 'start'; failure: string | null }
  | { kind: 'reading'; part: number; names: string; stop: () => void }
  | { kind: 'result'; data: PageData; view: View }
  | { kind: 'explanation'; blocks: Block[] };

const state = signal<State>({ kind: 'start', failure: null });
const dragging = signal(false);

/** The core, which the build put into the page as text: a file from a disk cannot load another one. */
function startWorker(): Worker {
  const code = document.getElementById('whyreset-worker')!.textContent!;
  const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(address);
  URL.revokeObjectURL(address);
  return worker;
}

function leave(): void {
  if (state.value.kind === 'reading') state.value.stop();
  if (state.value.kind === 'result') state.value.view.close();
}

function reset(failure: string | null = null): void {
  leave();
  window.history.replaceState(null, '', window.location.pathname + window.location.search);
  state.value = { kind: 'start', failure };
}

function take(answer: Answer): void {
  switch (answer.kind) {
    case 'progress':
      if (state.value.kind === 'reading') state.value = { ...state.value, part: answer.part };
      return;
    case 'result': {
      const data = dataOfResult(answer.result);
      leave();
      state.value = { kind: 'result', data, view: createView(data) };
      return;
    }
    case 'explanation':
      leave();
      state.value = { kind: 'explanation', blocks: answer.blocks };
      return;
    case 'failure':
      reset(answer.message);
  }
}

function ask(question: Question): void {
  leave();
  const worker = startWorker();
  const names = question.kind === 'files' ? question.files.map(({ name }) => name).join(', ') : 'the text';
  state.value = { kind: 'reading', part: 0, names, stop: () => worker.terminate() };
  worker.onmessage = ({ data }: MessageEvent<Answer>) => take(data);
  worker.onerror = ({ message }) =>
    reset(`The analysis stopped: ${message || 'the browser ended it, perhaps for lack of memory'}.`);
  worker.postMessage(question);
}

window.addEventListener('dragover', (event) => {
  event.preventDefault();
  dragging.value = true;
});
window.addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) dragging.value = false;
});
window.addEventListener('drop', (event) => {
  event.preventDefault();
  dragging.value = false;
  const files = [...(event.dataTransfer?.files ?? [])].map((file) => ({ name: file.name, file }));
  const text = event.dataTransfer?.getData('text/plain') ?? '';
  if (files.length > 0) ask({ kind: 'files', files });
  else if (text !== '') ask({ kind: 'text', text });
});
window.addEventListener('paste', (event) => {
  if (event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement) return;
  const files = [...(event.clipboardData?.files ?? [])].map((file) => ({ name: file.name, file }));
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (files.length > 0) ask({ kind: 'files', files });
  else if (text.trim() !== '') ask({ kind: 'text', text });
});

function Reading({ part, names }: { part: number; names: string }) {
  return (
    <main class="reading">
      <h1>Reading {names}</h1>
      <progress max={1} value={part} aria-label="Part of the files that was read" />
      <p class="lede">
        {part < 1 ? `${Math.floor(part * 100)} %` : 'Judging the connections'}{' '}
        <button type="button" class="quiet" onClick={() => reset()}>
          Cancel
        </button>
      </p>
    </main>
  );
}

function App() {
  const now = state.value;
  return (
    <>
      <TopBar data={now.kind === 'result' ? now.data : null}>
        {now.kind !== 'start' && now.kind !== 'reading' && (
          <button type="button" class="quiet" onClick={() => reset()}>
            Open another
          </button>
        )}
      </TopBar>
      {now.kind === 'start' && <StartPage ask={ask} failure={now.failure} />}
      {now.kind === 'reading' && <Reading part={now.part} names={now.names} />}
      {now.kind === 'result' && <ReportPage key={now.view} view={now.view} />}
      {now.kind === 'explanation' && (
        <main>
          <Blocks blocks={now.blocks} />
        </main>
      )}
      {dragging.value && (
        <div class="drop" aria-hidden="true">
          Drop to diagnose
        </div>
      )}
    </>
  );
}

// Installed from a web server, the page works without one; from a disk there is nothing to install.
if (window.location.protocol.startsWith('http') && 'serviceWorker' in navigator)
  navigator.serviceWorker.register('sw.js').catch(() => {});

render(<App />, document.getElementById('app')!);
