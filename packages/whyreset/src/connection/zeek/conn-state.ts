import type { ConnState } from '../connection.ts';
import {
  CLOSED,
  ESTABLISHED,
  INACTIVE,
  PARTIAL,
  RESET_STATE,
  SYN_ACK_SENT,
  SYN_SENT,
} from '../store/layout.ts';

/** A SYN of the originator, then its RST, and nothing between that shows it was answered. */
const SYN_THEN_RST = /^\^?S[^HAFGIQ]*R/;

const quiet = (state: number) => state === INACTIVE || state === PARTIAL;
const opening = (state: number) => state === SYN_SENT || state === SYN_ACK_SENT;

/**
 * Zeek's `conn_state` (scripts/base/protocols/conn/main.zeek, function conn_state).
 * @param orig @param resp endpoint states at the end
 * @param bytes payload bytes of both sides together
 */
export function connState(orig: number, resp: number, history: string, bytes: number): ConnState {
  if (resp === RESET_STATE) {
    if (opening(orig) || (orig === RESET_STATE && bytes === 0)) return 'REJ';
    return quiet(orig) ? 'RSTRH' : 'RSTR';
  }
  if (orig === RESET_STATE) {
    if (!quiet(resp)) return 'RSTO';
    return SYN_THEN_RST.test(history) ? 'RSTOS0' : 'OTH';
  }
  if (orig === CLOSED) {
    if (resp === CLOSED) return 'SF';
    return quiet(resp) ? 'SH' : 'S2';
  }
  if (resp === CLOSED) return quiet(orig) ? 'SHR' : 'S3';
  if (orig === SYN_SENT && resp === INACTIVE) return 'S0';
  return orig === ESTABLISHED && resp === ESTABLISHED ? 'S1' : 'OTH';
}
