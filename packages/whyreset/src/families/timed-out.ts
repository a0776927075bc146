import { seconds, who } from '../evidence/packets.ts';
import { ask, defineFamily } from './define.ts';
import { nameServers, rangeText } from './words.ts';

export default defineFamily({
  id: 'timed-out',
  title: 'A timeout of one side ran out',
  benign: false,
  sharedBy: 'server',
  statement({ idle, exchange, reset, closing, requestProgress, unawaitedAnswer, zeroWindow }) {
    const side = reset?.side ?? closing?.side ?? 'responder';
    if (unawaitedAnswer !== null)
      return `the client ended the connection ${seconds(unawaitedAnswer.wait)} after its request, before it had the whole answer`;
    const full = zeroWindow?.span[side === 'responder' ? 'originator' : 'responder'] ?? 0;
    if (full > 0)
      return `the ${who(side)} ended the connection after its peer had offered no room for ${seconds(full)}`;
    if (side === 'responder' && requestProgress !== null && requestProgress.age > 0 && idle?.idle !== true)
      return `the server ended the connection ${seconds(requestProgress.age)} after the first byte of a request`;
    const wait = idle?.idle === true ? ` after ${seconds(idle.timer)} without data` : '';
    const open =
      exchange?.unanswered === true && idle?.sinceFrom !== 'responder' ? ', with the request unanswered' : '';
    return `the ${who(side)} ended the connection${wait}${open}`;
  },
  headline({ cause, clients, servers, measures }) {
    const wait = measures.wait === undefined ? '' : ` after ${rangeText(measures.wait)}`;
    const client = clients.length === 1 ? clients[0] : `${clients.length} clients`;
    if (cause === 'client-gave-up')
      return `The client ${client} ${clients.length > 1 ? 'give' : 'gives'} up${wait} without the complete response of ${servers[0] ?? 'the server'}`;
    if (measures.unused !== undefined && measures.wait === undefined && cause !== 'server-idle-kill')
      return `${nameServers(servers, 'closes', 'close')} a connection on which no request has come within ${rangeText(measures.unused)}`;
    const idle = measures.idle === undefined ? '' : ` after ${rangeText(measures.idle)}`;
    return cause === 'server-idle-kill'
      ? `${nameServers(servers, 'ends', 'end')} idle sessions${idle}`
      : `${nameServers(servers, 'stops waiting', 'stop waiting')} for the rest of a request${wait}`;
  },
  measure: ({ idle, exchange, handshake, reset, closing }): Record<string, number> => {
    const end = reset?.packet ?? closing?.fin;
    const asked = exchange?.originator.lastDataTime ?? -1;
    return {
      ...(idle?.idle === true && { idle: idle.timer }),
      ...(end !== undefined && asked >= 0 && { wait: end.time - asked }),
      // No request ever came: the wait began with the connection.
      ...(end !== undefined &&
        asked < 0 &&
        handshake?.complete === true && { unused: end.time - (handshake.ack ?? handshake.syn).time }),
    };
  },
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'server-timeout-on-slow-client',
      not: 'server-idle-kill',
      by: 'the client had begun a request',
      ask: ask.log('server', 'the server’s log at that time'),
    },
    {
      is: 'client-gave-up',
      not: 'abort-by-linger-zero',
      by: 'the client had waited for the response first',
      ask: ask.log('client', 'the client’s log: a timeout, an abort or a cancel'),
    },
    {
      is: 'client-gave-up',
      not: 'write-after-close',
      by: 'what came late was the response the client no longer waited for',
      ask: ask.log('client', 'the client’s log: a timeout, an abort or a cancel'),
    },
    {
      is: 'client-gave-up',
      not: 'injected-reset',
      by: 'the RST continues the client’s own numbering',
      ask: ask.capture('client', 'whether it holds the RST'),
    },
    {
      is: 'client-gave-up',
      not: 'fin-wait-expiry',
      by: 'the client had closed to be gone, not to say that its request was complete',
      ask: ask.state('client', 'the code of the client: shutdown of one direction, or close'),
    },
    {
      is: 'client-gave-up',
      not: 'unnatted-reply',
      by: 'the client had closed or aborted',
      ask: ask.capture('client', 'the same bytes from an address it never dialled'),
    },
    {
      is: 'server-idle-kill',
      not: 'administrative-kill',
      by: 'the silence before it is the same each time, or a known timeout',
      ask: ask.config(
        'server',
        'the silence before the reset in a few more connections, and the session timeouts in the server configuration',
      ),
    },
    {
      is: 'server-idle-kill',
      not: 'abort-by-linger-zero',
      by: 'it comes out of a silence that is a timeout',
      ask: ask.log(
        'server',
        'the idle and session timeouts in the server configuration, and its log at that time',
      ),
    },
    {
      is: 'server-idle-kill',
      not: 'write-after-close',
      by: 'the server closed out of a silence, with a message or a reset',
      ask: ask.log('server', 'the server’s log at that time'),
    },
    {
      is: 'server-idle-kill',
      not: 'keepalive-gave-up',
      by: 'no keep-alive probe had gone unanswered before it',
      ask: ask.log(
        'server',
        'the error in the log of the program that reset: ETIMEDOUT is the kernel’s verdict, not the program’s',
      ),
    },
  ],
});
