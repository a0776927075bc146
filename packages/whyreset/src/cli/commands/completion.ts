import type { Command, Option } from 'commander';
import { OK } from '../exit.ts';
import { createProgram } from '../program.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

/** What can be typed behind a command, taken from its definition. */
interface Completed {
  name: string;
  description: string;
  options: {
    long: string;
    short: string | null;
    description: string;
    choices: readonly string[];
    takesFile: boolean;
  }[];
  /** Words that its first argument may be; empty where it is a file or free text. */
  words: readonly string[];
  takesFiles: boolean;
}

const takesFile = ({ flags }: Option) => /<(?:file|dir|before|out\.pcapng)>/.test(flags);

function completed(command: Command): Completed {
  return {
    name: command.name(),
    description: command.description(),
    options: command.options
      .filter(({ hidden, long }) => !hidden && long !== undefined && long !== null)
      .map((option) => ({
        long: option.long!,
        short: option.short ?? null,
        description: option.description,
        choices: option.argChoices ?? [],
        takesFile: takesFile(option),
      })),
    words: command.registeredArguments[0]?.argChoices ?? [],
    takesFiles: command.registeredArguments.some((argument) => argument.name() === 'file'),
  };
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function bash(commands: readonly Completed[]): string {
  const cases = commands.map(({ name, options, words, takesFiles }) => {
    const values = options
      .filter(({ choices, takesFile }) => choices.length > 0 || takesFile)
      .map(
        ({ long, short, choices, takesFile }) =>
          `      ${[long, ...(short === null ? [] : [short])].join('|')}) ${takesFile ? 'COMPREPLY=($(compgen -f -- "$cur"))' : `COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$cur"))`}; return ;;`,
      );
    const flags = options.flatMap(({ long, short }) => (short === null ? [long] : [long, short]));
    return [
      `    ${name})`,
      ...(values.length === 0 ? [] : ['      case "$prev" in', ...values, '      esac']),
      `      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W ${quoted(flags.join(' '))} -- "$cur"))`,
      ...(takesFiles ? ['      else COMPREPLY=($(compgen -f -- "$cur"))'] : []),
      ...(words.length > 0
        ? [`      else COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$cur"))`]
        : []),
      '      fi ;;',
    ].join('\n');
  });
  return `_whyreset() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted([...commands.map(({ name }) => name), '--help', '--version'].join(' '))} -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
}
complete -o filenames -F _whyreset whyreset
`;
}

function zsh(commands: readonly Completed[]): string {
  const brackets = (text: string) => text.replace(/[[\]:]/g, (character) => `\\${character}`);
  const cases = commands.map(({ name, options, words, takesFiles }) => {
    const specs = options.map(({ long, description, choices, takesFile }) => {
      const value = choices.length > 0 ? `:value:(${choices.join(' ')})` : takesFile ? ':file:_files' : '';
      return `        ${quoted(`${long}[${brackets(description)}]${value}`)} \\`;
    });
    const rest = takesFiles
      ? "'*:file:_files'"
      : words.length > 0
        ? quoted(`1:what:(${words.join(' ')})`)
        : "'*:'";
    return [`    ${name})`, '      _arguments \\', ...specs, `        ${rest} ;;`].join('\n');
  });
  return `#compdef whyreset
_whyreset() {
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command=\${words[2]}
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _whyreset whyreset
`;
}

function fish(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, description, options, words, takesFiles }) => {
    const behind = `-n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c whyreset -f -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
      ...options.map(({ long, short, description: of, choices, takesFile }) => {
        const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesFile ? ' -r -F' : '';
        return `complete -c whyreset ${behind}${short === null ? '' : ` -s ${short.slice(1)}`} -l ${long.slice(2)}${value} -d ${quoted(of)}`;
      }),
      ...(takesFiles ? [`complete -c whyreset ${behind} -F`] : []),
      ...(words.length > 0 ? [`complete -c whyreset ${behind} -f -a ${quoted(words.join(' '))}`] : []),
    ];
  });
  return `${lines.join('\n')}\n`;
}

const SCRIPTS = { bash, zsh, fish } as const;

/** The completion script of a shell, from the definitions of the commands. */
export function completionScript(shell: Shell): string {
  const program = createProgram(() => {});
  return SCRIPTS[shell](program.commands.map(completed));
}

/** `whyreset completion`: prints the script for a shell. */
export async function completionCommand(shell: Shell): Promise<number> {
  process.stdout.write(completionScript(shell));
  return OK;
}
