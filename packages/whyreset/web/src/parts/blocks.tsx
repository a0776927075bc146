import type { Block } from '../../../src/report/document.ts';
import { printable } from '../../../src/wire/printable.ts';
import { CopyButton } from './copy-button.tsx';

function Rows({ block }: { block: Extract<Block, { kind: 'terms' | 'labels' }> }) {
  return (
    <dl class="objections">
      {block.rows.map(({ term, text }) => (
        <div key={`${term} ${text}`}>
          <dt>{block.kind === 'terms' ? <code>{printable(term)}</code> : printable(term)}</dt>
          <dd>{printable(text)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Parts of an explanation, which the command prints as text. */
export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return (
    <article class="case" aria-label="Explanation">
      {blocks.map((block, i) => {
        const key = `${i}`;
        if (block.kind === 'prose') return <p key={key}>{printable(block.text.replace(/\s+/g, ' '))}</p>;
        const empty =
          block.kind === 'list'
            ? block.items.length === 0
            : block.kind === 'commands'
              ? block.lines.length === 0
              : block.rows.length === 0;
        if (empty) return null;
        return (
          <section key={key}>
            <h3>{block.title}</h3>
            {block.kind === 'list' && (
              <ul class="plain">
                {block.items.map((item) => (
                  <li key={item}>{printable(item)}</li>
                ))}
              </ul>
            )}
            {(block.kind === 'terms' || block.kind === 'labels') && <Rows block={block} />}
            {block.kind === 'commands' && (
              <div class="code">
                <pre tabIndex={0}>{block.lines.join('\n')}</pre>
                <CopyButton text={block.lines.join('\n')} />
              </div>
            )}
          </section>
        );
      })}
    </article>
  );
}
