import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import { root } from '../helpers/cli.ts';

/** What happened, and what the report must and must not say of it. */
interface Case {
  file: string;
  happened: string;
  /** Each finding's headline, in order. */
  says: readonly RegExp[];
  /** Letter of a cause that must be among those of the first finding. */
  lists?: string;
  /** In no headline, statement or evidence. */
  never?: RegExp;
  benign?: boolean;
}

const CASES: readonly Case[] = [
  {
    file: 'unused-connection-408',
    happened:
      'a client opens a connection and sends nothing; HAProxy answers 408 after its timeout client of 1.5 s',
    says: [/closes a connection on which no request has come within 1\.5 s/],
    never: /rest of a request|\bT\b/,
  },
  {
    file: 'client-never-reads',
    happened: 'a client pipelines requests and reads no answer; nginx gives up after its send_timeout of 2 s',
    says: [/The client read nothing of the answer for 2\.0 s, and the server ended the connection/],
  },
  {
    file: 'refused-body-read-out',
    happened:
      'nginx answers 413 early, reads the rest of the body and closes; the client leaves the answer unread',
    says: [/./],
    never: /instead of answering/,
  },
  {
    file: 'aborted-at-accept',
    happened:
      'a server aborts each connection as soon as it has accepted it; requests are on their way by then',
    says: [/after accepting it.*3 of 3 connections lost/],
    never: /plain text/i,
  },
  {
    file: 'age-limit',
    happened: 'a server ends each connection 4 s after it accepted it, whatever passes on it',
    says: [/closes connections at an age of 4\.0 s, used or not/],
    never: /closes idle connections after 0\.2/,
  },
  {
    file: 'tls-to-waiting-plain',
    happened: 'curl speaks TLS to a plain-text server, which waits for a line break; curl gives up after 4 s',
    says: [/The client gives up 4\.0 s after its request, without a byte of the answer/],
    lists: 'P2',
  },
  {
    file: 'client-waits-in-vain',
    happened: 'a handler hangs, and the client closes with a FIN after its timeout of 1.5 s',
    says: [/The client gives up 1\.5 s after its request/],
  },
  {
    file: 'rule-rejects-by-icmp',
    happened: 'a rule that rejects by ICMP is loaded on the router under a living connection',
    says: [/A packet filter began to reject packets of living connections/],
    never: /stopped answering|went dead/,
  },
  {
    file: 'server-never-reads',
    happened: 'a server accepts and reads nothing; the client writes until its timeout of 8 s',
    says: [/program stopped reading: its window was closed for the last 7\.0 s/],
  },
  {
    file: 'race2',
    happened: 'a Python server closes after 300 ms of idleness, and its client loses 29 of 30 requests',
    says: [/closes idle connections after 0\.3.* 29 of 30 connections lost/],
    never: /carries the same payload|process died/i,
  },
  {
    file: 'midstream-port3000',
    happened: 'a kept connection on port 3000, captured from its middle, closed idle by the server',
    says: [/10\.77\.2\.2:3000 closed a used connection .* the client used it again/],
    never: /client .* gives up|timeout .* in the client/i,
  },
  {
    file: 'go-rt',
    happened: 'Go ReadTimeout of 500 ms during a slow upload',
    says: [/The server ended the connection 0\.50 s .*Most likely: server timed out/],
    never: /Someone/,
  },
  {
    file: 'kill9',
    happened: 'SIGKILL with three requests read and in flight; the port refuses afterwards',
    says: [/^The process that served .* 4 of 4 connections lost/],
    never: /time limit ran out/i,
  },
  { file: 'kill9b', happened: 'the same, with no attempt afterwards', says: [/Most likely: server process/] },
  {
    file: 'plain2tls',
    happened: 'HTTP to a TLS port with a number of its own',
    says: [/had all 79 bytes of what the client sent|had all 79 bytes of the request/],
    lists: 'P1',
  },
  {
    file: 'icmpreject',
    happened: 'a filter rejects by ICMP',
    says: [/packet filter refuses connections to 10\.99\.2\.2:8082/],
  },
  {
    file: 'idle-rtr-any',
    happened: 'a NAT forgets idle flows and resets their next packets, captured on that router with -i any',
    says: [/3 of 3 connections lost/],
    never: /reboot, failover or restart: proven/,
  },
  {
    file: 'http-idle-server-sigkilled',
    happened: 'SIGKILL of a server without any idle timeout, 1.5 s after its answer; then the client writes',
    says: [/closed a used connection 1\.5 s after the last byte; the client used it again/],
    never: /closes idle connections/,
  },
  {
    file: 'server-restart-5-idle',
    happened:
      'SIGTERM closes five idle connections of different ages within 50 µs; the next connect is refused',
    says: [/closed 5 connections in one instant, as a restart or shutdown does/, /Nothing listens/],
    never: /closes idle connections/,
  },
  {
    file: 'crash-unread',
    happened: 'SIGKILL with the answer 30,000 bytes short and a second request unread',
    says: [/reset the connection instead of answering/],
    never: /had served a request|keep-alive race/i,
  },
  {
    file: 'server-hung-client-timeout',
    happened: 'the server never accepts, the client gives up after 2 s',
    says: [/The client gives up 2\.0 s after its request/],
  },
  {
    file: 'ssh-banner-close',
    happened: 'the server sends its banner and closes; the client sends its own',
    says: [/closes the connection with a FIN, and the client sends more/],
    never: /had served a request|pool/i,
  },
  {
    file: 'happy-eyeballs-v6-refused',
    happened: '::1 refuses, 127.0.0.1 accepts',
    says: [/tried one address in vain; 127\.0\.0\.1 accepted it/],
    benign: true,
  },
  {
    file: 'client-fin-then-server-rst',
    happened: 'whole answer, FIN of the client, RST of the server',
    says: [/reset the connection after the client had closed it/],
    benign: true,
  },
  {
    file: 'smtp-quit-rst',
    happened: 'QUIT, then a RST',
    says: [/after it had the whole answer/],
    benign: true,
  },
  { file: 'healthy-halfclose', happened: 'a half-close that works', says: [] },
  { file: 'healthy-redis-quit', happened: 'a session that ends with QUIT', says: [] },
];

describe.each(CASES)('$file: $happened', ({ file, says, lists, never, benign }) => {
  const bytes = new Uint8Array(readFileSync(join(root, 'test/captures/users', `${file}.pcap`)));
  const { findings } = diagnose(bytes);

  it('is answered so', () => {
    expect(findings.map(({ headline }) => headline)).toHaveLength(says.length);
    for (const [i, pattern] of says.entries()) expect(findings[i]!.headline).toMatch(pattern);
    if (lists !== undefined) expect(findings[0]!.members.map(({ taxonomy }) => taxonomy)).toContain(lists);
    if (benign === true) expect(findings.every(({ verdict }) => verdict.benign)).toBe(true);
  });

  it('says nothing false', () => {
    const said = findings.flatMap(({ headline, statement, examples }) => [
      headline,
      statement ?? '',
      ...examples.flatMap(({ entry }) => entry.evidence.map((line) => line.says)),
    ]);
    if (never !== undefined) expect(said.filter((text) => never.test(text))).toEqual([]);
  });
});
