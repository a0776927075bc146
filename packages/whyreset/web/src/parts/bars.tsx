import { countOverTime } from '../model/histogram.ts';

/** Counts over time as bars of one width; the tallest fills the height. */
export function Bars({
  times,
  from,
  to,
  bins,
  label,
}: {
  times: readonly number[];
  from: number;
  to: number;
  bins: number;
  label: string;
}) {
  const counts = countOverTime(times, from, to, bins);
  const most = Math.max(1, ...counts);
  return (
    <svg class="bars" viewBox={`0 0 ${bins * 6} 40`} preserveAspectRatio="none" role="img" aria-label={label}>
      <path
        d={counts
          .map((count, i) => {
            const height = count === 0 ? 1 : Math.max(4, (count / most) * 38);
            return `M${i * 6} ${40 - height}h4.4v${height}h-4.4z`;
          })
          .join('')}
      />
    </svg>
  );
}
