import type { Mark } from '../../logs/observation.ts';
import { thousands } from './words.ts';

/** What a number of the text comes to, and who says so. */
export interface Finding {
  /** One sentence without a final stop. */
  says: string;
  source: string;
  mark: Mark | null;
  /** The number is the kernel’s own, or that of a product or platform which the text names. */
  certain: boolean;
}

/** Linux: tcp_keepalive_time 7,200 s, then 9 probes 75 s apart. */
const KEEPALIVE = 7200 + 9 * 75;
/** Linux, tcp_retries2 = 15: 0.2 s doubled up to 120 s (kernel documentation ip-sysctl: "924.6 seconds"). */
const RETRANSMISSION = 924.6;

/** Seconds after which a connect without any answer ends, by the stack that gives up. */
const SYN: readonly [number, string][] = [
  [21, 'Windows: SYN repeated after 3 s and 6 s'],
  [63, 'Linux before 3.x, tcp_syn_retries = 5: 1 + 2 + 4 + 8 + 16 + 32 s'],
  [75, 'BSD and macOS'],
  [127, 'Linux, tcp_syn_retries = 6: 1 + 2 + 4 + … + 64 s'],
  [189, 'Linux with an initial timeout of 3 s'],
];

/** The kernel's own arithmetic behind a duration. */
export function kernelTime(
  seconds: number,
  connecting: boolean,
  rounded: 'to minutes' | 'no' = 'no',
): Finding | null {
  if (rounded === 'to minutes' && !connecting && (seconds === 900 || seconds === 960))
    return {
      says: `${seconds / 60} minutes are what 15 retransmissions take (924.6 s on Linux): nothing was acknowledged any more`,
      source: 'Linux tcp_retries2',
      mark: 'number-retransmission',
      certain: true,
    };
  if (seconds >= KEEPALIVE - 5 && seconds <= KEEPALIVE + 150) {
    const more = Math.round(seconds - KEEPALIVE);
    return {
      says: `${thousands(seconds)} s is 7,200 s + 9 × 75 s${more > 2 ? ` + ${more} s` : ''}: TCP keep-alive of Linux gave up on a peer that was gone`,
      source: 'Linux tcp_keepalive_time, _probes, _intvl',
      mark: 'number-keepalive',
      certain: true,
    };
  }
  if (!connecting && seconds >= RETRANSMISSION - 4 && seconds <= RETRANSMISSION + 60)
    return {
      says: `${thousands(seconds)} s is what 15 retransmissions take (924.6 s on Linux): nothing was acknowledged any more`,
      source: 'Linux tcp_retries2',
      mark: 'number-retransmission',
      certain: true,
    };
  const syn = connecting
    ? SYN.find(([time]) => Math.abs(seconds - time) <= Math.max(1, time * 0.04))
    : undefined;
  return syn === undefined
    ? null
    : {
        says: `${thousands(seconds)} s is how long unanswered connects are repeated (${syn[1]})`,
        source: 'Linux tcp_syn_retries, stacks of other systems',
        mark: 'number-syn',
        certain: true,
      };
}
