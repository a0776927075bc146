import type { Ended, Observation } from '../logs/observation.ts';
import { neverConnected } from './likelihood/define.ts';

/** What cannot have happened, given this text: only what it proves. Sentences. */
export function rulesOut(seen: Observation, ended: Ended): string[] {
  const out: string[] = [];
  if (neverConnected(seen))
    out.push('No keep-alive race and no idle timeout: there was no connection to lose.');
  else if (seen.shown.has('fresh') && !seen.shown.has('reused'))
    out.push('No keep-alive race: this socket had never carried an answer before.');
  if (seen.end === 'refused' && ended === 'rst')
    out.push('Not a network that drops packets: something answered at once.');
  return out;
}
