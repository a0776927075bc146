import { labels } from '../../../src/report/ladder-label.ts';
import type { Example, LadderRow } from '../../../src/verdict/result.ts';
import { type DrawnRow, effectOf } from '../model/ladder-layout.ts';
import { type Frame, HEAD, type Label, LINE, type Placed } from '../model/ladder-texts.ts';
import { labelOf } from '../model/mermaid.ts';

const kindOf = ({ flags, icmp, length, from }: LadderRow): string => {
  if (flags.includes('R')) return 'rst';
  if (icmp !== undefined) return 'icmp';
  const side = from === 'originator' ? 'client' : 'server';
  if (flags.includes('F')) return `fin ${side}`;
  if (flags.includes('S')) return `syn ${side}`;
  return length > 0 ? `data ${side}` : `ack ${side}`;
};

function describe(row: LadderRow, time: string): string {
  const from = row.from === 'originator' ? 'client' : 'server';
  const note = row.note === null ? '' : `, ${row.note}`;
  return `Packet ${row.packet} at ${time} s from the ${from}: ${labelOf(row)}, ${labels(row)[0]}${note}`;
}

function ArrowHead({ x, y, angle, wide }: { x: number; y: number; angle: number; wide: boolean }) {
  const [length, half] = wide ? [11, 5.5] : [8, 4];
  const turn = (dx: number, dy: number) =>
    `${x + dx * Math.cos(angle) - dy * Math.sin(angle)} ${y + dx * Math.sin(angle) + dy * Math.cos(angle)}`;
  return <path class="head" d={`M${turn(0, 0)}L${turn(-length, -half)}L${turn(-length, half)}z`} />;
}

/** One packet: an arrow that can be pointed at, focused and chosen. */
export function Arrow({
  drawn,
  frame,
  time,
  example,
  label,
  note,
  timed,
  marked,
  isMarked,
  chosen,
  onMark,
  onChoose,
}: {
  drawn: DrawnRow;
  frame: Frame;
  time: (t: number) => string;
  example: Example;
  label: Label;
  note: Placed | undefined;
  timed: boolean;
  marked: boolean;
  isMarked: boolean;
  chosen: boolean;
  onMark: (on: boolean) => void;
  onChoose: () => void;
}) {
  const { row, start, end, cut } = drawn;
  const across = (at: number) => frame.left + at * (frame.right - frame.left);
  const [x1, y1, x2, y2] = [across(start.at), start.y + HEAD, across(end.at), end.y + HEAD];
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const rst = row.flags.includes('R');
  const number = `#${row.packet}`;
  const atClient = row.from === 'originator' ? y1 : y2;
  const effect = effectOf(drawn, example);
  return (
    <g
      class={`row ${kindOf(row)}${isMarked ? (marked ? ' on' : ' off') : ''}${chosen ? ' chosen' : ''}`}
      tabIndex={0}
      role="button"
      aria-pressed={chosen}
      aria-description={describe(row, time(row.time))}
      data-packet={row.packet}
      onPointerEnter={() => onMark(true)}
      onPointerLeave={() => onMark(false)}
      onFocus={() => onMark(true)}
      onBlur={() => onMark(false)}
      onClick={onChoose}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          onChoose();
        }
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
        event.preventDefault();
        const rows = [...event.currentTarget.parentElement!.querySelectorAll<SVGGElement>('.row')];
        rows[rows.indexOf(event.currentTarget) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
      }}
    >
      <line class="reach" x1={x1} y1={y1} x2={x2} y2={y2} />
      <line class="shaft" x1={x1} y1={y1} x2={x2 - Math.cos(angle) * 6} y2={y2 - Math.sin(angle) * 6} />
      {cut === 'lost' ? (
        <path class="lost" d={`M${x2 - 5} ${y2 - 5}l10 10m0 -10l-10 10`} />
      ) : (
        <ArrowHead x={x2} y={y2} angle={angle} wide={rst} />
      )}
      {cut === 'made' && <circle class="made" cx={x1} cy={y1} r="4" />}
      {row.flags.includes('F') && <circle class="stop" cx={x1} cy={y1} r="4" />}
      <text class="label" x={label.x} y={label.y} text-anchor="middle">
        {label.text}
        <tspan class="number" dx="7">
          {number}
        </tspan>
      </text>
      {timed && (
        <text class="time" x={frame.left - 12} y={atClient + 4} text-anchor="end">
          {time(row.time)}
        </text>
      )}
      {note !== undefined && frame.notes > 0 && (
        <text class="note" x={frame.right + 12} y={note.y}>
          {note.lines.map((line, i) => (
            <tspan key={line} x={frame.right + 12} dy={i === 0 ? 0 : LINE}>
              {line}
            </tspan>
          ))}
        </text>
      )}
      {effect !== null && row.from === 'responder' && (
        <text class="effect" x={frame.left} y={y2 + 20} text-anchor="middle">
          {effect}
        </text>
      )}
      {effect !== null && row.from === 'originator' && (
        <text class="effect" x={frame.right} y={y2 + 20} text-anchor="middle">
          {effect}
        </text>
      )}
      {row.elsewhere !== undefined && <Held row={row} drawn={drawn} across={across} />}
    </g>
  );
}

/** Which captures hold the packet: a dot where it was seen, a ring where it was not. */
function Held({ row, drawn, across }: { row: LadderRow; drawn: DrawnRow; across: (at: number) => number }) {
  const { start, end } = drawn;
  const yAt = (at: number) =>
    start.y + ((end.y - start.y) * (at - start.at)) / (end.at - start.at || 1) + HEAD;
  return (
    <>
      {row.elsewhere!.map(({ input, packet, fate }, i) => {
        const at = 0.84 - 0.06 * i;
        return packet === null ? (
          <circle key={input} class={`held ${fate}`} cx={across(at)} cy={yAt(at)} r="4" />
        ) : null;
      })}
    </>
  );
}
