import { MPTCP_RESET_REASONS, type MptcpReset } from '../../wire/tcp-options.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';

export interface MptcpResetFact extends Known, MptcpReset {
  readonly known: true;
  /** The reason in words; codes that are not assigned say so. */
  meaning: string;
}

/** Multipath TCP ends single sub-flows, and its RST says why (RFC 8684 §3.6). */
export default defineEvidence('The reason that a Multipath TCP reset carries', ({ connection }) => {
  const { mptcpReset } = connection;
  if (mptcpReset === null) return unknown('the first RST carries no MP_TCPRST option');
  const { reason } = mptcpReset;
  const meaning = MPTCP_RESET_REASONS[reason] ?? 'a reason that is not assigned';
  return { known: true, ...mptcpReset, meaning };
});
