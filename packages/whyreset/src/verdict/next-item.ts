import type { Cause } from '../causes/define.ts';
import type { Side } from '../connection/connection.ts';
import oneDirection from '../evidence/around/one-direction.ts';
import type { Subject } from '../evidence/define.ts';
import { who } from '../evidence/packets.ts';
import reset from '../evidence/reset/reset.ts';
import { type Ask, ask, askAnswers, askCommand, askText, HOSTS, type HostNames } from '../families/ask.ts';
import { families } from '../families/index.ts';
import type { NextItem } from './result.ts';

const SECOND_CAPTURE = ask.capture('other end', 'a RST that its claimed sender never sent was made between');
const bothDirections = (missing: Side) => ask.capture('both directions', `what the ${who(missing)} sent`);
const A_LOG = ask.log('server', 'what the program wrote at that moment, or the proxy between');

/** Counters that several causes move: they tell none from another. */
const COMMON = new Set(['OutRsts', 'EstabResets', 'AttemptFails']);

const DISCRIMINATORS = new Map(
  families.flatMap(({ tells }) => tells.map((tell) => [`${tell.is} ${tell.not}`, tell] as const)),
);

/** What the families say tells two causes apart, whichever of the two is named first. */
export function discriminatorOf(a: string, b: string) {
  return DISCRIMINATORS.get(`${a} ${b}`) ?? DISCRIMINATORS.get(`${b} ${a}`) ?? null;
}

const disjoint = (a: readonly string[], b: readonly string[]) =>
  a.length > 0 && b.length > 0 && !a.some((name) => b.includes(name));

const byPath = (cause: Cause) => cause.resetBy === 'path' && cause.kernelReasons.length === 0;

/** The kernel’s line (or its absence) can only go with one of the two. */
function traceTells(a: Cause, b: Cause): boolean {
  if (byPath(a) !== byPath(b)) return true;
  return disjoint(a.kernelReasons, b.kernelReasons) || disjoint(a.callPaths ?? [], b.callPaths ?? []);
}

const ownCounters = (cause: Cause) => cause.counters.filter((name) => !COMMON.has(name));

function traceAsk(a: Cause, b: Cause): Ask {
  const byStack = !disjoint(a.kernelReasons, b.kernelReasons) && byPath(a) === byPath(b);
  const means = (cause: Cause) => ({ reasons: byPath(cause) ? [] : cause.kernelReasons, cause: cause.id });
  return byStack ? ask.trace('sender') : ask.trace('sender', means(a), means(b));
}

/** What the user can still bring that tells the two apart, best first. */
function itemsFor(a: Cause, b: Cause, carriesReset: boolean): Ask[] {
  const items: Ask[] = [];
  if (carriesReset && traceTells(a, b)) items.push(traceAsk(a, b));
  if (carriesReset && disjoint(ownCounters(a), ownCounters(b)))
    items.push(ask.counters('sender', ...new Set([...ownCounters(a), ...ownCounters(b)])));
  const known = discriminatorOf(a.id, b.id);
  if (known !== null) items.push(known.ask);
  return items;
}

/** @param hosts what the hosts are called in it */
export function asNextItem(asked: Ask, hosts: HostNames = HOSTS): NextItem {
  return {
    item: asked.item,
    text: askText(asked, hosts),
    answers: askAnswers(asked),
    command: askCommand(asked),
  };
}

/**
 * Asks for the one item that would decide between the first cause and the others, never for one that was
 * given already: a missing direction before all else, then the kernel's line where its reasons differ, else the
 * counters where these differ, else what the family asks, else a second capture, else a log.
 *
 * @param first null when nothing speaks for any cause
 * @returns null when nothing that could be asked for would help
 */
export function nextItem(subject: Subject, first: Cause | null, others: readonly Cause[]): NextItem | null {
  const { host, pairs, watches } = subject.world;
  const given: Partial<Record<Ask['item'], boolean>> = {
    trace: host?.given.trace === true,
    counters: host?.given.counters === true,
    log: host?.given.log === true,
    capture: pairs.length > 0 || watches.some(({ watched }) => watched),
  };
  const r = reset.of(subject);
  const side = r.known ? `the ${who(r.side)}’s host` : HOSTS.sender;
  const item = (asked: Ask) => asNextItem(asked, { ...HOSTS, sender: side });
  const half = oneDirection.of(subject);
  if (half.known) return item(bothDirections(half.missing));
  if (first !== null)
    for (const other of others)
      for (const asked of itemsFor(first, other, r.known)) if (given[asked.item] !== true) return item(asked);
  if (given.capture !== true) return item(SECOND_CAPTURE);
  return given.log === true ? null : item(A_LOG);
}
