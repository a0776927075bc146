import { useRef, useState } from 'preact/hooks';
import type { View } from '../model/state.ts';
import { Bars } from './bars.tsx';
import { counted, hourText, spanText } from './words.tsx';

const BINS = 96;

/** When the connections ended, over the whole capture; a stretch can be drawn to look at that time alone. */
export function TimeStrip({ view }: { view: View }) {
  const { rows } = view.data;
  const times = rows.filter(({ benign }) => !benign).map(({ time }) => time);
  const box = useRef<HTMLDivElement>(null);
  const [from, to] = extentOf(rows.map(({ time }) => time));
  const [drawn, setDrawn] = useState<{ start: number; end: number } | null>(null);
  if (times.length === 0) return null;
  const between = view.filter.value.between;
  const placeOf = (event: PointerEvent) => {
    const { left, width } = box.current!.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };
  const timeAt = (place: number) => from + place * (to - from);
  const finish = () => {
    if (drawn === null) return;
    const [a, b] = [Math.min(drawn.start, drawn.end), Math.max(drawn.start, drawn.end)];
    view.search({ between: b - a < 0.005 ? null : [timeAt(a), timeAt(b)] });
    setDrawn(null);
  };
  const place = (time: number) => ((time - from) / Math.max(1, to - from)) * 100;
  const marked =
    drawn === null
      ? between?.map(place)
      : [Math.min(drawn.start, drawn.end) * 100, Math.max(drawn.start, drawn.end) * 100];
  return (
    <div class="time-strip">
      <div
        ref={box}
        class="brush"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrawn({ start: placeOf(event), end: placeOf(event) });
        }}
        onPointerMove={(event) => drawn !== null && setDrawn({ ...drawn, end: placeOf(event) })}
        onPointerUp={finish}
        onPointerCancel={() => setDrawn(null)}
      >
        <Bars
          times={times}
          from={from}
          to={to}
          bins={BINS}
          label={`When ${counted(times.length, 'connection')} with a problem ended, ${spanText(from, to)}`}
        />
        {marked !== undefined && marked !== null && (
          <svg class="stretch" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">
            <rect x={marked[0]} width={Math.max(0.4, marked[1]! - marked[0]!)} height="40" />
          </svg>
        )}
      </div>
      <div class="ends">
        <span>{hourText(from)}</span>
        {between === null ? (
          <span class="hint">draw across to see one stretch of time</span>
        ) : (
          <button type="button" class="quiet" onClick={() => view.search({ between: null })}>
            {hourText(between[0])} to {hourText(between[1])} ✕
          </button>
        )}
        <span>{hourText(to)}</span>
      </div>
    </div>
  );
}

export function extentOf(times: readonly number[]): [from: number, to: number] {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time < from) from = time;
    if (time > to) to = time;
  }
  return [from, to];
}
