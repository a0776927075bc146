import type { AdviceLine } from '../causes/advice.ts';
import type { Citation, KnownFacts } from '../causes/define.ts';
import type { Ask } from './ask.ts';

export { ask } from './ask.ts';

/** What one number came to over the connections of a finding. */
export interface Range {
  min: number;
  max: number;
}

/**
 * What the connections of one finding share, for its headline and advice.
 */
export interface Trouble {
  /** Connections of the finding. */
  count: number;
  /** All connections that the capture holds to these servers; null where that was not counted. */
  total: number | null;
  /** `ip:port`, most frequent first. */
  servers: readonly string[];
  /** Addresses, most frequent first. */
  clients: readonly string[];
  /** Seconds from the first of them to the last. */
  span: number;
  /** By name, as `measure` of the family gives them. */
  measures: Readonly<Record<string, Range>>;
  /** Id of the cause that stands first. */
  cause: string | null;
  /** Facts of the connection that is shown in full. */
  facts: KnownFacts;
}

/** What other facts mean for the order of the causes that remain. It excludes nothing. */
export interface ContextRule {
  /** What was seen; null where the rule does not apply. */
  of(facts: KnownFacts): Citation | null;
  /** Ids of causes that become more probable by it. */
  favours?: readonly string[];
  /** Ids of causes that become less probable by it. */
  disfavours?: readonly string[];
}

/** What tells one cause from another, once for the pair. */
export interface Discriminator {
  is: string;
  not: string;
  /** A clause that goes on from “it is …, not …:”. */
  by: string;
  /** Settles it where the packets do not. */
  ask: Ask;
}

/**
 * Causes that one fix ends, or that the wire cannot tell apart. The id is the
 * file name; which causes belong to it stands in their own files.
 */
export interface Family {
  id: string;
  /** Noun phrase. */
  title: string;
  benign: boolean;
  /** What became of the connections: `36 of 37 connections lost`; default `lost`. */
  outcome?: string;
  /**
   * Ids of causes that its trouble brings about at the same server afterwards. Such connections belong to its
   * finding: a process that died, and the connections that its port then refused, have one fix.
   */
  brings?: readonly string[];
  /** What its connections have in common, which makes one finding of them. */
  sharedBy: 'server' | 'client' | 'path';
  /** Connections to several servers that ended within a second of each other are one event: a deploy, an outage. */
  byMoment?: true;
  /** One sentence without a final stop: certain as soon as any member is possible. With numbers, for one connection. */
  statement(facts: KnownFacts): string;
  /** The answer in one or two sentences without a final stop: for members that are at least `likely`. */
  headline(trouble: Trouble): string;
  /**
   * All its connections are one event, whatever became of each: it has no causes of its own, and its headline says
   * how many there were.
   */
  isEvent?: true;
  /** Numbers of one connection that headline and advice need over all of them; in SI units. */
  measure?(facts: KnownFacts): Readonly<Record<string, number>>;
  /** Observations that support every member alike, appended to the evidence of the one that is named. */
  evidence?(facts: KnownFacts): Citation[];
  /** What to change, right for every member. */
  advice(trouble: Trouble): AdviceLine[];
  context: readonly ContextRule[];
  tells: readonly Discriminator[];
}

export function defineFamily(family: Family): Family {
  return family;
}
