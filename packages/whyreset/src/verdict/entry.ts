import { endpointText } from '../connection/endpoint-text.ts';
import type { Subject } from '../evidence/define.ts';
import { isoTime } from './iso-time.ts';
import type { Judgement } from './judge.ts';
import type { ResetEntry } from './result.ts';
import { makerEntry } from './sender.ts';
import { vantageLines, vantagesOf } from './vantages.ts';

/** One connection's entry in the result. */
export function entryOf(subject: Subject, judgement: Judgement, epochSeconds: number): ResetEntry {
  const { connection } = subject;
  const { roles } = connection;
  const { reset, exchange, closing } = judgement.facts;
  const carries = connection.originator.resets + connection.responder.resets > 0;
  const { icmp } = judgement.facts;
  const ended =
    reset?.packet ?? closing?.fin ?? icmp?.rejection ?? exchange?.end ?? connection.timeline.at(-1);
  const packet = ended?.number ?? 0;
  const measures = judgement.family?.measure?.(judgement.facts) ?? {};
  const vantages = vantagesOf(subject, packet, judgement.verdict.sender);
  const others =
    vantages === undefined && subject.world.watches.length === 0
      ? []
      : vantageLines(subject).filter(({ says }) => !judgement.because.some((line) => line.says === says));
  return {
    connection: {
      originator: endpointText(connection.originator),
      responder: endpointText(connection.responder),
      state: connection.state,
      history: connection.history,
      roles: { basis: roles.basis, certainty: roles.certainty, says: roles.says },
    },
    input: connection.input,
    reset: carries,
    packet,
    time: isoTime(epochSeconds, ended?.time ?? connection.end),
    claimedSender: carries
      ? (reset?.side ?? (connection.responder.resets > 0 ? 'responder' : 'originator'))
      : null,
    verdict: judgement.verdict,
    maker: makerEntry(subject, judgement.verdict),
    statement: judgement.statement,
    evidence: [...judgement.because, ...others],
    ruledOut: judgement.ruledOut,
    doubted: judgement.doubted,
    alternatives: judgement.alternatives,
    next: judgement.next,
    ...(Object.keys(measures).length > 0 && { measures }),
    ...(vantages !== undefined && { vantages }),
  };
}
