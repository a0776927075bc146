import { useState } from 'preact/hooks';
import type { Finding } from '../../../src/verdict/result.ts';
import { type Snippet, snippetsFor } from '../model/snippets.ts';
import { CopyButton } from './copy-button.tsx';

const SIDES = ['client', 'server', 'path'] as const;
const TITLES = { client: 'On the client', server: 'On the server', path: 'On the path' } as const;

function Snippets({ snippets, side }: { snippets: readonly Snippet[]; side: string }) {
  const [at, setAt] = useState(0);
  const chosen = snippets[at] ?? snippets[0];
  if (chosen === undefined) return null;
  const step = (by: number) => setAt((at + by + snippets.length) % snippets.length);
  return (
    <div class="snippets">
      <div class="tabs" role="tablist" aria-label={`Settings on the ${side}`}>
        {snippets.map(({ stack }, i) => (
          <button
            type="button"
            key={stack}
            role="tab"
            id={`tab-${side}-${i}`}
            aria-selected={i === at}
            aria-controls={`panel-${side}`}
            tabIndex={i === at ? 0 : -1}
            onClick={() => setAt(i)}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
              step(event.key === 'ArrowRight' ? 1 : -1);
              const tabs = event.currentTarget.parentElement!.children;
              (
                tabs[(i + (event.key === 'ArrowRight' ? 1 : -1) + tabs.length) % tabs.length] as HTMLElement
              ).focus();
            }}
          >
            {stack}
          </button>
        ))}
      </div>
      <div class="code" role="tabpanel" id={`panel-${side}`} aria-labelledby={`tab-${side}-${at}`}>
        <pre tabIndex={0}>{chosen.code}</pre>
        <CopyButton text={chosen.code} />
      </div>
    </div>
  );
}

/** What to change, per side, with the settings of the stacks at hand. */
export function Change({ finding }: { finding: Finding }) {
  const snippets = snippetsFor(finding);
  const sides = SIDES.filter(
    (side) => finding.advice.some(({ who }) => who === side) || snippets[side].length > 0,
  );
  if (sides.length === 0) return null;
  return (
    <section>
      <h3>{finding.verdict.benign ? 'What can be changed' : 'What to change'}</h3>
      <div class="change">
        {sides.map((side) => (
          <div key={side}>
            <h4 class={`of-${side}`}>{TITLES[side]}</h4>
            <ul>
              {finding.advice
                .filter(({ who }) => who === side)
                .map((line) => (
                  <li key={line.do}>{line.do}</li>
                ))}
            </ul>
            <Snippets snippets={snippets[side]} side={side} />
          </div>
        ))}
      </div>
    </section>
  );
}
