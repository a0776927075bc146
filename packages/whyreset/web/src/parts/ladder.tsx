import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { seconds, thousands } from '../../../src/evidence/packets.ts';
import { labels } from '../../../src/report/ladder-label.ts';
import type { Example, LadderRow } from '../../../src/verdict/result.ts';
import { timeText } from '../model/ladder-texts.ts';
import { mermaidOf } from '../model/mermaid.ts';
import { saveDiagram, savePicture } from '../model/save-diagram.ts';
import type { View } from '../model/state.ts';
import { CopyButton } from './copy-button.tsx';
import { LadderDrawing } from './ladder-drawing.tsx';

function Fields({ row, time }: { row: LadderRow | null; time: (t: number) => string }) {
  if (row === null)
    return (
      <p class="fields hint">
        Point at a packet, or step through them with the arrow keys, to see its fields.
      </p>
    );
  const fields: [string, string][] = [
    ['packet', `#${row.packet}`],
    ['time', `${time(row.time)} s`],
    ['from', row.from === 'originator' ? 'client' : 'server'],
  ];
  if (row.icmp !== undefined)
    fields.push(['ICMP', `type ${row.icmp.type} code ${row.icmp.code} from ${row.icmp.reporter}`]);
  else {
    fields.push(['flags', labels(row).at(-1)!.split(' ')[0]!], ['seq', String(row.seq)]);
    if (row.ack !== null) fields.push(['ack', String(row.ack)]);
    fields.push(['payload', `${thousands(row.length)} B`]);
  }
  if (row.note !== null) fields.push(['', row.note]);
  return (
    <p class="fields" aria-live="polite">
      {fields.map(([name, value]) => (
        <span key={name}>
          {name !== '' && <i>{name}</i>} {value}
        </span>
      ))}
    </p>
  );
}

const ZOOMS = [1, 1.4, 2, 2.8] as const;

/** One connection, packet by packet. */
export function Ladder({ view, example }: { view: View; example: Example }) {
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(640);
  const [zoom, setZoom] = useState(0);
  const [chosen, setChosen] = useState<number | null>(null);
  useLayoutEffect(() => {
    const measure = () => setWidth(Math.max(300, Math.floor(box.current!.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    setChosen(null);
    setZoom(0);
  }, [example]);
  const time = timeText(example.ladder);
  const marked = view.marked.value;
  const pointed =
    [...marked].length === 1 ? example.ladder.find(({ packet }) => marked.has(packet)) : undefined;
  const shown = pointed ?? example.ladder.find(({ packet }) => packet === chosen) ?? null;
  return (
    <figure class="ladder">
      <div
        class={zoom === 0 ? 'scroll' : 'scroll large'}
        ref={box}
        tabIndex={0}
        role="region"
        aria-label="Packets"
      >
        <LadderDrawing
          example={example}
          width={width}
          factor={ZOOMS[zoom]!}
          drawing={drawing}
          marked={view.marked.value}
          chosen={chosen}
          onMark={(packet) => {
            view.marked.value = packet === null ? new Set() : new Set([packet]);
          }}
          onChoose={(packet) => setChosen(chosen === packet ? null : packet)}
        />
      </div>
      <figcaption>
        <Fields row={shown} time={time} />
        <p class="tools">
          <button
            type="button"
            class="quiet"
            onClick={() => setZoom(Math.max(0, zoom - 1))}
            disabled={zoom === 0}
            aria-label="Smaller"
          >
            −
          </button>
          <button
            type="button"
            class="quiet"
            onClick={() => setZoom(Math.min(ZOOMS.length - 1, zoom + 1))}
            disabled={zoom === ZOOMS.length - 1}
            aria-label="Larger"
          >
            +
          </button>
          <button type="button" class="quiet" onClick={() => saveDiagram(drawing.current!)}>
            SVG
          </button>
          <button type="button" class="quiet" onClick={() => savePicture(drawing.current!)}>
            PNG
          </button>
          <CopyButton text={mermaidOf(example)} label="Copy as Mermaid" />
        </p>
        <Delay example={example} />
      </figcaption>
    </figure>
  );
}

function Delay({ example: { delay } }: { example: Example }) {
  const way = (delay.originator ?? 0) + (delay.responder ?? 0);
  const text =
    delay.originator === null && delay.responder === null
      ? 'No delay was measured: arrows are level.'
      : `One way takes about ${seconds(way)}, measured at the capture; silences are folded.`;
  return <p class="hint">{text}</p>;
}
