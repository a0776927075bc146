import type { Citation, KnownFacts } from '../causes/define.ts';
import { eventIn } from '../evidence/around/neighbours.ts';
import { seconds, thousands } from '../evidence/packets.ts';
import { ask, defineFamily, type Trouble } from './define.ts';
import { nameServers, rangeText } from './words.ts';

/** The idle timeouts of clients, by product: one list for all advice. */
const POOLS =
  'undici keepAliveTimeout, agentkeepalive freeSocketTimeout, Go IdleConnTimeout, HttpClient evictIdleConnections, aiohttp keepalive_timeout, nginx upstream keepalive_timeout';
const SERVERS =
  'Node server.keepAliveTimeout with headersTimeout above it, nginx keepalive_timeout, gunicorn --keep-alive';

function sharedEvidence(facts: KnownFacts): Citation[] {
  const { idle, idleTimer, neighbours, outlivedSilence } = facts;
  const age = ageLimit(facts);
  if (age !== null && outlivedSilence !== null && neighbours !== null)
    return [
      {
        fact: 'neighbours',
        says: `${thousands(neighbours.sameLife)} connections to this server, begun at different times, ended at an age of ${seconds(age)}`,
        packets: idle === null ? [] : [idle.ended],
      },
      {
        fact: 'outlivedSilence',
        says: `this one had outlived ${seconds(outlivedSilence.gap)} of silence before: no idle timer as short as the last one`,
        packets: [outlivedSilence.since, outlivedSilence.until],
      },
    ];
  if (idleTimer !== null)
    return idleTimer.says.map((says) => ({ fact: 'idleTimer', says, packets: [idleTimer.ended] }));
  const event = neighbours === null ? null : eventIn(neighbours);
  return event === null || idle === null ? [] : [{ fact: 'neighbours', says: event, packets: [idle.ended] }];
}

/** `10.0.0.2:8080 closes idle connections after 0.30 s`. */
function closes({ servers, measures }: Trouble): string {
  const after = measures.idle === undefined ? '' : ` after ${rangeText(measures.idle)}`;
  return `${nameServers(servers)} idle connections${after}`;
}

/** Shorter pauses than idle timeouts are: says what happened, not how the server is configured. */
function closed({ servers, count, measures, facts: { idle } }: Trouble): string {
  const what = count === 1 ? 'a used connection' : 'used connections';
  const pause = count === 1 && idle?.silent ? ` ${seconds(idle.gap)} after the last byte` : '';
  const late = measures.late === undefined ? '' : ` ${rangeText(measures.late)} later`;
  if (measures.together !== undefined)
    return `${nameServers(servers, 'closed', 'closed')} ${thousands(measures.together.max)} connections in one instant, as a restart or shutdown does; the client used ${count === 1 ? 'one' : 'them'} again${late}`;
  return `${nameServers(servers, 'closed', 'closed')} ${what}${pause}; the client used ${count === 1 ? 'it' : 'them'} again${late}`;
}

/** As many connections, begun at different times, that ended at one age were ended by their age. */
const SEVERAL_LIVES = 3;

/** Seconds of the age at which the server ends connections, busy or idle; null where nothing shows such a limit. */
function ageLimit({ outlivedSilence, neighbours, lifetime }: KnownFacts): number | null {
  if (outlivedSilence === null || (neighbours?.sameLife ?? 0) < SEVERAL_LIVES) return null;
  return lifetime?.age ?? null;
}

