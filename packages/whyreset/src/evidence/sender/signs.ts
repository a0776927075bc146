import type { TimelinePacket } from '../../connection/connection.ts';
import { mayComeFromPath } from '../../wire/reset-payload.ts';
import type { Subject } from '../define.ts';
import arrival from '../handshake/arrival.ts';
import { seconds, thousands, who } from '../packets.ts';
import challengeAck from '../reset/challenge-ack.ts';
import type { ResetFact } from '../reset/reset.ts';
import resetPayload from '../reset/reset-payload.ts';
import risingResets from '../reset/rising-resets.ts';
import trigger from '../reset/trigger.ts';
import earlyReset from './early-reset.ts';
import forgedReset, { type Detection, type Detector } from './forged-reset.ts';
import ipId from './ip-id.ts';
import mac from './mac.ts';
import { absenceSign } from './maker-proofs.ts';
import { marksOf, runsOn } from './own-marks.ts';
import packetsAfterReset from './packets-after-reset.ts';
import { type Sign, sign } from './sign.ts';
import { stacksOf } from './stack-profile.ts';
import ttl from './ttl.ts';
import { ttlAgainst, ttlFits } from './ttl-sign.ts';

type Examiner = (subject: Subject, r: ResetFact) => Sign | null;

/** What a detector of the 2009 paper found, where none of its known false positives is in sight. */
function raced(subject: Subject, detector: Detector): Detection | undefined {
  const forged = forgedReset.of(subject);
  if (!forged.known || forged.doubts.length > 0) return undefined;
  return forged.detections.find((found) => found.detector === detector);
}

const numbers = (packets: readonly TimelinePacket[]) => packets.map((p) => p.number);

const early: Examiner = (subject, r) => {
  const soon = earlyReset.of(subject);
  if (!soon.known || !soon.tooSoon) return null;
  const verb = soon.by === 'trigger' ? 'answers' : 'acknowledges';
  const says = `it ${verb} packet ${soon.packet.number} after ${seconds(soon.elapsed)}, though a round trip to the ${who(r.side)} takes ${seconds(soon.roundTrip)}`;
  return sign(soon.by, !soon.shorterPath, says, soon.packet.number, r.packet.number);
};

const numbering: Examiner = (subject, r) => {
  const climb = risingResets.of(subject);
  if (climb.known) {
    const says = `${climb.packets.length} RSTs with rising sequence numbers, beyond anything the ${who(r.side)} had sent, as injectors send them`;
    const hedged = raced(subject, 'RST_SEQ_CHANGE') !== undefined;
    return sign('reset', hedged, says, ...numbers(climb.packets));
  }
  const { connection } = subject;
  if (r.ahead <= 0 || connection.originator.gaps + connection.responder.gaps > 0) return null;
  const says = `its sequence number lies ${thousands(r.ahead)} beyond the next byte the ${who(r.side)} had to send`;
  // Far outside the window nobody aims: a left-over of an earlier connection lies there.
  const challenge = challengeAck.of(subject);
  return sign('reset', !challenge.known || challenge.place !== 'outside', says, r.packet.number);
};

/** Bonded cards, a bridge inside the host and an address that moves are honest, so it is never more than a sign. */
const otherCard: Examiner = (subject, r) => {
  const link = mac.of(subject);
  if (!link.known || !link.sameSegment) return null;
  const says = `the frame of the RST comes from ${link.reset}, all others of the ${who(r.side)} from ${link.usual} on this same segment`;
  return sign('mac', link.recent, says, r.packet.number);
};

const wentOn: Examiner = (subject, r) => {
  const later = packetsAfterReset.of(subject);
  if (!later.known || later.packets.length > 0) return null;
  const [undated] = later.undated;
  const [unlike] = later.unlike;
  const packet = undated ?? unlike;
  if (packet === undefined) return null;
  const says =
    undated === undefined
      ? `packet ${packet.number} in the ${who(r.side)}'s name came after the RST and does not look like its earlier packets`
      : `packet ${packet.number} of the ${who(r.side)} came after the RST, but nothing shows that it was sent after it`;
  return sign('packetsAfterReset', false, says, r.packet.number, packet.number);
};

/** Each looks at something else, so that no observation counts twice. */
const AGAINST: readonly Examiner[] = [
  ttlAgainst,
  early,
  numbering,
  otherCard,
  wentOn,
  (subject, r) => {
    const missing = absenceSign(subject, r);
    return missing === null || missing.doubt === null ? null : missing.sign;
  },
  (subject, r) => {
    const came = arrival.of(subject);
    const distance = ttl.of(subject);
    // A host that shares the address (a balancer's other target, anycast) may have refused it as well.
    if (!came.known || came.course !== 'stopped' || r.side !== 'responder') return null;
    return sign('arrival', distance.known && distance.delta > 0, came.says, ...came.packets);
  },
  (subject) => {
    const race = raced(subject, 'DATA_SEQ_RST');
    return race === undefined ? null : sign('forgedReset', false, race.says, ...numbers(race.packets));
  },
  (subject) => {
    const race = raced(subject, 'RST_ACK_CHANGE');
    return race === undefined ? null : sign('forgedReset', true, race.says, ...numbers(race.packets));
  },
  ({ connection }, r) => {
    if (r.shape !== 'foreign') return null;
    const names = stacksOf(connection, r.side).map(({ name }) => name);
    const stacks =
      names.length === 0
        ? 'no known stack'
        : `${names.join(' and ')} do${names.length === 1 ? 'es' : ''} not`;
    return sign('reset', false, `${r.oddities.join(', ')}: ${stacks} build that`, r.packet.number);
  },
  (subject, r) => {
    const id = ipId.of(subject);
    if (!id.known || id.fits || id.source !== 'counter') return null;
    const says = `IP-ID ${id.reset} is ${id.delta} off the ${who(r.side)}'s counter`;
    return sign('ipId', false, says, r.packet.number);
  },
  (subject, r) => {
    const said = resetPayload.of(subject);
    if (!said.known || said.payload.kind !== 'diagnostic' || !mayComeFromPath(said.payload.code)) return null;
    const says = `its payload gives a reason that boxes on a path use: ${said.payload.meaning}`;
    return sign('resetPayload', false, says, r.packet.number);
  },
];

const FITS: readonly Examiner[] = [
  ttlFits,
  (subject, r) => {
    if (r.shape !== 'active' || r.ahead !== 0) return null;
    const continues = runsOn(marksOf(subject.connection.timeline, r.packet, r.index));
    const says = `it continues the ${who(r.side)}'s own numbering${continues ? ', timestamp or IP-ID included' : ''}: RST+ACK at the next byte, window ${r.packet.window}`;
    return sign('reset', continues, says, r.packet.number);
  },
  (subject, r) => {
    const cause = trigger.of(subject);
    if (r.shape !== 'passive' || !cause.known) return null;
    const says = `its sequence number is the ACK of packet ${cause.packet.number}: the answer of a stack that could not place it`;
    return sign('trigger', false, says, cause.packet.number, r.packet.number);
  },
];

function all(examiners: readonly Examiner[], subject: Subject, r: ResetFact): Sign[] {
  return examiners.map((examine) => examine(subject, r)).filter((found) => found !== null);
}

/** What weighs against the claimed sender, each independent of the others. */
export const signsAgainst = (subject: Subject, r: ResetFact) => all(AGAINST, subject, r);

/** What fits the claimed sender's own stack. */
export const signsFor = (subject: Subject, r: ResetFact) => all(FITS, subject, r);
