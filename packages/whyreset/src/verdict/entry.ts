import type { Connection } from '../connection/connection.ts';
import { endpointText } from '../connection/endpoint-text.ts';
import { isoTime } from './iso-time.ts';
import type { Judgement } from './judge.ts';
import type { ResetEntry } from './result.ts';

/** One connection's entry in the result. */
export function entryOf(connection: Connection, judgement: Judgement, epochSeconds: number): ResetEntry {
  const { reset, exchange, closing } = judgement.facts;
  const carries = connection.originator.resets + connection.responder.resets > 0;
  const ended = reset.known
    ? reset.packet
    : closing.known
      ? closing.fin
      : ((exchange.known ? exchange.end : null) ?? connection.timeline.at(-1));
  return {
    connection: {
      originator: endpointText(connection.originator),
      responder: endpointText(connection.responder),
      state: connection.state,
      history: connection.history,
    },
    input: connection.input,
    reset: carries,
    packet: ended?.number ?? 0,
    time: isoTime(epochSeconds, ended?.time ?? connection.end),
    claimedSender: carries
      ? reset.known
        ? reset.side
        : connection.responder.resets > 0
          ? 'responder'
          : 'originator'
      : null,
    verdict: judgement.verdict,
    evidence: judgement.because,
    ruledOut: judgement.ruledOut,
    alternatives: judgement.alternatives,
    advice: judgement.cause === null ? [] : judgement.cause.advice(judgement.facts),
    next: judgement.next,
  };
}