export default defineFamily({
  id: 'keep-alive-race',
  title: 'Keep-alive race',
  benign: false,
  sharedBy: 'server',
  statement: ({ idle }) =>
    idle?.idle
      ? `the server ended the connection after ${seconds(idle.timer)} without a request, and the client used it again`
      : 'the server ended a connection that had served a request, and the client used it again',
  headline(trouble) {
    const { idle, age } = trouble.measures;
    if (age !== undefined)
      return `${nameServers(trouble.servers)} connections at an age of ${rangeText(age)}, used or not; the client uses them once more`;
    return idle === undefined
      ? closed(trouble)
      : `${closes(trouble)}; the client reuses them later than that`;
  },
  measure(facts): Record<string, number> {
    const { idleTimer, neighbours, reuse } = facts;
    const age = ageLimit(facts);
    return {
      ...(idleTimer !== null && { idle: idleTimer.timer }),
      ...(age !== null && { age }),
      ...(neighbours !== null && eventIn(neighbours) !== null && { together: neighbours.sameInstant }),
      ...(reuse !== null && reuse.late > 0 && { late: reuse.late }),
    };
  },
  evidence: sharedEvidence,
  advice({ measures }) {
    if (measures.age !== undefined) {
      const age = rangeText(measures.age);
      return [
        {
          who: 'client',
          do: `Retire connections before they are ${age} old (HikariCP maxLifetime, undici clientTtl, agentkeepalive socketActiveTTL): an idle timeout does not prevent this`,
        },
        {
          who: 'client',
          do: 'Repeat such a request once on a new connection where it may run twice, or where the error proves that it was not executed',
        },
        {
          who: 'server',
          do: `Find the limit on the age of connections that is at ${age}, and raise it or announce the last response with Connection: close`,
        },
      ];
    }
    const from = measures.idle === undefined ? '' : ` from ${rangeText(measures.idle)}`;
    const least =
      measures.idle === undefined ? 'the keep-alive timeout of the server' : seconds(measures.idle.min);
    return [
      {
        who: 'client',
        do: `Close idle connections earlier than the server does: set the pool's idle timeout clearly below ${least} (${POOLS})`,
      },
      {
        who: 'client',
        do: 'Repeat such a request once on a new connection where it may run twice, or where the error proves that it was not executed',
      },
      {
        who: 'server',
        do: `Raise the keep-alive timeout${from} above the idle timeout of every client and balancer (${SERVERS}; above 60 s behind an AWS ALB, above 600 s behind a Google balancer) and announce it in Keep-Alive: timeout=`,
      },
    ];
  },
  context: [],
  tells: [
    {
      is: 'keep-alive-race-crossing',
      not: 'stale-pool-reuse',
      by: 'the request does not acknowledge the FIN, so the client could not know',
      ask: ask.capture('client', 'whether the FIN arrived before the request left'),
    },
    {
      is: 'keep-alive-race-crossing',
      not: 'keep-alive-race-unread',
      by: 'a FIN was sent, and the RST is the answer of a stack without the connection',
      ask: ask.counters('sender', 'TCPAbortOnData', 'TCPAbortOnClose'),
    },
    {
      is: 'keep-alive-race-crossing',
      not: 'write-after-close',
      by: 'an earlier exchange was complete and the server closed out of idleness',
      ask: ask.config('server', 'the keep-alive timeout the server is configured with'),
    },
    {
      is: 'keep-alive-race-crossing',
      not: 'max-requests-or-age',
      by: 'the server closed after a silence, not right behind a response',
      ask: ask.config('server', 'the limits on requests or age of a connection in the server configuration'),
    },
    {
      is: 'keep-alive-race-crossing',
      not: 'peer-lost-state',
      by: 'the server had sent a FIN',
      ask: ask.capture('server', 'its FIN is in it'),
    },
    {
      is: 'keep-alive-race-unread',
      not: 'unread-data-at-close',
      by: 'the request was the first after a silence as long as the server’s idle timeout',
      ask: ask.config(
        'server',
        'the keep-alive timeout the server is configured with, against the silence measured here',
      ),
    },
    {
      is: 'keep-alive-race-unread',
      not: 'abort-by-linger-zero',
      by: 'the request was the first after a silence as long as the server’s idle timeout',
      ask: ask.counters('sender', 'TCPAbortOnClose', 'TCPAbortOnData'),
    },
    {
      is: 'stale-pool-reuse',
      not: 'write-after-close',
      by: 'the connection had served a request and was closed out of idleness',
      ask: ask.config(
        'client',
        'the client’s pool settings: whether it checks a connection before it uses it',
      ),
    },
    {
      is: 'stale-pool-reuse',
      not: 'max-requests-or-age',
      by: 'the server closed after a silence, not right behind a response',
      ask: ask.config('server', 'the limits on requests or age of a connection in the server configuration'),
    },
    {
      is: 'max-requests-or-age',
      not: 'write-after-close',
      by: 'the server closed behind a complete response, and what came was a new request',
      ask: ask.config('server', 'the limits on requests or age of a connection in the server configuration'),
    },
  ],
});
