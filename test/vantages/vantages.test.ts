import { describe, expect, it } from 'vitest';
import { diagnose, type ResetEntry, type Result } from '../../packages/whyreset/src/index.ts';
import { fileOf, framesOf, later } from '../helpers/pcap-frames.ts';
import {
  aborted,
  files,
  injected,
  mixed,
  opening,
  type Path,
  type Sent,
  travel,
} from '../helpers/two-captures.ts';

const told = (sent: readonly Sent[], path: Path = {}, change = (f: ReturnType<typeof files>) => f): Result =>
  diagnose(change(files(travel(sent, path))));

/** The one entry of a result. */
function only({ resets }: Result): ResetEntry {
  expect(resets.map(({ connection }) => connection.originator)).toHaveLength(1);
  return resets[0]!;
}

const lines = (entry: ResetEntry) => entry.evidence.map(({ says }) => says).join('\n');
const otherOf = (entry: ResetEntry) => entry.vantages![1]!;

describe('a RST that its claimed sender never sent', () => {
  it('is likely injected by its absence in the capture nearer that sender', () => {
    const entry = only(told(injected()));
    expect(entry.verdict).toMatchObject({ sender: 'middlebox', certainty: 'likely' });
    expect(lines(entry)).toContain('does not contain the RST, though it holds packets');
    expect(otherOf(entry)).toMatchObject({ nearer: 'server', fate: 'injected', packet: null, hops: 1 });
  });

  it('is proven to be, where that capture is shown to see the RSTs of its sender', () => {
    const other = travel(
      aborted().map((p) => ({ ...p, at: p.at + 3 })),
      { client: '10.0.0.9:40009', numbers: 9000 },
    );
    const { resets } = diagnose(files(mixed(travel(injected()), other)));
    const entry = resets.find(({ connection }) => connection.originator.endsWith(':40000'));
    expect(entry!.verdict).toMatchObject({ sender: 'middlebox', senderCertainty: 'proven' });
    // Who made it is proven; why it did is not.
    expect(entry!.verdict.certainty).not.toBe('proven');
  });

  it('is not, when the other capture ended before it', () => {
    const sent: Sent[] = [
      ...opening(),
      { at: 0.2, from: 'server', flags: 'R.', seq: 1, ack: 101, made: true },
    ];
    const entry = only(told(sent));
    expect(otherOf(entry)).toMatchObject({ fate: 'unknown', packet: null });
    expect(lines(entry)).toContain('nothing shows that the other capture still ran');
    expect(lines(entry)).not.toContain('does not contain the RST');
  });

  it('is, when other connections show that the other capture ran on', () => {
    const both = travel([
      ...opening(),
      { at: 0.2, from: 'server', flags: 'R.', seq: 1, ack: 101, made: true },
    ]);
    const later = travel(
      opening().map((p) => ({ ...p, at: p.at + 1 })),
      { nat: { client: '10.0.0.9:50000', server: '10.0.0.2:80' } },
    );
    both.server.push(...later.server);
    const entry = only(diagnose(files(both)));
    expect(otherOf(entry).fate).toBe('injected');
    expect(entry.verdict).toMatchObject({ sender: 'middlebox' });
  });

  it('is not, when the capture nearer its sender misses other packets of it', () => {
    const sent = injected();
    const both = travel(sent);
    // The acknowledgement of the request passed the server's capture unseen.
    both.server.splice(4, 1);
    const entry = only(diagnose(files(both)));
    expect(otherOf(entry).fate).toBe('unknown');
    expect(lines(entry)).toContain('misses packet');
  });

  it('is not, when packets of that capture could not be read', () => {
    const both = travel(injected());
    const strange = both.server.at(-1)!.bytes.slice();
    // Another host's, with a damaged IP header: it might have been any.
    strange[14 + 10]! ^= 0xff;
    both.server.push({ time: both.server.at(-1)!.time + 1, bytes: strange });
    const entry = only(diagnose(files(both)));
    expect(otherOf(entry).fate).toBe('unknown');
    expect(lines(entry)).toContain('packets of the other capture could not be read');
  });

  it('reset both ends, each in the name of the other', () => {
    const sent: Sent[] = [
      ...opening(),
      { at: 0.2, from: 'server', flags: 'R.', seq: 1, ack: 101, made: true },
      { at: 0.2, from: 'client', flags: 'R.', seq: 101, ack: 1, made: true },
      { at: 0.3, from: 'server', flags: 'P.', seq: 1, ack: 101, length: 200 },
      { at: 0.34, from: 'client', flags: 'R', seq: 101 },
    ];
    const entry = only(told(sent));
    expect(entry.verdict).toMatchObject({ sender: 'middlebox', certainty: 'likely' });
    expect(lines(entry)).toContain(
      'nothing shows that the capture nearer the server sees the RSTs of that host',
    );
  });
});

