import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import '../helpers/seed.ts';
import {
  aborted,
  files,
  injected,
  mixed,
  opening,
  type Path,
  type Sent,
  served,
  travel,
  written,
} from '../helpers/two-captures.ts';

/** Exchanges after the opening; lengths beyond a segment are cut by the network card. */
const talk = fc.array(
  fc.record({
    client: fc.boolean(),
    length: fc.constantFrom(1, 100, 1448, 4000, 9000),
    lost: fc.boolean(),
    gap: fc.constantFrom(0.001, 0.05, 0.5),
  }),
  { maxLength: 6 },
);

type Talk = typeof talk extends fc.Arbitrary<infer T> ? T : never;

/** A conversation after the opening that ends with the server's own RST, when `real`, else with one made on the way. */
function conversation(events: Talk, real: boolean): Sent[] {
  const sent = opening();
  const next = { client: 101, server: 1 };
  let at = 0.2;
  for (const { client, length, lost, gap } of events) {
    at += gap + 0.1;
    const from = client ? 'client' : 'server';
    const peer = client ? 'server' : 'client';
    const packet: Sent = { at, from, flags: 'P.', seq: next[from], ack: next[peer], length };
    if (lost) {
      sent.push({ ...packet, lost });
      at += 0.3;
    }
    sent.push({ ...packet, at });
    next[from] += length;
    sent.push({ at: at + 0.05, from: peer, flags: '.', seq: next[peer], ack: next[from] });
  }
  at += 0.3;
  const reset: Sent = { at, from: 'server', flags: 'R.', seq: next.server, ack: next.client };
  if (real) return [...sent, reset];
  return [
    ...sent,
    { ...reset, made: true },
    { at: at + 0.1, from: 'server', flags: 'P.', seq: next.server, ack: next.client, length: 100 },
    { at: at + 0.14, from: 'client', flags: 'R', seq: next.client },
  ];
}

const path = fc.record(
  {
    clock: fc.double({ min: -100_000, max: 100_000, noNaN: true }),
    delay: fc.constantFrom(0.001, 0.005, 0.02),
    hops: fc.integer({ min: 0, max: 12 }),
    nat: fc.constantFrom(undefined, { client: '203.0.113.7:61000', server: '192.0.2.80:8080' }),
    shift: fc.constantFrom(undefined, { client: 0, server: 1_234_567_890 }),
    mss: fc.constantFrom(536, 1448, 65_535),
    jitter: fc.array(fc.double({ min: 0, max: 0.0005, noNaN: true }), { minLength: 1, maxLength: 5 }),
  },
  { requiredKeys: [] },
);

type Drawn = typeof path extends fc.Arbitrary<infer T> ? T : never;

const given = (drawn: Drawn) =>
  Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)) as Path;

/** What became of each packet that is more than an acknowledgement, in the order of the client's capture. */
function fates(sent: readonly Sent[], through: Path): string[] {
  const { findings } = diagnose(files(travel(sent, through)));
  const [example] = findings[0]!.examples;
  return example!.ladder
    .filter((row) => row.input === undefined && (row.length > 0 || /[SFR]/.test(row.flags)))
    .map((row) => `${row.from} ${row.flags.replace('P', '')} ${row.seq} ${row.elsewhere?.[0]?.fate}`);
}

describe('two captures of one connection', () => {
  it('are aligned alike whatever the clocks, the names and the numbers', () => {
    fc.assert(
      fc.property(talk, fc.boolean(), path, (events, real, through) => {
        const sent = conversation(events, real);
        // How segments are cut decides what the far capture shows, so that stays.
        const { mss, delay } = through;
        const plain: Path = { ...(mss !== undefined && { mss }), ...(delay !== undefined && { delay }) };
        const seen = fates(sent, given(through));
        expect(seen).toEqual(fates(sent, plain));
        expect(seen).not.toContain('undefined');
      }),
      { numRuns: 60 },
    );
  });

  it('never prove an end’s own reset injected, whatever is missing at the head and the tail', () => {
    const cuts = fc.tuple(fc.nat(12), fc.nat(12), fc.nat(12), fc.nat(12));
    fc.assert(
      fc.property(talk, path, cuts, fc.boolean(), (events, through, [a, b, c, d], turned) => {
        const { client, server } = travel(
          events.length === 0 ? aborted() : conversation(events, true),
          given(through),
        );
        const cut = <T>(list: T[], head: number, tail: number) =>
          list.slice(head, Math.max(head, list.length - tail));
        const inputs = [
          { name: 'client', bytes: written(cut(client, a, b)) },
          { name: 'server', bytes: written(cut(server, c, d)) },
        ];
        const { resets } = diagnose(turned ? inputs.reverse() : inputs);
        for (const { verdict, evidence, vantages } of resets) {
          expect(verdict.sender === 'middlebox' && verdict.certainty === 'proven').toBe(false);
          expect(evidence.map(({ says }) => says).join()).not.toContain('does not contain the RST');
          expect((vantages ?? []).map(({ fate }) => fate)).not.toContain('injected');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never prove an attempt stopped on the way that came to the server, whatever they lack', () => {
    const hosts = fc.array(fc.record({ at: fc.nat(10), port: fc.constantFrom(22, 80) }), { maxLength: 4 });
    const cuts = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(20));
    fc.assert(
      fc.property(hosts, path, cuts, fc.boolean(), (others, through, [a, b, c, d], refused) => {
        const syn = (at: number): Sent => ({ at, from: 'client', flags: 'S', seq: 0 });
        const refusal: Sent = {
          at: 5.0001 + (through.delay ?? 0.02),
          from: 'server',
          flags: 'R.',
          seq: -1,
          ack: 1,
        };
        const attempt = travel(refused ? [syn(5), refusal] : [syn(5), syn(6.03), syn(8.05)], {
          ...given(through),
          client: '10.0.0.1:41000',
          numbers: 77,
        });
        const beside = others.map(({ at, port }, i) =>
          travel(served(at, through.delay), {
            ...given({ ...through, nat: undefined }),
            client: `10.0.0.1:${50_000 + i}`,
            server: `10.0.0.2:${port}`,
            numbers: 1000 * i,
          }),
        );
        const both = mixed(attempt, ...beside);
        const cut = <T>(list: T[], head: number, tail: number) =>
          list.slice(head, Math.max(head, list.length - tail));
        const { resets } = diagnose([
          { name: 'client', bytes: written(cut(both.client, a, b)) },
          { name: 'server', bytes: written(cut(both.server, c, d)) },
        ]);
        for (const { verdict, evidence } of resets) {
          const said = evidence.map(({ says }) => says).join();
          expect(said).not.toContain('stopped on the way');
          expect(verdict.sender === 'middlebox' && verdict.certainty === 'proven').toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never take a RST made on the way for an end’s own', () => {
    fc.assert(
      fc.property(talk, path, (events, through) => {
        const sent = events.length === 0 ? injected() : conversation(events, false);
        const { resets } = diagnose(files(travel(sent, given(through))));
        expect(resets).toHaveLength(1);
        expect(resets[0]!.evidence.map(({ says }) => says).join()).not.toContain('the server’s host sent it');
      }),
      { numRuns: 60 },
    );
  });
});
