import type { AdviceLine } from '../causes/advice.ts';
import type { KnownFacts } from '../causes/define.ts';
import { refuses } from '../evidence/around/next-attempts.ts';
import { bytes, seconds, who } from '../evidence/packets.ts';
import type { Trouble } from './define.ts';
import { rangeText } from './words.ts';

/**
 * What is certain of a connection that its server (or client) ended with something outstanding, whichever program,
 * kernel or operator did it. The same for all causes that leave these packets.
 */
export function describeEnd(facts: KnownFacts): string {
  const { unansweredRequest, abort, earlyResponse, application, resetBehindFin: behind } = facts;
  if (earlyResponse !== null) {
    const { status, still } = earlyResponse;
    return `the server answered${status === null ? '' : ` ${status}`} before the request was complete, and closed: ${still}`;
  }
  if (behind !== null) {
    const owed = unansweredRequest === null ? '' : ', instead of answering';
    return `the ${who(behind.side)} sent a FIN and ${seconds(behind.after)} later reset the connection, with received bytes unread${owed}`;
  }
  if (unansweredRequest !== null) {
    const { byFin, wait, lacks, cut, complete } = unansweredRequest;
    const did = byFin ? 'closed the connection with a FIN' : 'reset the connection';
    if (lacks > 0)
      return `the server ${did} in the middle of its answer, which was still ${bytes(lacks)} short`;
    if (cut !== null) return `the server ${did} in the middle of its answer: ${cut}`;
    const length = application?.requestLength ?? 0;
    return complete && length > 0 && (abort === null || abort.left.length === 0)
      ? `the server’s host had all ${bytes(length)} of the request and, ${seconds(wait)} later, ${did} instead of answering`
      : `the server ${did} ${seconds(wait)} after the last bytes of a request, without having answered it`;
  }
  if (abort === null) return 'one side ended the connection of its own accord';
  const side = who(abort.side);
  const after = abort.wait === null ? 'after' : `${seconds(abort.wait)} after`;
  const peer = abort.side === 'originator' ? 'server' : 'client';
  switch (abort.owed) {
    case 'answer':
      return `the ${side} reset the connection ${after} the last byte of the ${peer}, without a FIN`;
    case 'rest':
      return `the ${side} reset the connection in the middle of its own message`;
    case 'unreceived':
      return `the ${side} reset the connection before a byte of the ${peer} had reached it`;
    case 'nothing':
      return `the ${side} reset the connection ${after} its own last byte, which came after all that had arrived`;
  }
}

/** Numbers of such an end: seconds that the request had waited, bytes that had arrived, bytes missing of the answer. */
export function measureEnd({ unansweredRequest, abort, nextAttempts }: KnownFacts): Record<string, number> {
  return {
    ...(unansweredRequest !== null && { wait: unansweredRequest.wait, age: unansweredRequest.age }),
    ...(unansweredRequest !== null && unansweredRequest.lacks > 0 && { lacks: unansweredRequest.lacks }),
    ...(abort?.owed === 'nothing' && abort.wait !== null && { quiet: abort.wait }),
    ...(nextAttempts !== null && refuses(nextAttempts) && { refused: 1 }),
  };
}

/** What to do where a request had arrived and got no answer, whichever of these causes it was. */
export function adviseUnanswered({ servers, measures }: Trouble): AdviceLine[] {
  const [server = 'the server'] = servers;
  const wait = measures.wait === undefined ? '' : `, ${rangeText(measures.wait)} after the request`;
  return [
    {
      who: 'server',
      do: `Look in the log of ${server} at that second${wait}: an exception, a worker that was restarted, a time or body limit, an exit (dmesg for oom-kill)`,
    },
    {
      who: 'client',
      do: 'The request may have been carried out: repeat only what is idempotent or carries an Idempotency-Key',
    },
  ];
}