describe('a RST that both ends saw', () => {
  it('is proven the host’s whose address it carries, which clears the path', () => {
    const entry = only(told(aborted()));
    expect(entry.verdict.sender).toBe('responder');
    expect(lines(entry)).toContain('the server’s host sent it');
    expect(otherOf(entry)).toMatchObject({ fate: 'both', packet: 6, nearer: 'server' });
    expect(entry.alternatives.map(({ cause }) => cause)).not.toContain('injected-reset');
  });

  it('proves no host when the far capture stands on the way', () => {
    const entry = only(told(aborted().map((p) => (p.from === 'server' ? { ...p, ttl: 60 } : p))));
    expect(otherOf(entry).fate).toBe('both');
    expect(lines(entry)).not.toContain('host sent it');
  });

  it('is told as altered when it crossed another number of routers than its kin', () => {
    const entry = only(told(aborted().map((p) => (p.flags === 'R.' ? { ...p, detour: 9 } : p))));
    expect(otherOf(entry).fate).toBe('altered');
    expect(otherOf(entry).altered.join()).toContain('TTL');
    expect(lines(entry)).not.toContain('host sent it');
  });
});

describe('what lies between the captures', () => {
  it.each([0, 1.204, -3600 * 5, 86_400 * 3])('a clock that is %d s ahead', (clock) => {
    const { nearer, clock: found, fate } = otherOf(only(told(injected(), { clock })));
    expect({ nearer, fate }).toEqual({ nearer: 'server', fate: 'injected' });
    expect(found!.error).toBeGreaterThan(0);
    expect(found!.error).toBeLessThan(0.021);
    expect(Math.abs(found!.offset - clock)).toBeLessThanOrEqual(found!.error + 1e-6);
  });

  it('a clock that nobody can compare, as packets of one side alone are in both', () => {
    const both = travel(aborted());
    const clientOnly = both.server.filter(({ bytes }) => bytes[14 + 15] === 1);
    const entry = only(diagnose(files({ client: both.client, server: clientOnly })));
    expect(otherOf(entry)).toMatchObject({ clock: null, relation: 'same' });
    expect(lines(entry)).not.toContain('does not contain the RST');
  });

  it('a NAT that gives other names', () => {
    const nat = { client: '203.0.113.7:61000', server: '192.0.2.80:8080' };
    const result = told(injected(), { nat });
    const entry = only(result);
    expect(result.summary.connections).toBe(1);
    expect(otherOf(entry)).toMatchObject({
      originator: nat.client,
      responder: nat.server,
      fate: 'injected',
      relation: 'same',
    });
  });

  it('a translation to another address family', () => {
    const nat = { client: '[2001:db8::7]:61000', server: '[2001:db8::80]:80' };
    expect(otherOf(only(told(injected(), { nat })))).toMatchObject({ fate: 'injected', relation: 'same' });
  });

  it('a firewall that shifts sequence numbers', () => {
    const shift = { client: 0, server: 77_777_777 };
    const { fate, altered } = otherOf(only(told(injected(), { shift })));
    expect(fate).toBe('injected');
    expect(altered).toEqual(['the server’s sequence numbers shifted by 77777777']);
  });

  it('a router that clamps the MSS', () => {
    expect(otherOf(only(told(injected(), { clamped: 1360 }))).altered).toEqual([
      'the client’s MSS 1460 here and 1360 there',
      'the server’s MSS 1360 here and 1460 there',
    ]);
  });

  it('network cards that cut what the kernel built', () => {
    const large = injected().map((p) => (p.length === 200 ? { ...p, length: 5000 } : p));
    const result = told(large, { mss: 1448 });
    const ladder = result.findings[0]!.examples[0]!.ladder;
    expect(otherOf(only(result)).fate).toBe('injected');
    const pieces = ladder.filter((row) => row.from === 'responder' && row.length > 0);
    expect(pieces.length).toBeGreaterThan(1);
    expect(new Set(pieces.map((row) => row.elsewhere?.[0]?.fate))).toEqual(new Set(['both']));
  });

  it('a FIN that was lost', () => {
    const sent: Sent[] = [
      ...opening(),
      { at: 0.1, from: 'server', flags: 'P.', seq: 1, ack: 101, length: 200, text: 'HTTP/1.1 200 OK\r\n' },
      { at: 0.13, from: 'client', flags: '.', seq: 101, ack: 201 },
      { at: 2, from: 'server', flags: 'F.', seq: 201, ack: 101, lost: true },
      { at: 3, from: 'client', flags: 'P.', seq: 101, ack: 201, length: 100 },
      { at: 3.0201, from: 'server', flags: 'R', seq: 201 },
    ];
    const entry = only(told(sent));
    expect(lines(entry)).toContain('the FIN of the server never came to');
    const rows = told(sent).findings[0]!.examples[0]!.ladder.filter((row) => row.flags.includes('F'));
    expect(rows.flatMap((row) => row.elsewhere!.map(({ fate }) => fate))).toEqual(['lost']);
  });

  it('a proxy that ends one connection and begins another', () => {
    const one = travel(injected());
    const two = travel(injected(), {
      nat: { client: '10.9.0.1:52000', server: '10.9.0.2:8080' },
      shift: { client: 123_456_789, server: 987_654_321 },
      timestamps: false,
    });
    const result = diagnose(files({ client: one.client, server: two.server }));
    const entry = result.resets.find(({ input }) => input === 0)!;
    expect(entry.vantages![1]).toMatchObject({ relation: 'terminated', fate: 'unknown', input: 1 });
    expect(lines(entry)).toContain('a proxy or balancer ends this connection');
    expect(lines(entry)).not.toContain('does not contain the RST');
    expect(result.summary.connections).toBe(2);
  });
});

