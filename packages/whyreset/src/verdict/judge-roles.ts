import type { Side } from '../connection/connection.ts';
import { endpointText } from '../connection/endpoint-text.ts';
import { endpoint, other } from '../connection/packet-kind.ts';
import { swapped } from '../connection/swap.ts';
import { newSubject, type Subject } from '../evidence/define.ts';
import { ask } from '../families/ask.ts';
import { type Judgement, judge } from './judge.ts';
import { asNextItem } from './next-item.ts';
import type { Alternative, EvidenceLine, Sender } from './result.ts';

/** Causes shown for each side as the client. */
const CAUSES_A_SIDE = 2;

const BEGINNING = ask.capture('beginning', 'its SYN, and with it which side is the client');

function mirror(sender: Sender): Sender {
  return sender === 'originator' || sender === 'responder' ? other(sender) : sender;
}

const nameOf = ({ connection }: Subject, side: Side) => endpointText(endpoint(connection, side));

/** What holds whichever side is the client. */
function neutralLines(subject: Subject, { facts: { closing, reset } }: Judgement): EvidenceLine[] {
  const lines: EvidenceLine[] = [];
  if (closing !== null) {
    const { number } = closing.fin;
    const says = `${nameOf(subject, closing.side)} closed with the FIN in packet ${number}`;
    lines.push({ fact: 'closing', says, packets: [number] });
  }
  if (reset !== null) {
    const { number } = reset.packet;
    const says = `the RST in packet ${number} carries the address of ${nameOf(subject, reset.side)}`;
    lines.push({ fact: 'reset', says, packets: [number] });
  }
  return lines;
}

/** The first causes of a judgement, each under the condition that `client` is the client. */
function conditional({ cause, because, alternatives }: Judgement, client: string): Alternative[] {
  const named: Alternative[] =
    cause === null
      ? []
      : [
          {
            cause: cause.id,
            taxonomy: cause.taxonomy,
            family: cause.family,
            because: because.map(({ says }) => says).join('; '),
          },
        ];
  return [...named, ...alternatives]
    .slice(0, CAUSES_A_SIDE)
    .map((one) => ({ ...one, because: `if ${client} is the client: ${one.because}` }));
}

/**
 * `judge`, and where nothing shows which side is the client a judgement for
 * either: a cause that depends on it is no answer, and blames the wrong side
 * as often as the right one. With a second capture the views decide.
 */
export function judgeRoles(subject: Subject): Judgement {
  const one = judge(subject);
  const { connection, world } = subject;
  if (connection.roles.certainty !== 'unknown' || world.pairs.length > 0) return one;
  const two = judge(newSubject(swapped(connection), world));
  const sender = one.verdict.sender === mirror(two.verdict.sender) ? one.verdict.sender : 'undetermined';
  if (one.cause !== null && one.cause === two.cause && sender !== 'undetermined') return one;
  const alternatives = [
    ...conditional(one, nameOf(subject, 'originator')),
    ...conditional(two, nameOf(subject, 'responder')),
  ];
  if (alternatives.length === 0) return one;
  const because = neutralLines(subject, one);
  return {
    ...one,
    family: null,
    statement: [...because.map(({ says }) => says), 'which side is the client is not known'].join('; '),
    verdict: {
      family: null,
      cause: null,
      taxonomy: null,
      certainty: 'undetermined',
      general: null,
      sender,
      senderCertainty: sender === 'undetermined' ? 'undetermined' : one.verdict.senderCertainty,
      benign: false,
    },
    cause: null,
    because,
    ruledOut: [],
    doubted: [],
    alternatives,
    next: asNextItem(BEGINNING),
  };
}
