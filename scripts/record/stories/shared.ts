import { address, type Lab } from '../lab.ts';
import type { Program } from '../program.ts';
import type { Puppet } from '../puppet.ts';

export const open = async (puppet: Puppet, port: number, backlog = 16) =>
  puppet.do('listen', { as: 'l', host: address.server, port, backlog });

/** A tcpdump line of a segment from one side with exactly these flags (`P.` for PSH+ACK, `R` for a bare RST). */
export function sent(by: 'client' | 'server' | 'either', flags: string, also = '', ttl = '\\d+'): RegExp {
  const host = { client: '10\\.77\\.1\\.2', server: '10\\.77\\.2\\.2', either: '[0-9a-f.:]+' }[by];
  const marks = flags.replaceAll('.', '\\.');
  return new RegExp(`(ttl|hlim) ${ttl},.*\\s${host}\\.\\d+ > .*Flags \\[${marks}\\].*${also}`);
}

/** The RST that a stack makes for a segment it cannot place: no ACK, window 0, no options. */
export const passiveReset = (by: 'client' | 'server', ttl?: string) => sent(by, 'R', 'win 0, length 0', ttl);
/** The RST of a socket that is aborted: ACK set, current window. */
export const activeReset = (by: 'client' | 'server', ttl?: string) => sent(by, 'R.', 'win [1-9]', ttl);
export const anyReset = /Flags \[[^\]]*R/;

/** Outcomes that programs/client.mjs printed. */
export interface Outcome {
  error?: string;
  code?: string;
  responseError?: string;
  status?: number;
  port?: number;
  reused?: boolean;
}

export async function outcomes(client: Program, withinMs = 60_000): Promise<Outcome[]> {
  await client.line(/^done/, 0, withinMs);
  return client.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Outcome);
}

export const firstError = (all: Outcome[]) => all.find(({ error }) => error !== undefined)?.error ?? null;

/** Runs curl at the client; resolves with what it printed to stderr ("curl: (56) …") or null. */
export async function curl(lab: Lab, ...args: string[]): Promise<string | null> {
  const program = lab.run('client', 'curl', '-sS', '-o', '/dev/null', '--max-time', '10', ...args);
  await program.ended;
  return program.lines.find((line) => line.startsWith('curl:')) ?? null;
}

/** Counter changes of one namespace while `act` runs; only those that changed, and only TCP abort ones. */
export async function counted(lab: Lab, act: () => Promise<void>): Promise<Record<string, number>> {
  const before = lab.counters('server');
  await act();
  const after = lab.counters('server');
  const telling = /^(TcpOutRsts|TcpEstabResets|TcpExtTCPAbort\w+|TcpExtListenOverflows|TcpExtEmbryonicRsts)$/;
  const changes = [...after]
    .filter(([name]) => telling.test(name))
    .map(([name, value]) => [name, value - (before.get(name) ?? 0)]);
  return Object.fromEntries(changes.filter(([, change]) => change !== 0));
}
