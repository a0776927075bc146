import type { Ended, Observation } from '../logs/observation.ts';
import { neverConnected } from './likelihood/define.ts';

/**
 * What cannot have happened, given this text: only what it proves. Sentences.
 *
 * @param proves whether the words can stand for no other ending
 */
export function rulesOut(seen: Observation, ended: Ended, proves: boolean): string[] {
  const out: string[] = [];
  if (proves && neverConnected(seen))
    out.push('No keep-alive race and no idle timeout: there was no connection to lose.');
  else if (seen.shown.has('fresh') && !seen.shown.has('reused'))
    out.push('No keep-alive race: this socket had never carried an answer before.');
  if (proves && seen.end === 'refused' && ended === 'rst')
    out.push('Not a network that drops packets: something answered at once.');
  return out;
}
