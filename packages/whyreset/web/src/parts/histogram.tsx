import { seconds } from '../../../src/evidence/packets.ts';
import { countLogarithmic, placeOn } from '../model/histogram.ts';
import type { Pattern } from '../model/measures.ts';
import { marksNear } from '../model/timeout-marks.ts';
import { counted } from './words.tsx';

const WIDTH = 840;
const HEIGHT = 132;
const BASE = 104;

const medianOf = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** The number that gives the finding away, of every connection, between the timeouts that are known. */
export function PatternChart({ pattern }: { pattern: Pattern }) {
  const middle = medianOf(pattern.values);
  const marks = marksNear(pattern.name, middle);
  const histogram = countLogarithmic(
    pattern.values,
    marks.map((mark) => mark.seconds),
  );
  if (histogram === null) return null;
  const x = (value: number) => placeOn(histogram, value) * WIDTH;
  const { bins, most } = histogram;
  return (
    <section>
      <h3>{pattern.title}</h3>
      <svg
        class="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${pattern.title}: ${counted(pattern.values.length, 'connection')}, half of them at ${seconds(middle)} or less`}
      >
        {marks.map((mark, i) => (
          <g class="mark" key={mark.seconds}>
            <line x1={x(mark.seconds)} x2={x(mark.seconds)} y1={i % 2 === 0 ? 8 : 26} y2={BASE} />
            <text
              x={x(mark.seconds) + 5}
              y={i % 2 === 0 ? 16 : 34}
              text-anchor={x(mark.seconds) > WIDTH * 0.75 ? 'end' : 'start'}
              dx={x(mark.seconds) > WIDTH * 0.75 ? -10 : 0}
            >
              {mark.label}
            </text>
          </g>
        ))}
        <path
          class="values"
          d={bins
            .filter(({ count }) => count > 0)
            .map(({ from, to, count }) => {
              const height = Math.max(3, (count / most) * 66);
              return `M${x(from) + 1} ${BASE - height}H${x(to) - 1}V${BASE}H${x(from) + 1}z`;
            })
            .join('')}
        />
        <line class="axis" x1="0" x2={WIDTH} y1={BASE} y2={BASE} />
        <text class="here" x={x(middle)} y={BASE + 20} text-anchor="middle">
          {seconds(middle)}
        </text>
      </svg>
    </section>
  );
}
