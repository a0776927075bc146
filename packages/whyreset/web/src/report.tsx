import { render } from 'preact';
import { dataOfDocument } from './model/page-data.ts';
import { createView } from './model/state.ts';
import { ReportPage } from './parts/report-page.tsx';
import { TopBar } from './parts/top-bar.tsx';

function Failure({ text }: { text: string }) {
  return (
    <>
      <TopBar data={null} />
      <main>
        <header class="answer">
          <h1>{text}</h1>
          <p class="lede">Make the report again: whyreset diagnose FILE --format html -o report.html</p>
        </header>
      </main>
    </>
  );
}

function start(root: HTMLElement): void {
  let data: ReturnType<typeof dataOfDocument>;
  try {
    data = dataOfDocument(document);
  } catch {
    render(<Failure text="This report is damaged: its data cannot be read." />, root);
    return;
  }
  if (data === null) {
    render(<Failure text="This report holds no result." />, root);
    return;
  }
  render(
    <>
      <TopBar data={data} />
      <ReportPage view={createView(data)} />
    </>,
    root,
  );
}

start(document.getElementById('app')!);
