import type { Connection } from '../connection/connection.ts';
import { endpoint, other } from '../evidence/packets.ts';
import { icmpMeaning } from '../evidence/path/icmp-names.ts';
import type { LadderRow } from './result.ts';

/** A router repeats its error for every packet; the first ones tell. */
const MOST_ROWS = 3;
/** Above what is left out where room is short: the packet may decide. */
const WEIGHT = 95;

/** The rows with the ICMP errors that quote the connection in their places: a packet that decides must be seen. */
export function withIcmpRows(rows: readonly LadderRow[], connection: Connection): LadderRow[] {
  const { icmp, start } = connection;
  const errors = icmp.slice(0, MOST_ROWS).map((error): LadderRow => {
    const { number, time, type, code, reporter, about } = error;
    const sender = other(about);
    return {
      packet: number,
      time: time - start,
      from: sender,
      flags: '',
      seq: 0,
      ack: null,
      length: 0,
      note: icmpMeaning(error),
      weight: WEIGHT,
      elided: 0,
      icmp: { type, code, reporter, between: reporter !== endpoint(connection, sender).address },
    };
  });
  if (errors.length === 0) return [...rows];
  return [...rows, ...errors].sort((a, b) => a.time - b.time || a.packet - b.packet);
}
