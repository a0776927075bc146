import type { ConnectionTracker } from './connection/tracker.ts';
import type { EarlySegment, Prelude } from './prelude.ts';
import { seqDifference } from './wire/sequence.ts';

const SYN = 0x02;
const RST = 0x04;
const FIN = 0x01;

/** Packets of several queues are written a little out of order: so much earlier may a file begin in which connections go on. */
const SLACK = 0.05;
/** Seconds between files in which no connection goes on, when their names are not alike. */
const PAUSE = 10;
/** Bytes that a capture may have missed between two files, and how far back a repetition reaches. */
const MOST_MISSED = 4 * 1024 * 1024;
const MOST_REPEATED = 65_536;
/** What was sent before is sent again no sooner than this (Linux, TCP_RTO_MIN); sooner it is the same packet at another place. */
const LEAST_REPETITION = 0.2;
/** A path wobbles by a hop. */
const WOBBLE = 1;

/** What has been read so far of a capture that may go on in another file. */
export interface Stretch {
  tracker: Pick<ConnectionTracker, 'standing'>;
  linkTypes: readonly string[];
  /** Seconds since 1970 that the tracker's times count from, and the time of the last packet, counted from there. */
  epochSeconds: number;
  until: number;
  /** Of its last file. */
  name: string;
}

/** `sure`: connections go on in it. `apt`: nothing speaks against it. */
export type Continuation = 'sure' | 'apt' | 'no';

/** A file's name without its directory and the numbers that `tcpdump -C`, `-G` and others put into it. */
export function stemOf(name: string): string {
  return name.replace(/^.*[/\\]/, '').replace(/\d+/g, '');
}

/**
 * Whether a file goes on where a capture stopped, as one of `tcpdump -C`, `-G`
 * or of a ring buffer does: the same link type, no earlier packet than the last
 * one, and connections that are open go on with the next bytes and the same
 * TTLs. Two captures of one moment overlap in time, and a capture at another
 * place shows other TTLs.
 */
export function continuationOf(stretch: Stretch, prelude: Prelude, name: string): Continuation {
  const pause = prelude.first - stretch.epochSeconds - stretch.until;
  const sameLinks = prelude.linkTypes.every((type) => stretch.linkTypes.includes(type));
  if (pause < -SLACK || !sameLinks) return 'no';
  let on = 0;
  let against = 0;
  const first = new Map<string, EarlySegment>();
  for (const segment of prelude.segments) {
    const sender = `${segment.source} ${segment.sourcePort} ${segment.destination} ${segment.destinationPort}`;
    // Only the first segment of a side follows what was read; the others follow it.
    if (!first.has(sender)) first.set(sender, segment);
  }
  const held = new Set<string>();
  for (const [sender, segment] of first) {
    const goes = goesOn(stretch, segment);
    if (goes === 'held') held.add(sender);
    else if (goes === 'on') on++;
    else if (goes === 'against') against++;
  }
  // Both directions again: another capture of the same moment, whatever its clock shows. One alone may be a late duplicate.
  for (const { source, sourcePort, destination, destinationPort } of prelude.segments) {
    const there = `${source} ${sourcePort} ${destination} ${destinationPort}`;
    const back = `${destination} ${destinationPort} ${source} ${sourcePort}`;
    if (held.has(there) && held.has(back)) return 'no';
  }
  if (against > on) return 'no';
  if (on > 0) return 'sure';
  if (pause < 0) return 'no';
  return pause <= PAUSE || stemOf(name) === stemOf(stretch.name) ? 'apt' : 'no';
}

/** Whether a segment takes its connection further, was read already, or does not fit; null when it says nothing. */
function goesOn({ tracker, epochSeconds }: Stretch, segment: EarlySegment): 'on' | 'held' | 'against' | null {
  // A RST need not stand where its sender does: it may be forged, or answer without knowing the connection.
  if ((segment.flags & RST) !== 0) return null;
  const standing = tracker.standing(segment);
  if (standing === null) return null;
  const { next, ttlMin, ttlMax, end, held } = standing;
  if (held) return 'held';
  const ahead = seqDifference(segment.seq | 0, next | 0);
  const carries = segment.payloadLength > 0 || (segment.flags & (SYN | FIN)) !== 0;
  // Two captures of one moment, one of which begins a little later: what opens or carries bytes is in both.
  if (carries && ahead < 0 && ahead > -MOST_REPEATED)
    return segment.time - epochSeconds - end < LEAST_REPETITION ? 'against' : null;
  if ((segment.flags & SYN) !== 0) return null;
  const ttlFits = segment.ttl >= ttlMin - WOBBLE && segment.ttl <= ttlMax + WOBBLE;
  return ttlFits && ahead > -MOST_REPEATED && ahead < MOST_MISSED ? 'on' : 'against';
}
