import { describe, expect, it } from 'vitest';
import { diagnose, type ResetEntry } from '../../packages/whyreset/src/index.ts';
import {
  files,
  mixed,
  type Path,
  type Sent,
  served,
  type TwoCaptures,
  travel,
} from '../helpers/two-captures.ts';

/** Attempts to connect that came to nothing, and what a capture at the other end says of them. */

const PORT = '10.0.0.2:8080';
const attempt = (sent: readonly Sent[], path: Path = {}) =>
  travel(sent, { client: '10.0.0.1:41000', server: PORT, numbers: 5_000_000, ...path });

/** The same two hosts talk before and after, on another port and on the one in question. */
const earlier = (path: Path = {}) => travel(served(0), { client: '10.0.0.1:40001', numbers: 1000, ...path });
const ssh = (path: Path = {}) =>
  travel(served(1), { client: '10.0.0.1:40002', server: '10.0.0.2:22', numbers: 2000, ...path });
const later = (path: Path = {}) => travel(served(9), { client: '10.0.0.1:40003', numbers: 3000, ...path });
const around = () => [earlier(), ssh(), later()];

const syn = (at: number, more: Partial<Sent> = {}): Sent => ({
  at,
  from: 'client',
  flags: 'S',
  seq: 0,
  ...more,
});
const refusal = (at: number, more: Partial<Sent> = {}): Sent => ({
  at,
  from: 'server',
  flags: 'R.',
  seq: -1,
  ack: 1,
  ...more,
});
const rejected = [syn(3, { lost: true }), refusal(3.001, { made: true })];
const silent = [syn(3, { lost: true }), syn(4.03, { lost: true }), syn(6.05, { lost: true })];

const tell = (captures: TwoCaptures) => diagnose(files(captures));
function only(captures: TwoCaptures): ResetEntry {
  const { resets } = tell(captures);
  expect(resets).toHaveLength(1);
  return resets[0]!;
}
const lines = (entry: ResetEntry) => entry.evidence.map(({ says }) => says).join('\n');

describe('a SYN that never came to the server’s capture', () => {
  it('was rejected on the way, when a RST came back from another distance', () => {
    const entry = only(mixed(attempt(rejected), ...around()));
    expect(entry.verdict).toMatchObject({
      cause: 'firewall-reject',
      sender: 'middlebox',
      certainty: 'likely',
    });
    expect(lines(entry)).toContain('stopped on the way, 1 hop apart');
    const against = [...entry.ruledOut, ...entry.doubted];
    expect(against.map(({ cause }) => cause)).toContain('no-listener');
  });

  it('is not proven rejected on the way, when the RST comes from where the server is', () => {
    const near = [syn(3, { lost: true }), refusal(3.001, { made: true, ttl: 63 })];
    const entry = only(mixed(attempt(near), ...around()));
    expect(entry.verdict.certainty).not.toBe('proven');
    expect(lines(entry)).toContain('another host that shares its address may have refused');
  });

  it('was dropped on the way, when nothing came back', () => {
    const entry = only(mixed(attempt(silent), ...around()));
    expect(entry.verdict).toMatchObject({ cause: 'policy-drop', sender: 'middlebox', certainty: 'likely' });
    expect(lines(entry)).toContain('the 3 SYNs are not in it');
    expect(entry.ruledOut.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining(['accept-queue-overflow-drop', 'syn-queue-overflow']),
    );
    expect(entry.next).toBeNull();
  });

  it('is told the same whichever capture comes first', () => {
    const captures = files(mixed(attempt(silent), ...around()));
    const verdicts = [captures, [...captures].reverse()].map((inputs) => diagnose(inputs).resets[0]!.verdict);
    expect(verdicts[1]).toEqual(verdicts[0]);
  });

  it('is known with clocks that differ, by connections that both hold', () => {
    const clock = -7200;
    const parts = [attempt(silent, { clock }), earlier({ clock }), ssh({ clock }), later({ clock })];
    expect(only(mixed(...parts)).verdict).toMatchObject({ cause: 'policy-drop', certainty: 'likely' });
  });

  it('is known by one connection that lasted all the while', () => {
    const long = served(0).map((p, i) => (i < 5 ? p : { ...p, at: p.at + 20 }));
    const entry = only(mixed(attempt(silent), travel(long, { server: PORT })));
    expect(entry.verdict).toMatchObject({ cause: 'policy-drop', certainty: 'likely' });
  });
});

