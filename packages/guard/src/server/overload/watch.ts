import type { Server as NetServer } from 'node:net';
import { describeDuration } from '../../duration.ts';
import type { Gate } from '../gate.ts';
import type { NoticeCode, Tell } from '../notice.ts';
import { acceptQueueCounters } from './accept-queue.ts';
import { descriptorLimit, openDescriptors } from './descriptors.ts';
import type { OverloadSettings } from './limits.ts';
import { LoopLateness } from './loop-lateness.ts';
import { memoryUse } from './memory.ts';

/** One look at the resources whose exhaustion ends in resets. */
export interface Reading {
  /** 99th percentile since the look before, milliseconds. */
  eventLoopDelayMs: number;
  memory: { used: number; limit: number; of: 'control group' | 'V8 heap' };
  /** null where the system does not say. */
  descriptors: { open: number; limit: number } | null;
  sockets: number;
  /** Connections that found an accept queue of this network namespace full, since the look before. */
  acceptQueueOverflows: number;
}

/** A resource against its limit: 1 is the point at which requests are turned away. */
interface Pressure {
  code: NoticeCode;
  share: number;
  /** Share at which the owner is told. */
  warnAt: number;
  words: string;
}

/**
 * Looks at the resources at every sample: tells when one gets scarce, lets answers end their connections from
 * then on, and turns requests away while one is past its limit, with an answer instead of a reset.
 */
export function watchOverload(
  gate: Gate,
  servers: Iterable<NetServer>,
  settings: OverloadSettings,
  tell: Tell,
): { reading(): Reading | null; stop(): void } {
  const lateness = new LoopLateness();
  let counters = acceptQueueCounters();
  let latest: Reading | null = null;
  let limit = descriptorLimit();
  let wasLate = false;
  const told = new Set<NoticeCode>();

  const look = () => {
    const now = acceptQueueCounters();
    // Without a descriptor left, none of these files can be opened: what was read before has to do.
    limit = descriptorLimit() ?? limit;
    latest = read(lateness.take(), limit, gate.connections.size, overflowsSince(counters, now));
    counters = now ?? counters;

    const pressures = pressuresOf(latest, settings);
    for (const { code, share, warnAt, words } of pressures) {
      if (share < warnAt) told.delete(code);
      else if (!told.has(code)) {
        told.add(code);
        tell({ code, message: words });
      }
    }
    tellOfAcceptQueue(latest, servers, told, tell);
    gate.tight = pressures.some(
      ({ code, share, warnAt }) => (code === 'descriptors' || code === 'sockets') && share >= warnAt,
    );
    const late = latest.eventLoopDelayMs >= settings.eventLoopDelayMs;
    const over = pressures.filter(({ code, share }) => share >= 1 && (code !== 'event-loop' || wasLate));
    wasLate = late;
    if (settings.shed) shed(gate, over, settings, tell);
  };
  // After a long turn all timers are due at once; in the check phase the probe of the lateness has run too.
  const timer = setInterval(() => setImmediate(look), settings.sampleMs);
  timer.unref();
  return {
    reading: () => latest,
    stop: () => {
      clearInterval(timer);
      lateness.stop();
      gate.shedding = null;
      gate.tight = false;
    },
  };
}

function read(
  eventLoopDelayMs: number,
  limit: number | null,
  sockets: number,
  acceptQueueOverflows: number,
): Reading {
  const open = openDescriptors(limit);
  return {
    eventLoopDelayMs,
    memory: memoryUse(),
    descriptors: limit === null || open === null ? null : { open, limit },
    sockets,
    acceptQueueOverflows,
  };
}

type Counters = ReturnType<typeof acceptQueueCounters>;
const overflowsSince = (before: Counters, now: Counters) =>
  before && now ? Math.max(0, now.overflows - before.overflows) : 0;

function pressuresOf(reading: Reading, settings: OverloadSettings): Pressure[] {
  const { eventLoopDelayMs, memory, descriptors, sockets } = reading;
  const { warnAt } = settings;
  const pressures: Pressure[] = [
    {
      code: 'event-loop',
      share: eventLoopDelayMs / settings.eventLoopDelayMs,
      warnAt,
      words: `The event loop is late by ${describeDuration(eventLoopDelayMs)} (99th percentile): timers close connections whose requests are waiting to be read. Look for synchronous work.`,
    },
    {
      code: 'memory',
      share: memory.used / memory.limit / settings.memory,
      warnAt: warnAt / settings.memory,
      words: `Memory: ${percent(memory.used / memory.limit)} of the ${memory.of}'s ${Math.round(memory.limit / 2 ** 20)} MiB are in use; at the limit the process is killed, and its connections with it.`,
    },
    {
      code: 'sockets',
      share: sockets / settings.sockets,
      warnAt,
      words: `${sockets} connections are open, of ${settings.sockets} allowed by overload.sockets.`,
    },
  ];
  if (descriptors)
    pressures.push({
      code: 'descriptors',
      share: descriptors.open / descriptors.limit / settings.descriptors,
      warnAt: warnAt / settings.descriptors,
      words: `${descriptors.open} of ${descriptors.limit} file descriptors are in use; at the limit Node accepts connections and drops them without a word. Raise the limit (ulimit -n, LimitNOFILE=) or look for a leak.`,
    });
  return pressures;
}

/** These connections never reached the process, so it cannot turn them away: it can only tell. */
function tellOfAcceptQueue(
  { acceptQueueOverflows }: Reading,
  servers: Iterable<NetServer>,
  told: Set<NoticeCode>,
  tell: Tell,
): void {
  if (acceptQueueOverflows === 0) {
    told.delete('accept-queue');
    return;
  }
  if (told.has('accept-queue')) return;
  told.add('accept-queue');
  const ports = [...servers].map((server) => portOf(server)).filter((port) => port !== null);
  tell({
    code: 'accept-queue',
    message: `${acceptQueueOverflows} connections found an accept queue full in this network namespace (this server listens on ${ports.join(', ') || 'no port'}): clients see timeouts or resets. Raise net.core.somaxconn and the backlog of listen(), or shorten what blocks the event loop.`,
  });
}

function portOf(server: NetServer): number | null {
  const address = server.address();
  return address && typeof address === 'object' ? address.port : null;
}

function shed(gate: Gate, over: readonly Pressure[], settings: OverloadSettings, tell: Tell): void {
  const [first] = over;
  if ((first !== undefined) === (gate.shedding !== null)) return;
  gate.shedding = first ? settings.retryAfter : null;
  tell(
    first
      ? { code: 'shedding', message: `Requests are answered 503 from now on. ${first.words}` }
      : {
          code: 'shedding-over',
          message: `Requests are served again; ${gate.shed} were turned away so far.`,
        },
  );
}

const percent = (share: number) => `${Math.round(share * 100)} %`;
