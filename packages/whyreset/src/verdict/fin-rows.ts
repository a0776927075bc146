import type { Connection, Side } from '../connection/connection.ts';
import { endpoint, isReset, who } from '../evidence/packets.ts';
import type { LadderRow } from './result.ts';

const SIDES: readonly Side[] = ['originator', 'responder'];
/** As `ladder.ts` weighs a FIN: it always stays. */
const WEIGHT = 80;

interface Ladder {
  rows: LadderRow[];
  elidedAfter: number;
}

/** The FINs that the bounded timeline of a long connection did not keep; their payload and ACK are not known. */
function unkeptFins(connection: Connection): LadderRow[] {
  const { timeline, start } = connection;
  const kept = new Set(timeline.map((p) => p.number));
  const reset = timeline.find(isReset);
  return SIDES.flatMap((from) => {
    const { fin } = endpoint(connection, from);
    // What came after the RST ended nothing.
    if (fin === null || kept.has(fin.number) || (reset !== undefined && fin.time > reset.time)) return [];
    const row: LadderRow = {
      packet: fin.number,
      time: fin.time - start,
      from,
      flags: 'F',
      seq: (fin.seq - 1) >>> 0,
      ack: null,
      length: 0,
      note: `${who(from)} closes`,
      weight: WEIGHT,
      elided: 0,
    };
    return [row];
  });
}

/** The rows with such FINs in their places, counted no more among the packets left out there. */
export function withUnkeptFins({ rows, elidedAfter }: Ladder, connection: Connection): Ladder {
  let after = elidedAfter;
  const out = [...rows];
  for (const fin of unkeptFins(connection)) {
    const at = out.findIndex((row) => row.time > fin.time);
    const next = out[at];
    if (next === undefined) {
      out.push({ ...fin, elided: Math.max(0, after - 1) });
      after = 0;
    } else {
      out.splice(at, 1, { ...fin, elided: Math.max(0, next.elided - 1) }, { ...next, elided: 0 });
    }
  }
  return { rows: out, elidedAfter: after };
}
