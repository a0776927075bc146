import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Subject } from '../../packages/whyreset/src/evidence/define.ts';
import maker from '../../packages/whyreset/src/evidence/sender/maker.ts';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { type Network, SITUATIONS } from '../helpers/honest-network.ts';
import { fileOf, framesOf, later } from '../helpers/pcap-frames.ts';
import { captureToSubjects } from '../helpers/subject.ts';
import { timelineToPcap } from '../helpers/timeline.ts';

/*
 * docs/decisions/0016-what-may-be-called-proven.md lists what could make each proof of a RST's maker false. Here the
 * networks that do it are made at random, and the capture is damaged as captures are: the box that is not there is
 * neither proven nor likely, and the TCP that made the RST itself is never proven not to have.
 */
const network: fc.Arbitrary<Network> = fc.record({
  timestamps: fc.boolean(),
  ids: fc.constantFrom('counter', 'zero', 'random'),
  initialTtl: fc.constantFrom(64, 128, 255),
  hops: fc.integer({ min: 0, max: 20 }),
  delay: fc.constantFrom(0.000_05, 0.001, 0.005, 0.02, 0.1),
  exchanges: fc.integer({ min: 0, max: 6 }),
  think: fc.constantFrom(0.001, 0.02, 0.3, 2, 20),
  seed: fc.nat(),
});

type Packets = ReturnType<typeof framesOf>['packets'];

/** What captures do to what they capture. */
const DAMAGE: Readonly<Record<string, (packets: Packets, dice: number) => Packets>> = {
  'a whole capture': (packets) => packets,
  'one that begins in the middle': (packets, dice) => packets.slice(Math.floor(dice * packets.length * 0.7)),
  'one that missed packets': (packets, dice) =>
    packets.filter((_, i) => ((i + 1) * 0.618 + dice) % 1 >= 0.15),
  'one that has packets twice': (packets, dice) =>
    packets.flatMap((p, i) => (((i + 1) * 0.618 + dice) % 1 < 0.3 ? [p, later(p, 4000)] : [p])),
  'one of the server’s packets alone': (packets) => packets.filter(({ bytes }) => bytes[6 + 5] !== 1),
  'one whose clock stepped on': (packets, dice) => {
    const from = Math.floor(dice * packets.length);
    return packets.map((p, i) => (i < from ? p : later(p, 2.5e9)));
  },
  'one whose clock stepped back': (packets, dice) => {
    const from = Math.floor(dice * packets.length);
    return packets.map((p, i) => (i < from ? p : later(p, -0.4e9)));
  },
};

const accused = (subject: Subject, byTcp: boolean): string[] => {
  const { originator, responder } = subject.connection;
  if (originator.resets + responder.resets === 0) return [];
  const { verdict } = judge(subject);
  const m = maker.of(subject);
  const sure = verdict.senderCertainty === 'proven' || verdict.senderCertainty === 'likely';
  const told: string[] = [];
  const because = m.known ? [...m.proofs, ...m.against].map(({ says }) => says).join('; ') : '';
  if (verdict.sender === 'middlebox' && sure)
    told.push(`${verdict.senderCertainty} box, ${verdict.cause}: ${because}`);
  if (byTcp && m.known && m.madeOutsideStack === 'proven') told.push(`proven outside the TCP: ${because}`);
  return told;
};

const RUNS = Number(process.env.FC_RUNS ?? 60);

describe.each(Object.entries(SITUATIONS))('%s', (_name, { made, timeline }) => {
  test.each(Object.entries(DAMAGE))('%s: no box is accused', (_kind, damage) => {
    fc.assert(
      fc.property(network, fc.double({ min: 0, max: 0.99, noNaN: true }), (setup, dice) => {
        const text = timeline(setup);
        const frames = framesOf(timelineToPcap(text));
        const capture = fileOf({ ...frames, packets: damage(frames.packets, dice) });
        const told = captureToSubjects(capture).flatMap((subject) => accused(subject, made === 'its TCP'));
        expect(told.map((line) => `${line}\n${text}`)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});
