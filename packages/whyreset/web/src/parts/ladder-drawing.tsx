import type { RefObject } from 'preact';
import type { Example } from '../../../src/verdict/result.ts';
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

interface Drawing {
  example: Example;
  /** Pixels, before it is enlarged by `factor`. */
  width: number;
  factor?: number;
  drawing?: RefObject<SVGSVGElement | null>;
  /** Packets that stand out; none where no sentence or packet is pointed at. */
  marked?: ReadonlySet<number>;
  chosen?: number | null;
  onMark?: (packet: number | null) => void;
  onChoose?: (packet: number) => void;
}

const NONE: ReadonlySet<number> = new Set();

/** The sequence diagram alone. */
export function LadderDrawing({
  example,
  width,
  factor = 1,
  drawing,
  marked = NONE,
  chosen = null,
  onMark,
  onChoose,
}: Drawing) {
  const layout = layOutLadder(example);
  const time = timeText(example.ladder);
  const frame = frameOf(width, Math.max(...example.ladder.map((row) => time(row.time).length)));
  const across = (at: number) => frame.left + at * (frame.right - frame.left);
  const texts = placeLabels(layout.rows, across);
  const notes = placeNotes(layout.rows, frame);
  const timed = rowsWithTime(layout.rows);
  const lowest = Math.max(0, ...[...notes.values()].map(({ y, lines }) => y + lines.length * LINE));
  const height = Math.max(layout.height + HEAD + 14, frame.notes > 0 ? lowest : 0);
  const known = example.ladder.some(({ packet }) => marked.has(packet));
  return (
    <svg
      {...(drawing !== undefined && { ref: drawing })}
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
          <line x1={across(layout.box)} x2={across(layout.box)} y1={HEAD - 20} y2={layout.height + HEAD} />
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
          onMark={(on) => onMark?.(on ? drawn.row.packet : null)}
          onChoose={() => onChoose?.(drawn.row.packet)}
        />
      ))}
    </svg>
  );
}
