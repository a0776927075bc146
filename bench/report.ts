import { cpus, loadavg, totalmem } from 'node:os';
import type { Measured } from './measure.ts';

type Runs = ReadonlyMap<string, Measured | null>;

const seconds = (value: number) => `${value.toFixed(2)} s`;
const times = (value: number) => value.toFixed(2);

/** One line a contender; `own` is the one that the others are held against. */
export function comparison(runs: Runs, own: string): string {
  const base = runs.get(own)!;
  const rows = [...runs].map(([name, run]) =>
    run === null
      ? `| \`${name}\` | not installed | | | |`
      : `| \`${name}\` | ${seconds(run.seconds)} | ${seconds(run.cpu)} | ${times(base.seconds / run.seconds)} | ${Math.round(run.megabytes)} MB |`,
  );
  return [
    '| command | time | CPU | whyreset takes this many times as long | peak memory |',
    '|---|---:|---:|---:|---:|',
    ...rows,
  ].join('\n');
}

/** A capture that two programs read, and what the machine allows. */
export interface Read {
  name: string;
  packets: number;
  bytes: number;
  own: Measured | null;
  peer: Measured | null;
  limit: Measured | null;
}

const time = (run: Measured | null) => (run === null ? '' : seconds(run.seconds));
const ratio = (own: Measured | null, other: Measured | null) =>
  own === null || other === null ? '' : times(own.seconds / other.seconds);

export function readTable(reads: readonly Read[]): string {
  const rows = reads.map(
    ({ name, packets, bytes, own, peer, limit }) =>
      `| ${name} | ${packets.toLocaleString('en')} | ${Math.round(bytes / 1e6)} MB | ${time(own)} | ${time(peer)} | ${time(limit)} | ${ratio(own, peer)} | ${ratio(own, limit)} | ${own === null ? '' : `${Math.round(own.megabytes)} MB`} |`,
  );
  return [
    '| capture | packets | size | whyreset | tcpdump | limit.c | of tcpdump | of limit.c | peak memory |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...rows,
  ].join('\n');
}

export function startTable(runs: Runs): string {
  const rows = [...runs].map(
    ([name, run]) => `| \`${name}\` | ${run === null ? '' : `${Math.round(run.seconds * 1000)} ms`} |`,
  );
  return ['| command | time |', '|---|---:|', ...rows].join('\n');
}

export function machine(): string {
  const day = new Date().toISOString().slice(0, 10);
  const [cpu] = cpus();
  return `${day}: ${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)} before it began`;
}
