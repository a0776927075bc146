import { bytes, other, seconds, who } from '../evidence/packets.ts';
import { ask, defineFamily } from './define.ts';
import { nameServers, rangeText } from './words.ts';

export default defineFamily({
  id: 'written-after-close',
  title: 'Data sent to a side that had closed',
  benign: false,
  sharedBy: 'server',
  statement({ closing }) {
    if (closing === null) return 'one side had closed with a FIN, and the RST only answers what came later';
    const late = closing.dataAfter[0] ?? closing.crossing;
    const peer = who(other(closing.side));
    const sent =
      late == null
        ? ''
        : `; ${seconds(Math.abs(late.time - closing.fin.time))} later the ${peer} sent ${bytes(late.length)}`;
    return `the ${who(closing.side)} had closed with a FIN${sent}, and the RST only answers that`;
  },
  headline({ servers, measures, facts }) {
    const closer = facts.closing?.side ?? 'responder';
    const after = measures.late === undefined ? '' : ` ${rangeText(measures.late)} later`;
    return closer === 'responder'
      ? `${nameServers(servers)} the connection with a FIN, and the client sends more${after}; that data is lost`
      : `The client closes the connection with a FIN, and ${servers[0] ?? 'the server'} sends more${after}; that data is lost`;
  },
  measure: ({ closing }): Record<string, number> => {
    const late = closing?.dataAfter[0];
    return closing === null || late === undefined ? {} : { late: late.time - closing.fin.time };
  },
  advice({ facts: { closing } }) {
    const closer = who(closing?.side ?? 'responder');
    const writer = who(other(closing?.side ?? 'responder'));
    return [
      {
        who: writer,
        do: 'Read while writing, and stop at the end of the stream: in Node handle "end" and leave allowHalfOpen off, in Python look for an empty recv(), in a pool drop connections that became readable',
      },
      {
        who: closer,
        do: `Find out why the ${closer} closes at that point (its log at that second), and announce the end first: Connection: close, GOAWAY, a goodbye message, or shutdown(SHUT_WR) and reading to the end`,
      },
    ];
  },
  context: [],
  tells: [
    {
      is: 'write-after-close',
      not: 'keep-alive-race-crossing',
      by: 'no quiet keep-alive connection was closed under a new request',
      ask: ask.capture('other end', 'whether the late bytes acknowledge the FIN'),
    },
    {
      is: 'write-after-close',
      not: 'stale-pool-reuse',
      by: 'no quiet keep-alive connection was closed under a new request',
      ask: ask.log('server', 'the log of the connection pool that handed the connection out'),
    },
    {
      is: 'write-after-close',
      not: 'client-gave-up',
      by: 'what came late was not the answer to a request that the client had dropped',
      ask: ask.log('client', 'the log of the client: a timeout, an abort or a cancel'),
    },
    {
      is: 'write-after-close',
      not: 'early-response-unread-body',
      by: 'the server had not answered a request before its body was through',
      ask: ask.log('server', 'the access log of the server: the status it gave to this request'),
    },
    {
      is: 'write-after-close',
      not: 'max-requests-or-age',
      by: 'the close did not follow a response as its last one',
      ask: ask.config('server', 'the limits on requests and age of a connection in the server configuration'),
    },
    {
      is: 'write-after-close',
      not: 'server-idle-kill',
      by: 'the close did not end a long silence',
      ask: ask.log('server', 'the log of the server at that time'),
    },
    {
      is: 'write-after-close',
      not: 'descriptor-exhaustion',
      by: 'the server had taken part before it closed',
      ask: ask.config('server', 'the process’s open files against its limit'),
    },
    {
      is: 'write-after-close',
      not: 'connection-limit-reached',
      by: 'the server had taken part before it closed',
      ask: ask.config('server', 'the server’s own limit of connections and its count at that time'),
    },
    {
      is: 'write-after-close',
      not: 'fin-wait-expiry',
      by: 'the late bytes came within a minute of the close, or nobody had meant a half-close',
      ask: ask.trace('sender'),
    },
    {
      is: 'fin-wait-expiry',
      not: 'client-gave-up',
      by: 'the FIN came right behind the request: the client meant to read the answer',
      ask: ask.state('client', 'the code of the client: shutdown of one direction, or close'),
    },
  ],
});
