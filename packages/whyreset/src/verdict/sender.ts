import type { Side } from '../connection/connection.ts';
import type { Subject } from '../evidence/define.ts';
import oldReset from '../evidence/reset/old-reset.ts';
import reset from '../evidence/reset/reset.ts';
import endingMaker from '../evidence/sender/ending-maker.ts';
import maker from '../evidence/sender/maker.ts';
import type { Sign } from '../evidence/sender/sign.ts';
import { type Candidate, madeByBox } from './candidate.ts';
import type { HostReport } from './host-report.ts';
import { certaintyAlone } from './rank.ts';
import type { Certainty, EvidenceLine, MakerEntry, Sender } from './result.ts';

/** Who made the packet that ended the connection, and how sure that is: a question of its own, whatever the motive. */
export interface SenderVerdict {
  sender: Sender;
  senderCertainty: Certainty;
}

const UNDETERMINED: SenderVerdict = { sender: 'undetermined', senderCertainty: 'undetermined' };

/** The side that the cause holds responsible; null where it leaves that to the evidence. */
function sideOf({ cause, answer }: Candidate): Sender | null {
  if (answer.sender !== undefined) return answer.sender;
  if (cause.resetBy === 'path') return 'middlebox';
  return cause.resetBy === 'either' ? null : cause.resetBy;
}

/** Without a RST: the cause alone says who ended it. */
function withoutReset(winner: Candidate | null): SenderVerdict {
  const sender = winner === null ? null : sideOf(winner);
  if (winner === null || sender === null || sender === 'undetermined') return UNDETERMINED;
  return { sender, senderCertainty: certaintyAlone(winner) };
}

/** What shows who made the RST, and who else may have; null without a RST. */
export function makerEntry(subject: Subject, { sender }: SenderVerdict): MakerEntry | null {
  if (!reset.of(subject).known) return null;
  const m = maker.of(subject);
  if (!m.known) return { because: [], rivals: [] };
  const outside = [...m.proofs, ...m.against, ...m.resembles];
  const inside = m.own === null ? m.fits : [m.own, ...m.fits.filter((sign) => sign !== m.own)];
  const signs =
    sender === 'middlebox' ? outside : sender === 'undetermined' ? [...outside, ...inside] : inside;
  return { because: signs.map(signLine), rivals: sender === m.sender ? [...m.rivals] : [] };
}

/** A sign as the result has it, without what only weighs it. */
function signLine({ fact, says, packets, lines }: Sign): EvidenceLine {
  return lines === undefined ? { fact, says, packets } : { fact, says, packets, lines };
}

/**
 * @param winner the cause that stands first, null when there is none
 */
export function senderOf(subject: Subject, winner: Candidate | null, report: HostReport): SenderVerdict {
  const r = reset.of(subject);
  const m = maker.of(subject);
  const byMaker: SenderVerdict = m.known
    ? { sender: m.sender, senderCertainty: m.senderCertainty }
    : UNDETERMINED;
  if (report.kernel !== null && !(winner !== null && madeByBox(winner)))
    return byMaker.sender === report.kernel.side ? byMaker : { ...UNDETERMINED, sender: report.kernel.side };
  // Numbers of an earlier connection look foreign in this one, and are no sign of a box.
  const old = oldReset.of(subject);
  if (old.known && winner?.cause.benign === true)
    return { sender: old.packet.from, senderCertainty: 'possible' };
  const ending = endingMaker.of(subject);
  // A FIN or an alert that ended it comes first; whoever answers what is sent afterwards only refuses it.
  if (
    ending.known &&
    ending.madeOutsideStack === 'likely' &&
    !(r.known && r.packet.number < ending.packet.number)
  )
    return { sender: 'middlebox', senderCertainty: 'likely' };
  if (!r.known) return withoutReset(winner);
  const outside = m.known && (m.madeOutsideStack === 'proven' || m.madeOutsideStack === 'likely');
  if (outside || winner === null) return byMaker;
  const byCause = sideOf(winner);
  if (byCause === 'undetermined') return UNDETERMINED;
  // A box may be why without being who: the RST of a host that gave up on a dead path is that host's own.
  if (byCause === 'middlebox')
    return m.known && m.madeOutsideStack === 'unlikely'
      ? byMaker
      : { sender: 'middlebox', senderCertainty: 'possible' };
  const sender = byCause ?? (r.side satisfies Side);
  return sender === byMaker.sender ? byMaker : { sender, senderCertainty: 'possible' };
}