describe('proves nothing', () => {
  const why = (captures: TwoCaptures) => {
    const entry = only(captures);
    expect(entry.verdict.certainty).not.toBe('proven');
    return lines(entry);
  };

  it('when the other capture had not begun', () => {
    const captures = mixed(attempt(silent), later(), ssh());
    captures.server = captures.server.filter(({ time }) => time > 7);
    expect(why(captures)).toContain('ran before it');
  });

  it('when nothing shows that the other capture ran on', () => {
    expect(why(mixed(attempt(silent), earlier(), ssh()))).toContain('ran after it');
  });

  it('when the other capture may have been filtered to other ports', () => {
    expect(why(mixed(attempt(silent), earlier(), later()))).toContain('it may have been filtered');
  });

  it('when the other capture misses another connection meanwhile', () => {
    const unseen = travel(served(5), { client: '10.0.0.1:40004', numbers: 4000 });
    const captures = mixed(attempt(silent), ...around(), { client: unseen.client, server: [] });
    expect(why(captures)).toContain('misses another connection');
  });

  it('when the other capture misses packets of the others', () => {
    const holed = later();
    holed.server.splice(5, 1);
    expect(why(mixed(attempt(silent), earlier(), ssh(), holed))).toContain('misses packets');
  });

  it('when addresses are translated between', () => {
    const nat = (port: number) => ({ nat: { client: `203.0.113.7:${port}`, server: '10.0.0.2:80' } });
    expect(why(mixed(attempt(silent), earlier(nat(1)), ssh(nat(2)), later(nat(3))))).toContain(
      'both captures',
    );
  });

  it('when no other connection of these hosts is in both', () => {
    const stranger = travel(served(0), { client: '10.0.0.9:1', server: PORT });
    expect(why(mixed(attempt(silent), stranger))).toContain('no other connection of these two hosts');
  });
});

describe('a SYN that came to the server', () => {
  it('and met silence there is the server’s own', () => {
    const sent = [syn(3), syn(4.03), syn(6.05)];
    const { resets } = tell(mixed(attempt(sent), ...around()));
    expect(resets).toHaveLength(1);
    const [entry] = resets;
    expect(entry!.verdict.sender).not.toBe('middlebox');
    expect(lines(entry!)).toContain('a filter between the captures is ruled out');
  });

  it('and was refused by its host clears the path', () => {
    const entry = only(mixed(attempt([syn(3), refusal(3.0201)]), ...around()));
    expect(entry.verdict).toMatchObject({ cause: 'no-listener', sender: 'responder' });
    expect(lines(entry)).toContain('the server’s host sent it');
    expect(entry.ruledOut.map(({ cause }) => cause)).not.toContain('no-listener');
  });

  it('and was answered, but the answers were lost on the way back', () => {
    const answer = (at: number): Sent => ({ at, from: 'server', flags: 'S.', seq: 0, ack: 1, lost: true });
    const sent = [syn(3), answer(3.0201), syn(4.03), answer(4.0501), syn(6.05), answer(6.0701)];
    const entry = tell(mixed(attempt(sent), ...around())).resets[0]!;
    expect(entry.verdict).toMatchObject({ cause: 'policy-drop', sender: 'middlebox', certainty: 'likely' });
    expect(lines(entry)).toContain('3 SYN-ACKs, none of which came back');
  });
});

describe('an attempt that the server’s capture alone holds', () => {
  it('was not made by the client', () => {
    const forged = [syn(3, { made: true }), syn(4.03, { made: true }), syn(6.05, { made: true })];
    const entry = only(mixed(attempt(forged), ...around()));
    expect(lines(entry)).toContain('not sent by the client');
  });
});
