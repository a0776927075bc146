import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import { RST } from '../../packages/whyreset/src/wire/segment.ts';
import { files, mixed, opening, type Sent, served, travel } from '../helpers/two-captures.ts';

/*
 * A host may answer over another link than the one that is captured there (policy routing, a bond, XDP), and its
 * capture may drop the answer: the RST that the client's capture holds is missing in the server's. That is no RST
 * made between, and with the second capture the answer never gets worse than with the first alone.
 */
const FLAGS = 14 + 20 + 13;

const host = fc.record({
  delay: fc.constantFrom(0.0002, 0.005, 0.02, 0.1),
  hops: fc.integer({ min: 1, max: 12 }),
  clock: fc.constantFrom(0, 1.2, -3600),
  /** The server closed before; else it has lost the connection. */
  closed: fc.boolean(),
  pause: fc.constantFrom(0.05, 1, 20),
  /** The capture at the server holds a RST of that host in another connection. */
  seesOthers: fc.boolean(),
  timestamps: fc.boolean(),
});

type Host = typeof host extends fc.Arbitrary<infer T> ? T : never;

function exchange({ delay, closed, pause }: Host): Sent[] {
  const answered = 3 * delay + 0.01;
  const close = answered + 0.001;
  const again = close + 2 * delay + pause;
  const ack = closed ? 202 : 201;
  return [
    ...opening(delay),
    { at: answered, from: 'server', flags: 'P.', seq: 1, ack: 101, length: 200 },
    ...(closed ? [{ at: close, from: 'server', flags: 'F.', seq: 201, ack: 101 } as const] : []),
    { at: close + delay + 0.001, from: 'client', flags: '.', seq: 101, ack },
    { at: again, from: 'client', flags: 'P.', seq: 101, ack, length: 50 },
    { at: again + delay + 0.0001, from: 'server', flags: 'R', seq: ack, window: 0 },
  ];
}

/** Another client is reset by the server, in both captures, later. */
const aborts = (at: number, delay: number): Sent[] => [
  ...opening(delay).map((p) => ({ ...p, at: p.at + at })),
  { at: at + 5 * delay + 0.1, from: 'server', flags: 'R.', seq: 1, ack: 101 },
];

test('a RST that left by another link is not called made between', () => {
  fc.assert(
    fc.property(host, (setup) => {
      const { delay, hops, clock, timestamps } = setup;
      const own = travel(exchange(setup), { delay, hops, clock, timestamps });
      own.server = own.server.filter(({ bytes }) => (bytes[FLAGS]! & RST) === 0);
      const path = { delay, hops, clock, timestamps, client: '10.0.0.7:40007', numbers: 77_000 };
      const late = setup.pause + 5;
      const other = travel(setup.seesOthers ? aborts(late, delay) : served(late, delay), path);
      const both = diagnose(files(mixed(own, other))).resets;
      const alone = diagnose(files(mixed(own, other)).slice(0, 1)).resets;
      const told = (entries: typeof both) =>
        entries
          .filter(({ connection }) => connection.originator.endsWith(':40000'))
          .map(({ verdict: { sender } }) => sender);
      expect(told(alone)).toHaveLength(1);
      expect(told(both)).not.toContain('middlebox');
      expect(told(both)).toEqual(told(alone));
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 60) },
  );
}, 120_000);
