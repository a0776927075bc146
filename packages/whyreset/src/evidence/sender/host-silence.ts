import type { LineRef } from '../../host/source.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { firstReset } from '../host/kernel-reason.ts';
import { who } from '../packets.ts';
import reset from '../reset/reset.ts';
import vantage from './vantage.ts';

export interface HostSilenceFact extends Known {
  readonly known: true;
  /** One sentence without a final stop. */
  says: string;
  /** The lines before and after that show the host was being traced. */
  lines: LineRef[];
}

/**
 * The RST left a host whose TCP stack sent none (diagnose.md §6.7 HP4): netfilter's REJECT builds its own
 * (Linux net/ipv4/netfilter/nf_reject_ipv4.c), without socket, trace or counter. The capture must be of
 * that host itself: another one that shares its address (a cluster, a failover) has a trace of its own.
 */
export default defineEvidence('A RST that left a host whose TCP stack sent none', (subject) => {
  const { host } = subject.world;
  if (host === null || !host.given.trace) return unknown('no kernel trace was given');
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const at = vantage.of(subject);
  if (!at.known) return unknown(at.why);
  if (at.at !== r.side && at.at !== 'both')
    return unknown('the capture was not taken at the host whose address the RST carries');
  const silence = host.silence(firstReset(subject, r));
  if (!silence.silent) return unknown(silence.why);
  return {
    known: true,
    says: `the trace of the ${who(r.side)}’s host has the RSTs that its TCP stack sent before and after, but not this one: something else made it, such as a REJECT rule of its firewall`,
    lines: [host.lineOf(silence.before), host.lineOf(silence.after)],
  };
});
