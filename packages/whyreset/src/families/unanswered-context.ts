import type { Citation, KnownFacts } from '../causes/define.ts';
import { eventIn } from '../evidence/around/neighbours.ts';
import { accepts, refuses } from '../evidence/around/next-attempts.ts';
import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { seconds, thousands } from '../evidence/packets.ts';
import { LONG_WORK, MANY, PROMPT } from '../evidence/thresholds.ts';
import type { ContextRule } from './define.ts';

/** Causes by which a program closed or ended: its kernel then empties the receive queue. */
const CLOSED = ['unread-data-at-close', 'process-died', 'worker-killed', 'keep-alive-race-unread'];
/** Causes by which no program closed the socket. */
const FROM_OUTSIDE = ['listener-closed-with-queue', 'administrative-kill', 'tcp-memory-exhausted'];

/** An observation on the packets of an unanswered request, or on those of the end. */
const rule = (
  of: (facts: KnownFacts) => Citation | null,
  favours: readonly string[],
  disfavours: readonly string[] = [],
): ContextRule => ({ of, favours, disfavours });

const endOf = (exchange: KnownFacts['exchange']): number[] =>
  exchange === null || exchange.end === null ? [] : [exchange.end.number];

/** What moves the order of the causes that leave an unanswered request (docs/decisions/0004); nothing here excludes one. */
export const unansweredContext: readonly ContextRule[] = [
  rule(
    ({ resetWindow: w }) =>
      w?.change !== 'reopened'
        ? null
        : {
            fact: 'resetWindow',
            says: `the window of the RST is ${thousands(w.after)}, after ${thousands(w.before)} in the packet before: the receive queue was emptied, as the close or end of a program does`,
            packets: [w.last.number],
          },
    CLOSED,
    FROM_OUTSIDE,
  ),
  rule(
    ({ resetWindow: w }) =>
      w?.change !== 'unchanged'
        ? null
        : {
            fact: 'resetWindow',
            says: `the window of the RST is still ${thousands(w.before)}: the receive queue was not emptied, so no program closed the socket`,
            packets: [w.last.number],
          },
    FROM_OUTSIDE,
    CLOSED,
  ),
  rule(
    ({ abort: a, neighbours: n }) =>
      a?.side !== 'responder' ||
      a.owed !== 'answer' ||
      !a.prompt ||
      a.wait === null ||
      (n?.sameInstant ?? 1) >= MANY
        ? null
        : {
            fact: 'abort',
            says: `it came ${seconds(a.wait)} after the request: sooner than a time limit or a crash under way`,
            packets: a.packets,
          },
    ['unread-data-at-close', 'abort-by-linger-zero'],
  ),
  rule(
    ({ unansweredRequest: u, neighbours: n }) =>
      u === null ||
      !u.byFin ||
      u.wait >= PROMPT ||
      u.lacks > 0 ||
      u.cut !== null ||
      (n?.sameInstant ?? 1) >= MANY
        ? null
        : {
            fact: 'unansweredRequest',
            says: `the FIN came ${seconds(u.wait)} after the request: sooner than a time limit or a crash under way`,
            packets: [u.end.number],
          },
    ['closed-without-answer'],
  ),
  rule(
    ({ unansweredRequest: u }) =>
      u === null || u.wait < LONG_WORK
        ? null
        : {
            fact: 'unansweredRequest',
            says: `the server had the request for ${seconds(u.wait)}: later than a server refuses one`,
            packets: [u.request, u.end.number],
          },
    ['process-died', 'worker-killed'],
  ),
  rule(
    ({ neighbours: n, unansweredRequest: u }) =>
      u === null || n === null || n.sameAge < 2 || u.age < LONG_WORK
        ? null
        : {
            fact: 'neighbours',
            says: `${n.sameAge} requests that began at different times were cut off at the same age`,
            packets: [u.end.number],
          },
    ['worker-killed'],
    ['process-died'],
  ),
  rule(
    ({ unansweredRequest: u }) =>
      u === null || u.limits.length === 0
        ? null
        : {
            fact: 'unansweredRequest',
            says: `${seconds(u.age)} is a known limit of ${named(u.limits)}`,
            packets: [u.end.number],
          },
    ['worker-killed'],
  ),
  rule(
    ({ nextAttempts: n, exchange }) =>
      n === null || !refuses(n) ? null : { fact: 'nextAttempts', says: n.says, packets: endOf(exchange) },
    ['process-died', 'listener-closed-with-queue'],
    ['worker-killed', 'administrative-kill', 'abort-by-linger-zero'],
  ),
  rule(
    ({ nextAttempts: n, exchange }) =>
      n === null || !accepts(n) ? null : { fact: 'nextAttempts', says: n.says, packets: endOf(exchange) },
    ['closed-without-answer'],
    ['process-died', 'listener-closed-with-queue'],
  ),
  rule(
    ({ neighbours, exchange }) => {
      const says = neighbours === null ? null : eventIn(neighbours);
      return says === null ? null : { fact: 'neighbours', says, packets: endOf(exchange) };
    },
    ['process-died', 'administrative-kill', 'listener-closed-with-queue'],
    ['worker-killed'],
  ),
  rule(
    ({ neverAccepted: n }) =>
      n?.likely !== true
        ? null
        : {
            fact: 'neverAccepted',
            says: 'the RST came instead of a FIN with so short a request, which a program that had accepted the connection usually reads in one go',
            packets: n.packets,
          },
    ['listener-closed-with-queue'],
    ['process-died'],
  ),
  rule(
    ({ neverAccepted: n, neighbours: near }) =>
      n?.whole !== true || near === null || near.sameInstant < MANY || eventIn(near) === null
        ? null
        : {
            fact: 'neverAccepted',
            says: 'several connections ended at one moment with short requests unread: what waits in an accept queue ends so when the listener closes',
            packets: n.packets,
          },
    ['listener-closed-with-queue'],
  ),
  rule(
    ({ idle, knownTimeout: k }) => {
      if (idle === null || k === null || !idle.idle || idle.brokenBy !== 'originator') return null;
      const servers = matchesOf(k, 'responder').filter(({ what }) => what === 'server-keepalive');
      return servers.length === 0
        ? null
        : {
            fact: 'knownTimeout',
            says: `the connection had been idle, and ${seconds(idle.timer)} after its last answer it ended: a known default of ${named(servers)}`,
            packets: [idle.since, idle.ended],
          };
    },
    ['keep-alive-race-unread'],
  ),
];
