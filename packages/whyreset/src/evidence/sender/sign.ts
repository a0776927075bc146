import type { LineRef } from '../../host/source.ts';

/** One observation about who built the RST. */
export interface Sign {
  /** The evidence that it comes from. */
  fact: string;
  /** One sentence without a final stop. */
  says: string;
  /** Frames that show it. */
  packets: number[];
  /** Lines of a trace that show it. */
  lines?: LineRef[];
  /** Hardly any honest stack shows it; the others only add to one that is. */
  heavy: boolean;
}

export function sign(fact: string, heavy: boolean, says: string, ...packets: number[]): Sign {
  return { fact, says, packets, heavy };
}
