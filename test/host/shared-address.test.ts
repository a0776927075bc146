import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose, type HostInput } from '../../packages/whyreset/src/index.ts';
import { root } from '../helpers/cli.ts';

/**
 * Two hosts (or network namespaces) have one address: a balancer without translation, a virtual address that moved.
 * What one of them recorded is true, and not about the RST of the other.
 */
const captures = (scenario: string, ...names: string[]) =>
  names.map((name) => ({ name, bytes: readFileSync(join(root, 'test/captures/lab', scenario, name)) }));

const trace = (scenario: string): HostInput => ({
  kind: 'trace',
  name: 'trace.txt',
  bytes: readFileSync(join(root, 'test/captures/lab', scenario, 'trace.txt')),
});

const snmp = (sent: number) => `Tcp: ActiveOpens PassiveOpens EstabResets OutRsts\nTcp: 0 2 0 ${sent}\n`;
/** Counters of the host with that address, which sent `sent` RSTs meanwhile. */
const counters = (host: string, sent: number): HostInput => ({
  kind: 'counters',
  before: { name: 'before', text: snmp(0) },
  after: { name: 'after', text: snmp(sent) },
  host,
});

/** Address of the server as the recorded run has it. */
const serverOf = (scenario: string): string =>
  JSON.parse(readFileSync(join(root, 'test/captures/lab', scenario, 'truth.json'), 'utf8')).addresses.server;

const BOTH = ['client.pcapng', 'server.pcapng'];
const TWO_HOSTS = 'balanced-one-dead';
const MOVED = 'address-moved';

describe('records of a host whose address another host has too', () => {
  const server = serverOf(TWO_HOSTS);

  it.each([
    ['the client’s capture', ['client.pcapng']],
    ['both captures', BOTH],
  ])('a line of the kernel stands against counters without a RST: %s', (_, names) => {
    const { resets } = diagnose(captures(TWO_HOSTS, ...names), [trace(TWO_HOSTS), counters(server, 0)]);
    expect(resets).toHaveLength(2);
    for (const { verdict, evidence, alternatives } of resets) {
      expect(verdict).toMatchObject({ cause: 'no-listener', sender: 'responder' });
      // A packet filter has no line in the trace, on whichever host it is.
      expect(alternatives.map(({ cause }) => cause)).not.toContain('firewall-reject');
      const counted = evidence.find(({ fact }) => fact === 'counterDeltas')!;
      expect(counted.says).toContain(`another host or network namespace with the address ${server}`);
    }
  });

  it.each([
    ['the client’s capture', ['client.pcapng']],
    ['both captures', BOTH],
  ])('counters alone leave both readings: %s', (_, names) => {
    for (const { verdict, alternatives, ruledOut } of diagnose(captures(TWO_HOSTS, ...names), [
      counters(server, 0),
    ]).resets) {
      expect(['proven', 'likely']).not.toContain(verdict.certainty);
      expect(verdict.sender).not.toBe('middlebox');
      expect([verdict.cause, ...alternatives.map(({ cause }) => cause)]).toContain('firewall-reject');
      expect(ruledOut.map(({ cause }) => cause)).not.toContain('no-listener');
    }
  });

  it('counters that hold the RSTs are that host’s own', () => {
    const [first] = diagnose(captures(TWO_HOSTS, 'client.pcapng'), [
      trace(TWO_HOSTS),
      counters(server, 2),
    ]).resets;
    expect(first!.evidence.map(({ says }) => says).join()).not.toContain('another host');
  });

  it('a line of a listening socket is no line of the TCP that went on with the connection', () => {
    const [only, ...others] = diagnose(captures(MOVED, ...BOTH), [
      trace(MOVED),
      counters(serverOf(MOVED), 0),
    ]).resets;
    expect(others).toEqual([]);
    expect(only!.verdict).toMatchObject({
      cause: 'peer-lost-state',
      certainty: 'likely',
      senderCertainty: 'undetermined',
    });
    const causes = only!.alternatives.map(({ cause }) => cause);
    expect(causes).not.toContain('firewall-reject-mid-connection');
    expect(causes).not.toContain('injected-reset');
  });

  it('says of an answer to late data that the server had closed, not why', () => {
    const [first] = diagnose(captures('reset-overtakes-answer', 'server.pcapng'), [
      trace('reset-overtakes-answer'),
    ]).resets;
    expect(first!.verdict.general?.cause ?? first!.verdict.cause).toBe('write-after-close');
    expect(first!.verdict.certainty).toBe('possible');
  });
});
