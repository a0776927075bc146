import type { ListedPacket } from './listed-packet.ts';
import type { ListedTime } from './listed-time.ts';

/** What the times of a list are worth. */
export interface ListClock {
  /** `absolute` with a date, `clock` a time of day only, `relative` neither, `none`: the list shows no times. */
  kind: ListedTime['kind'] | 'none';
  /** Seconds since 1970 of time 0; 0 unless absolute. */
  epochSeconds: number;
  /** The finest difference that the times show, seconds; infinite without times. */
  resolution: number;
  /** Time of each packet, seconds since `epochSeconds`; of one without its own, that of the packet before. */
  times: Float64Array;
  /** The list shows the time since the packet before, as `tcpdump -ttt` and `tshark -t d` do. */
  deltas: boolean;
}

const HALF_A_DAY = 43_200;
const DAY = 86_400;

/** The kind that most packets have. */
function kindOf(packets: readonly ListedPacket[]): ListClock['kind'] {
  const counts = { absolute: 0, clock: 0, relative: 0 };
  for (const { time } of packets) if (time !== null) counts[time.kind]++;
  const most = Math.max(counts.absolute, counts.clock, counts.relative);
  if (most === 0) return 'none';
  return counts.absolute === most ? 'absolute' : counts.clock === most ? 'clock' : 'relative';
}

/** TSvals (RFC 7323) of the two readings' packets tick at least once in 100 ms: they tell a sum from a difference. */
function deltaFits(packets: readonly ListedPacket[], own: readonly number[]): boolean {
  const last = new Map<string, { tsVal: number; asIs: number; summed: number }>();
  let asIs = 0;
  let summed = 0;
  let sum = 0;
  for (const [i, { tcp, source }] of packets.entries()) {
    sum += own[i]!;
    const stamp = tcp?.options?.find(({ kind }) => kind === 8)?.body;
    if (stamp === undefined || stamp.length < 8) continue;
    const tsVal = stamp.slice(0, 4).reduce((word, byte) => word * 256 + byte, 0);
    const key = `${source.host} ${source.port}`;
    const before = last.get(key);
    if (before !== undefined && tsVal > before.tsVal && tsVal - before.tsVal < 1e8) {
      // Clocks of 1 kHz are the rule (Linux since 4.13, BSD, Windows); older ones only stretch both errors.
      const ticked = (tsVal - before.tsVal) / 1000;
      asIs += Math.abs(own[i]! - before.asIs - ticked);
      summed += Math.abs(sum - before.summed - ticked);
    }
    last.set(key, { tsVal, asIs: own[i]!, summed: sum });
  }
  return summed < asIs;
}

/** Times that begin at zero may count from the first packet or each from the one before. */
function areDeltas(packets: readonly ListedPacket[], own: readonly number[]): boolean {
  if (own[0] !== 0 || own.length < 3) return false;
  let falls = 0;
  for (let i = 1; i < own.length; i++) if (own[i]! < own[i - 1]!) falls++;
  // A capture may hold a few packets out of order, never a third of them.
  if (falls > 0) return falls * 3 >= own.length || deltaFits(packets, own);
  return deltaFits(packets, own);
}

/** Puts the times of a list on one axis. */
export function readClock(packets: readonly ListedPacket[]): ListClock {
  const kind = kindOf(packets);
  const times = new Float64Array(packets.length);
  if (kind === 'none') {
    return { kind, epochSeconds: 0, resolution: Number.POSITIVE_INFINITY, times, deltas: false };
  }
  const first = packets.find(({ time }) => time?.kind === kind)!.time!;
  const epochSeconds = kind === 'absolute' ? first.whole : 0;
  let digits = 0;
  let days = 0;
  let previous = first.whole - epochSeconds + first.fraction;
  const own = packets.map(({ time }) => {
    if (time === null || time.kind !== kind) return previous;
    digits = Math.max(digits, time.digits);
    let seconds = time.whole - epochSeconds + time.fraction + days;
    // A list without dates begins anew at midnight.
    if (kind === 'clock' && previous - seconds > HALF_A_DAY) {
      days += DAY;
      seconds += DAY;
    }
    previous = seconds;
    return seconds;
  });
  const deltas = kind !== 'absolute' && areDeltas(packets, own);
  let sum = 0;
  for (const [i, seconds] of own.entries()) {
    sum += seconds;
    times[i] = deltas ? sum : seconds;
  }
  const written = kind === 'clock' && own[0] === 0 ? 'relative' : kind;
  return { kind: deltas ? 'relative' : written, epochSeconds, resolution: 10 ** -digits, times, deltas };
}