describe('captures that hold only a part', () => {
  it('one that starts late is matched by its numbers', () => {
    const both = travel(injected());
    const entry = only(diagnose(files({ client: both.client, server: both.server.slice(3) })));
    expect(otherOf(entry).relation).toBe('same');
  });

  it('one that stops early proves nothing', () => {
    const both = travel(injected());
    const entry = only(diagnose(files({ client: both.client, server: both.server.slice(0, 5) })));
    expect(otherOf(entry).fate).toBe('unknown');
  });

  it('headers alone are enough', () => {
    const entry = only(diagnose(files(travel(injected()), 66)));
    expect(otherOf(entry).fate).toBe('injected');
  });
});

describe('several captures', () => {
  it('tell a connection once, whichever comes first', () => {
    const [client, server] = files(travel(injected()));
    for (const inputs of [
      [client!, server!],
      [server!, client!],
    ]) {
      const { summary, findings, resets } = diagnose(inputs);
      expect(summary).toMatchObject({ connections: 1, resets: 1, problems: 1 });
      expect(findings.map(({ count }) => count)).toEqual([1]);
      expect(resets[0]!.verdict).toMatchObject({ sender: 'middlebox', certainty: 'likely' });
    }
  });

  it('count healthy connections once too', () => {
    const healthy: Sent[] = [
      ...opening(),
      { at: 0.1, from: 'server', flags: 'P.', seq: 1, ack: 101, length: 200, text: 'HTTP/1.1 200 OK\r\n' },
      { at: 0.13, from: 'client', flags: 'F.', seq: 101, ack: 201 },
      { at: 0.16, from: 'server', flags: 'F.', seq: 201, ack: 102 },
      { at: 0.19, from: 'client', flags: '.', seq: 102, ack: 202 },
    ];
    expect(told(healthy)).toMatchObject({ summary: { connections: 1, resets: 0 }, resets: [] });
  });

  it('a third one adds its own view', () => {
    const [client, server] = files(travel(injected()));
    const { linkType, packets } = framesOf(server!.bytes);
    const atRouter = fileOf({ linkType, packets: packets.map((packet) => later(packet, -200_000)) });
    const entry = only(diagnose([client!, server!, { name: 'router.pcap', bytes: atRouter }]));
    expect(entry.vantages!.map(({ input }) => input)).toEqual([0, 1, 2]);
  });
});
