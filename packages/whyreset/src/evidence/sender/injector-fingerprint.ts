import type { TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { distance, hasAck, isReset } from '../packets.ts';
import reset, { type ResetFact } from '../reset/reset.ts';
import { FINGERPRINTS, type InjectorFingerprint, type Volley } from './injector-fingerprints.ts';
import { hops } from './vantage.ts';

export interface InjectorFingerprintFact extends Known {
  readonly known: true;
  matches: InjectorFingerprint[];
  /** The volley that was looked at. */
  packets: TimelinePacket[];
}

/** RSTs of one volley follow each other at once, seconds (net4people/bbs#285: within milliseconds). */
const VOLLEY = 1;

/** Window field of the other side's latest packet before the RST, -1 when there was none. */
function windowBefore(timeline: readonly TimelinePacket[], r: ResetFact): number {
  for (let i = r.index - 1; i >= 0; i--) {
    const p = timeline[i]!;
    if (p.from !== r.side && !isReset(p)) return p.window;
  }
  return -1;
}

/** The volley as far as its steps hold: one that strafes by windows begins anew with the next packet that it sees. */
function stepping(volley: readonly TimelinePacket[], steps: Volley['steps'], window: number) {
  if (steps === undefined) return volley;
  const from = volley[0]!.seq;
  const wanted = (i: number) => (steps === 'windows' ? ((i * (i + 1)) / 2) * window : steps[i]);
  const end = volley.findIndex((p, i) => distance(p.seq, from) !== wanted(i));
  if (end < 0) return volley;
  return steps === 'windows' ? volley.slice(0, end) : [];
}

function fits(v: Volley, all: readonly TimelinePacket[], port: number, window: number): boolean {
  const wanted = v.count;
  const volley = stepping(all, v.steps, window);
  const many = typeof wanted === 'number' ? volley.length === wanted : volley.length >= wanted.atLeast;
  if (!many || (v.port !== undefined && v.port !== port) || volley.length === 0) return false;
  // A raw socket writes no options, and none of the described injectors does.
  if (volley.some((p) => hasAck(p) !== (v.flags === 'RST+ACK') || p.headerLength !== 20)) return false;
  const first = volley[0]!;
  // What a packet list does not show cannot be compared.
  if (v.dontFragment !== undefined && volley.some((p) => p.ttl === 0)) return false;
  return volley.every((p, i) => {
    if (v.window === 'counts up' && p.window !== ((first.window + i) & 0xffff)) return false;
    if (v.window === 'echoed' && p.window !== window) return false;
    if (typeof v.window === 'number' && p.window !== v.window) return false;
    if (v.ttl === 'counts up' && p.ttl !== first.ttl + i) return false;
    if (v.dontFragment !== undefined && p.dontFragment !== v.dontFragment) return false;
    if (v.initialTtl !== undefined && p.ttl + hops(p.ttl) !== v.initialTtl) return false;
    return p.length === (v.payload ?? 0);
  });
}

/**
 * RSTs built as a known injector was once seen to build them. Injectors change, and headers as simple as these
 * occur by chance: a match may stand beside other evidence and is never weighed by itself (diagnose.md §2.3).
 */
export default defineEvidence('RSTs that look like those of a known injector', (subject) => {
  const r = reset.of(subject);
  const { connection } = subject;
  if (!r.known) return unknown(r.why);
  const volley = r.all.filter((p) => p.from === r.side && p.time - r.packet.time < VOLLEY);
  const window = windowBefore(connection.timeline, r);
  const matches = FINGERPRINTS.filter((f) => fits(f.volley, volley, connection.responder.port, window));
  return matches.length > 0
    ? { known: true, matches, packets: volley }
    : unknown('they look like those of no injector in the list');
});
