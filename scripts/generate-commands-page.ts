/** docs/commands.md: every command with its arguments and options, from the definitions that the parser uses. */
import { createProgram, EPILOGUE } from '../packages/whyreset/src/cli/program.ts';

type Command = ReturnType<typeof createProgram>;

/** A cell of a Markdown table. */
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function section(command: Command): string {
  const args = command.registeredArguments.map(
    (argument) =>
      `| \`${argument.name()}\` | ${cell(argument.description)}${argument.argChoices === undefined ? '' : `: ${argument.argChoices.join(', ')}`} |`,
  );
  const options = command.options.map(({ flags, description, argChoices, defaultValue }) => {
    const choices = argChoices === undefined ? '' : `: ${argChoices.join(', ')}`;
    const standard = typeof defaultValue === 'string' ? ` (default: ${defaultValue})` : '';
    return `| \`${flags.replaceAll('|', '\\|')}\` | ${cell(description)}${choices}${standard} |`;
  });
  const rows = [...args, ...options];
  return [
    `## ${command.name()}`,
    '',
    `    whyreset ${command.name()} ${command.usage()}`,
    '',
    `${command.description().replace(/^./, (first) => first.toUpperCase())}.`,
    ...(rows.length === 0 ? [] : ['', '| | |', '|---|---|', ...rows]),
  ].join('\n');
}

export function commandsPage(): string {
  const program = createProgram(() => {});
  return [
    '# Commands',
    '',
    'Generated from the definitions of the commands by `npm run generate`.',
    ...program.commands.map((command) => `\n${section(command)}`),
    '',
    '## Examples and exit codes',
    '',
    '```text',
    EPILOGUE.trim(),
    '```',
    '',
  ].join('\n');
}
