import type { Subject } from '../evidence/define.ts';
import type { Family } from '../families/define.ts';
import type { Judgement } from './judge.ts';
import { familyOf } from './rank.ts';
import type { Finding } from './result.ts';
import type { Tally } from './tally.ts';

/*
 * Which connections are one trouble. They share a family and its key (server, client or path); what the client
 * ended is apart from what the server ended, because the fix is elsewhere. Findings are then joined where one
 * client, or one moment, explains several servers.
 */

/** What one connection is counted under. */
export interface Place {
  family: Family | null;
  benign: boolean;
  /** The client ended them: the same fix may lie behind connections to several servers. */
  byClient: boolean;
  /** Of the server, the client or the path. */
  key: string;
}

/** One client's scan, or the flood of one server, is one event whatever became of each connection. */
function eventOf({ connection: { originator, responder } }: Subject, { facts }: Judgement): Place | null {
  const { scan, exchange } = facts;
  if (scan === null || (exchange !== null && !exchange.silent)) return null;
  const flood = scan.kind === 'flood';
  const family = familyOf.get(flood ? 'syn-flood' : 'port-scan') ?? null;
  const key = flood ? `${responder.address} ${responder.port}` : originator.address;
  return { family, benign: false, byClient: false, key };
}

export function placeOf(subject: Subject, judgement: Judgement): Place {
  const event = eventOf(subject, judgement);
  if (event !== null) return event;
  const { originator, responder } = subject.connection;
  const { family, verdict } = judgement;
  const shared = family?.sharedBy ?? 'server';
  const key =
    shared === 'path'
      ? responder.address
      : shared === 'client'
        ? originator.address
        : `${responder.address} ${responder.port}`;
  const byClient = shared === 'server' && verdict.sender === 'originator';
  return { family, benign: verdict.benign, byClient, key };
}

/** A finding in the making, and what its connections share. */
export interface Gathered {
  tally: Tally;
  sharedBy: Finding['sharedBy'];
}

/** Findings of one family beyond this number are one: an outage, a fleet with the same setting. */
const SEPARATE = 6;

/** Two servers at one moment may be chance; so many connections, or three servers, are one event. */
const FEW_SERVERS = 2;
const MANY_CONNECTIONS = 4;

/** Joins each with the first before it that `same` accepts. */
function joinBy(
  gathered: readonly Gathered[],
  sharedBy: Finding['sharedBy'],
  same: (a: Tally, b: Tally) => boolean,
): Gathered[] {
  const joined: Gathered[] = [];
  for (const one of gathered) {
    const first = joined.find(({ tally }) => same(tally, one.tally));
    if (first === undefined) joined.push(one);
    else {
      first.tally.merge(one.tally);
      first.sharedBy = sharedBy;
    }
  }
  return joined;
}

/** A moment that several servers share; asked before anything is joined, so that chance pairs stay apart. */
function isOneEvent(tallies: readonly Tally[], moment: Tally): boolean {
  const near = tallies.filter((tally) => tally.sharesMoment(moment));
  const connections = near.reduce((sum, { count }) => sum + count, 0);
  return near.length > FEW_SERVERS || (near.length === FEW_SERVERS && connections >= MANY_CONNECTIONS);
}

/** The findings of one family. @param tallies by server, client or path */
export function joinTallies(family: Family | null, byClient: boolean, tallies: readonly Tally[]): Gathered[] {
  let gathered: Gathered[] = tallies.map((tally) => ({ tally, sharedBy: family?.sharedBy ?? 'server' }));
  if (byClient)
    gathered = joinBy(gathered, 'client', (a, b) => a.onlyClient !== null && a.onlyClient === b.onlyClient);
  if (family?.byMoment === true) {
    const events = new Set(tallies.filter((tally) => isOneEvent(tallies, tally)));
    gathered = joinBy(gathered, 'moment', (a, b) => events.has(a) && events.has(b) && a.sharesMoment(b));
  }
  if (gathered.length <= SEPARATE) return gathered;
  const [first, ...rest] = gathered;
  for (const { tally } of rest) first!.tally.merge(tally);
  return [first!];
}
