import { defineEvidence, type Known, unknown } from '../define.ts';
import application from './application.ts';

export interface KeepAliveHintFact extends Known {
  readonly known: true;
  /** Seconds that the server's last response announced in `Keep-Alive: timeout=`. */
  seconds: number;
  /** Frame of that response. */
  number: number;
}

/** How long the server said that it keeps an idle connection (a hint of practice; RFC 2068 §19.7.1). */
export default defineEvidence('The idle timeout that the server announced', (subject) => {
  const app = application.of(subject);
  const last = app.known ? (app.lastResponse ?? app.firstResponse) : null;
  if (last?.protocol !== 'http-response') return unknown('the last response is no readable HTTP');
  if (last.keepAlive < 0) return unknown('the last response announces no Keep-Alive timeout');
  return { known: true, seconds: last.keepAlive, number: last.number };
});
