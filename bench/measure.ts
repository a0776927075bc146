import { spawnSync } from 'node:child_process';

/** A whole process to be measured. */
export interface Contender {
  name: string;
  command: string;
  args: readonly string[];
  /** Rounds, where fewer than all others have. */
  rounds?: number;
}

/** What a process took: elapsed seconds, seconds of computing on all cores, and its peak of memory. */
export interface Measured {
  seconds: number;
  cpu: number;
  megabytes: number;
}

/** Runs a command to its end, output thrown away. GNU time writes its figures to the end of standard error. */
function measure({ command, args }: Contender): Measured | null {
  const started = performance.now();
  const { status, error, stderr } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', command, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const seconds = (performance.now() - started) / 1000;
  if (error !== undefined || (status !== 0 && status !== 1)) return null;
  const [user, system, kilobytes] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return { seconds, cpu: user! + system!, megabytes: kilobytes! / 1024 };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** Medians by contender: alternating, so that all meet the same weather; null for what is not installed. */
export function compare(contenders: readonly Contender[], rounds: number): Map<string, Measured | null> {
  const runs = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const contender of contenders) {
      if (round >= (contender.rounds ?? rounds)) continue;
      const result = measure(contender);
      if (result !== null) runs.get(contender.name)!.push(result);
      console.error(
        `${round + 1}/${rounds} ${contender.name}: ${result?.seconds.toFixed(2) ?? 'not here'} s`,
      );
    }
  return new Map(
    [...runs].map(([name, all]) => [
      name,
      all.length === 0
        ? null
        : {
            seconds: median(all.map((run) => run.seconds)),
            cpu: median(all.map((run) => run.cpu)),
            megabytes: median(all.map((run) => run.megabytes)),
          },
    ]),
  );
}
