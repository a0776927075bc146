import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { seconds, thousands } from '../../../src/evidence/packets.ts';
import { labels } from '../../../src/report/ladder-label.ts';
import type { Example, LadderRow } from '../../../src/verdict/result.ts';
import { type DrawnRow, layOutLadder } from '../model/ladder-layout.ts';
import {
  type Frame,
  frameOf,
  HEAD,
  LINE,
  placeLabels,
  placeNotes,
  rowsWithTime,
  timeText,
} from '../model/ladder-texts.ts';
import { mermaidOf } from '../model/mermaid.ts';
import { saveDiagram, savePicture } from '../model/save-diagram.ts';
import type { View } from '../model/state.ts';
import { CopyButton } from './copy-button.tsx';
import { Arrow } from './ladder-arrow.tsx';

function LifeLines({
  frame,
  height,
  example,
  drawn,
}: {
  frame: Frame;
  height: number;
  example: Example;
  drawn: readonly DrawnRow[];
}) {
  const { originator, responder } = example.entry.connection;
  const side = (
    of: 'originator' | 'responder',
    x: number,
    name: string,
    address: string,
    anchor: 'start' | 'middle' | 'end',
  ) => {
    // Behind a FIN or RST of that side the socket is closed there.
    const closed = drawn.find(({ row, cut }) => row.from === of && cut === null && /[FR]/.test(row.flags));
    const until = closed === undefined ? height + HEAD : closed.start.y + HEAD;
    return (
      <g class={`end ${name}`}>
        <text class="name" x={x} y={14} text-anchor={anchor}>
          {name}
        </text>
        <text class="peer" x={x} y={29} text-anchor={anchor}>
          {address}
        </text>
        <line x1={x} x2={x} y1={HEAD - 6} y2={until} />
        {closed !== undefined && <line class="closed" x1={x} x2={x} y1={until} y2={height + HEAD} />}
      </g>
    );
  };
  const outside = frame.notes > 0 ? 'middle' : 'end';
  return (
    <>
      {side('originator', frame.left, 'client', originator, frame.left < 80 ? 'start' : 'middle')}
      {side('responder', frame.right, 'server', responder, outside)}
    </>
  );
}

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
  const layout = layOutLadder(example);
  const time = timeText(example.ladder);
  const frame = frameOf(width, Math.max(...example.ladder.map((row) => time(row.time).length)));
  const across = (at: number) => frame.left + at * (frame.right - frame.left);
  const texts = placeLabels(layout.rows, across);
  const notes = placeNotes(layout.rows, frame);
  const timed = rowsWithTime(layout.rows);
  const lowest = Math.max(0, ...[...notes.values()].map(({ y, lines }) => y + lines.length * LINE));
  const height = Math.max(layout.height + HEAD + 14, frame.notes > 0 ? lowest : 0);
  const marked = view.marked.value;
  const known = example.ladder.some(({ packet }) => marked.has(packet));
  const pointed =
    [...marked].length === 1 ? example.ladder.find(({ packet }) => marked.has(packet)) : undefined;
  const shown = pointed ?? example.ladder.find(({ packet }) => packet === chosen) ?? null;
  const factor = ZOOMS[zoom]!;
  return (
    <figure class="ladder">
      <div
        class={zoom === 0 ? 'scroll' : 'scroll large'}
        ref={box}
        tabIndex={0}
        role="region"
        aria-label="Packets"
      >
        <svg
          ref={drawing}
          viewBox={`0 0 ${width} ${height}`}
          width={width * factor}
          height={height * factor}
          role="group"
          aria-label={`Sequence diagram of the connection ${example.entry.connection.originator} to ${example.entry.connection.responder}, ${example.ladder.length} packets`}
        >
          <LifeLines frame={frame} height={layout.height} example={example} drawn={layout.rows} />
          {layout.box !== null && (
            <g class="end box">
              <text class="name" x={across(layout.box)} y={14} text-anchor="middle">
                box on the path
              </text>
              <line
                x1={across(layout.box)}
                x2={across(layout.box)}
                y1={HEAD - 20}
                y2={layout.height + HEAD}
              />
            </g>
          )}
          {layout.captures.map(({ input, at }) => (
            <g class="capture" key={input}>
              <line x1={across(at)} x2={across(at)} y1={HEAD - 6} y2={layout.height + HEAD} />
              <text x={across(at)} y={layout.height + HEAD + 12} text-anchor="middle">
                capture {input + 1}
              </text>
            </g>
          ))}
          {layout.folds.map(({ y, height: tall, text }) => (
            <g class="fold" key={y}>
              {[frame.left, frame.right].map((x) => (
                <g key={x}>
                  <line class="gap" x1={x} x2={x} y1={y + HEAD} y2={y + HEAD + tall} />
                  <line class="dots" x1={x} x2={x} y1={y + HEAD} y2={y + HEAD + tall} />
                </g>
              ))}
              <text x={across(0.5)} y={y + HEAD + tall / 2 + 4} text-anchor="middle">
                {text}
              </text>
            </g>
          ))}
          {layout.rows.map((drawn) => (
            <Arrow
              key={`${drawn.row.input ?? ''}#${drawn.row.packet}`}
              drawn={drawn}
              frame={frame}
              time={time}
              example={example}
              label={texts.get(drawn)!}
              note={notes.get(drawn)}
              timed={timed.has(drawn)}
              marked={marked.has(drawn.row.packet)}
              isMarked={known && marked.size > 0}
              chosen={drawn.row.packet === chosen}
              onMark={(on) => {
                view.marked.value = on ? new Set([drawn.row.packet]) : new Set();
              }}
              onChoose={() => setChosen(chosen === drawn.row.packet ? null : drawn.row.packet)}
            />
          ))}
        </svg>
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
