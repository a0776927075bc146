import type { Cause } from '../causes/define.ts';
import type { Subject } from '../evidence/define.ts';
import { who } from '../evidence/packets.ts';
import reset from '../evidence/reset/reset.ts';
import { reasonName } from '../host/kernel-reasons.ts';

/** What a user can still bring. */
type Item = 'trace' | 'counters' | 'capture' | 'log';

const SECOND_CAPTURE =
  'a capture of the same moment taken at the other end: a RST that its claimed sender never sent was made between';
const A_LOG = 'the log of the program at either end, or of the proxy between, from that moment (--log FILE)';

/** Counters that several causes move: they tell none from another. */
const COMMON = new Set(['OutRsts', 'EstabResets', 'AttemptFails']);

/** Which of the items an `ask` of the catalogue is about; null for others, such as a configuration. */
function itemOf(ask: string): Item | null {
  if (/\bnstat\b|\bdelta of\b|\bcounters?\b/i.test(ask)) return 'counters';
  if (/\btcp_send_reset\b|\bkernel trace\b/i.test(ask)) return 'trace';
  if (/\bcapture\b/i.test(ask)) return 'capture';
  return /\blogs?\b/i.test(ask) ? 'log' : null;
}

const disjoint = (a: readonly string[], b: readonly string[]) =>
  a.length > 0 && b.length > 0 && !a.some((name) => b.includes(name));

const byPath = (cause: Cause) => cause.resetBy === 'path' && cause.kernelReasons.length === 0;

/** The kernel’s line (or its absence) can only go with one of the two. */
function traceTells(a: Cause, b: Cause): boolean {
  if (byPath(a) !== byPath(b)) return true;
  return disjoint(a.kernelReasons, b.kernelReasons) || disjoint(a.callPaths ?? [], b.callPaths ?? []);
}

function countersTell(a: Cause, b: Cause): boolean {
  const own = (cause: Cause) => cause.counters.filter((name) => !COMMON.has(name));
  return disjoint(own(a), own(b));
}

const TRACING = '/sys/kernel/tracing';

/** The one command that gets the line, and what its answer would mean. */
function traceAsk(subject: Subject, a: Cause, b: Cause): string {
  const r = reset.of(subject);
  const host = r.known ? `the ${who(r.side)}’s host` : 'the host that reset';
  const stacks =
    disjoint(a.callPaths ?? [], b.callPaths ?? []) && !disjoint(a.kernelReasons, b.kernelReasons);
  const event = 'events/tcp/tcp_send_reset';
  const stack = stacks ? `echo stacktrace > ${event}/trigger; ` : '';
  const command = `sudo sh -c 'cd ${TRACING}; ${stack}echo 1 > ${event}/enable; cat trace_pipe' > reset.trace`;
  const means = (cause: Cause) =>
    `${byPath(cause) ? 'no line for it' : cause.kernelReasons.map(reasonName).join(' or ')} means ${cause.id}`;
  const answer = stacks ? 'the stack below the line tells the two apart' : `${means(a)}, ${means(b)}`;
  return `the kernel’s own line about the RST, from ${host} (Linux 6.10 or later): ${command} while it happens, then --trace reset.trace; ${answer}`;
}

function countersAsk(subject: Subject, a: Cause, b: Cause): string {
  const r = reset.of(subject);
  const host = r.known ? `the ${who(r.side)}’s host` : 'the host that reset';
  const own = [...new Set([...a.counters, ...b.counters])].filter((name) => !COMMON.has(name));
  return `the counters ${own.join(', ')} of ${host} before and after: nstat -asz > before, and again > after (--counters before after)`;
}

/** The catalogue’s own question between two causes, whichever of the two asks it. */
function catalogueAsk(a: Cause, b: Cause): string | null {
  const known =
    a.rivals.find((rival) => rival.cause === b.id) ?? b.rivals.find((rival) => rival.cause === a.id);
  return known?.ask ?? null;
}

/**
 * Asks for the one item that would decide between the first cause and the others, never for one that was
 * given already: the kernel's line where its reasons differ, else the counters where these differ, else
 * what the catalogue asks, else a second capture, else a log.
 *
 * @param first null when nothing speaks for any cause
 * @returns null when nothing that could be asked for would help
 */
export function nextItem(subject: Subject, first: Cause | null, others: readonly Cause[]): string | null {
  const { host, pairs, watches } = subject.world;
  const given: Record<Item, boolean> = {
    trace: host?.given.trace === true,
    counters: host?.given.counters === true,
    log: host?.given.log === true,
    capture: pairs.length > 0 || watches.some(({ watched }) => watched),
  };
  const carriesReset = reset.of(subject).known;
  if (first !== null) {
    for (const other of others) {
      const ask = catalogueAsk(first, other);
      const item = ask === null ? null : itemOf(ask);
      if (carriesReset && !given.trace && traceTells(first, other))
        return item === 'trace' ? ask! : traceAsk(subject, first, other);
      if (carriesReset && !given.counters && countersTell(first, other))
        return item === 'counters' ? ask! : countersAsk(subject, first, other);
      if (ask !== null && (item === null || !given[item])) return ask;
    }
    const rest = first.rivals.find(({ ask }) => {
      const item = itemOf(ask);
      return item === null || !given[item];
    });
    if (others.length === 0 && rest !== undefined) return rest.ask;
  }
  if (!given.capture) return SECOND_CAPTURE;
  return given.log ? null : A_LOG;
}
