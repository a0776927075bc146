import type { TimelinePacket } from '../../connection/connection.ts';
import { DELAYS, defineEvidence, type Known, unknown } from '../define.ts';
import reset from '../reset/reset.ts';
import closing from './closing.ts';
import exchange from './exchange.ts';

export interface PromptCloseFact extends Known {
  readonly known: true;
  /** The server's FIN or active RST. */
  end: TimelinePacket;
}

/** A server that only wants to say "not this" says it within this many seconds. */
const AT_ONCE = 1;

/** The server ended the connection right behind the client's bytes: the answer of one that could not read them. */
export default defineEvidence(
  'Whether the server ended the connection right behind the client’s bytes',
  (subject) => {
    const said = exchange.of(subject);
    if (!said.known) return unknown(said.why);
    const close = closing.of(subject);
    const rst = reset.of(subject);
    const end =
      close.known && close.side === 'responder'
        ? close.fin
        : rst.known && rst.side === 'responder' && rst.shape === 'active'
          ? rst.packet
          : null;
    if (end === null) return unknown('the server did not end the connection of its own accord');
    const elapsed = end.time - said.originator.lastDataTime;
    if (elapsed > AT_ONCE) return unknown('the server took its time');
    if (elapsed < 0) return unknown('the client went on sending after the end');
    return { known: true, end };
  },
).needsTimes(DELAYS);
