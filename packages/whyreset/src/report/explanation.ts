import type { AboutCause, CauseExplanation } from '../causes/about.ts';
import { kernelReasonMeans } from '../host/kernel-reasons.ts';
import { type Block, blocksAsMarkdown, blocksAsText } from './document.ts';
import { inert } from './json.ts';
import { indent, page as pageOf, type Row, rule } from './layout.ts';
import { code, inline } from './markdown-escape.ts';
import { type PenOptions, penOf } from './pen.ts';

export interface ExplanationOptions extends PenOptions {
  format: 'text' | 'json' | 'markdown';
}

interface Page {
  title: string;
  /** Names beside the title. */
  tags: string[];
  blocks: Block[];
}

function render(page: Page, data: unknown, options: ExplanationOptions): string {
  const { title, tags, blocks } = page;
  if (options.format === 'json') return `${inert(JSON.stringify(data, null, 2))}\n`;
  if (options.format === 'markdown') {
    return `# ${inline(title)}\n\n${tags.map(code).join(' · ')}\n\n${blocksAsMarkdown(blocks, 2).join('\n')}\n`;
  }
  const pen = penOf(options);
  const head = rule(pen.safe(title), pen.safe(tags.join(` ${pen.glyphs.dot} `)), pen.paint.strong, pen);
  const inner = { ...pen, width: pen.width - 2 };
  return pageOf([...head, '', ...indent(blocksAsText(blocks, inner), 2)]);
}

const RESETS: Record<AboutCause['resetBy'], string> = {
  originator: 'the client',
  responder: 'the server',
  either: 'either side',
  path: 'a box on the path between client and server',
};

function atAGlance(cause: AboutCause): Row[] {
  const rows: Row[] = [{ term: 'who resets', text: RESETS[cause.resetBy] }];
  if (cause.benign) rows.push({ term: 'harm', text: 'none: a harmless ending' });
  if (cause.counters.length > 0)
    rows.push({ term: 'counters', text: `${cause.counters.join(', ')} (nstat -az, before and after)` });
  const { scenario } = cause;
  rows.push({
    term: 'lab scenario',
    text: typeof scenario === 'string' ? scenario : `none: ${scenario.none}`,
  });
  return rows;
}

function causePage(cause: CauseExplanation): Page {
  return {
    title: cause.title,
    tags: [cause.taxonomy, cause.id],
    blocks: [
      { kind: 'prose', text: cause.explain },
      {
        kind: 'labels',
        title: cause.advice.some((line) => /\bT\b/.test(line.do))
          ? 'What to do (T is the time that diagnose measures)'
          : 'What to do',
        rows: cause.advice.map((line) => ({ term: line.who, text: line.do })),
      },
      { kind: 'labels', title: 'At a glance', rows: atAGlance(cause) },
      {
        kind: 'terms',
        title: 'Kernel reasons',
        rows: cause.kernelReasons.map((name) => ({ term: name, text: kernelReasonMeans(name) ?? '' })),
      },
      {
        kind: 'terms',
        title: 'More precise form of',
        rows: cause.refines.map((id) => ({ term: id, text: '' })),
      },
      {
        kind: 'terms',
        title: 'Mistaken for',
        rows: cause.mistakenFor.map(({ cause: id, by, ask }) => ({
          term: id,
          text: `${by}; settled by ${ask}`,
        })),
      },
      { kind: 'list', title: 'References', items: cause.references },
    ],
  };
}

/** All that the catalogue says of a cause. */
export function renderCause(cause: CauseExplanation, options: ExplanationOptions): string {
  return render(causePage(cause), cause, options);
}
