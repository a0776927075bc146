import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contender } from './measure.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = join(root, 'packages/whyreset/bin/whyreset.js');
const OPTIONS = ['--format', 'json', '--fail-on', 'never'];
const FILTER = 'tcp[tcpflags] & tcp-rst != 0';

export const WHYRESET = 'whyreset diagnose FILE --format json';
export const TCPDUMP = `tcpdump -nr FILE '${FILTER}'`;
export const LIMIT = 'limit.c';
export const CAT = 'cat FILE';

const node = (...args: string[]) => ({ command: process.execPath, args });
const shell = (line: string, ...args: string[]) => ({
  command: 'sh',
  args: ['-c', line, 'sh', ...args],
});

export const whyreset = (file: string): Contender => ({
  name: WHYRESET,
  ...node(command, 'diagnose', file, ...OPTIONS),
});

export const tcpdump = (file: string): Contender => ({
  name: TCPDUMP,
  command: 'tcpdump',
  args: ['-nr', file, FILTER],
});

/** Compiles what the machine allows; where there is no compiler, it is not measured. */
export function limit(folder: string): (file: string) => Contender {
  const program = join(folder, 'limit');
  spawnSync('cc', ['-O2', '-o', program, join(root, 'bench/limit.c')], { stdio: 'inherit' });
  return (file) => ({ name: LIMIT, command: program, args: [file] });
}

/** Programs that read the same file. tshark takes minutes: once, or the rest would hide behind it. */
export const peers = (file: string): Contender[] => [
  { name: CAT, command: 'cat', args: [file] },
  {
    name: 'tshark -r FILE -q -z conv,tcp',
    command: 'tshark',
    args: ['-r', file, '-q', '-z', 'conv,tcp'],
    rounds: 1,
  },
  { name: 'tcptrace -n FILE', command: 'tcptrace', args: ['-n', file], rounds: 1 },
];

/** The same packets by other ways, each whyreset beside what it is held against. */
export const waysIn = (file: string, gzipped: string): [Contender, Contender][] => [
  [
    {
      name: 'cat FILE \\| whyreset diagnose -',
      ...shell(
        'cat "$1" | "$2" "$3" diagnose - --format json --fail-on never',
        file,
        process.execPath,
        command,
      ),
    },
    { name: 'cat FILE \\| tcpdump -nr -', ...shell('cat "$1" | tcpdump -nr - "$2"', file, FILTER) },
  ],
  [
    {
      name: 'whyreset diagnose FILE.gz',
      ...node(command, 'diagnose', gzipped, ...OPTIONS),
    },
    {
      name: 'gzip -dc FILE.gz \\| tcpdump -nr -',
      ...shell('gzip -dc "$1" | tcpdump -nr - "$2"', gzipped, FILTER),
    },
  ],
];

/** From nothing to an answer. @param file a capture of a few packets */
export const starts = (file: string): Contender[] => [
  { name: 'node -e 0', ...node('-e', '0') },
  { name: 'whyreset --version', ...node(command, '--version') },
  { name: 'whyreset diagnose, 20 packets', ...node(command, 'diagnose', file, '--fail-on', 'never') },
];
