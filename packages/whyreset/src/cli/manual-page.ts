import type { Command } from 'commander';
import { createProgram, EPILOGUE } from './program.ts';

/** A line of running text in roff: a leading dot or quote would be a request, and a hyphen is a minus in options. */
const roff = (text: string) =>
  text
    .replaceAll('\\', '\\e')
    .replace(/^([.'])/, '\\&$1')
    .replaceAll('-', '\\-');

function section(command: Command): string[] {
  const usage = `${command.name()} ${command.usage()}`.replace('[options] ', '');
  return [
    '.SS',
    `.B whyreset ${roff(usage)}`,
    '.PP',
    roff(`${command.description()}.`),
    ...command.registeredArguments.flatMap((argument) =>
      argument.description === '' ? [] : ['.TP', `.I ${roff(argument.name())}`, roff(argument.description)],
    ),
    ...command.options.flatMap(({ flags, description, argChoices, defaultValue }) => [
      '.TP',
      `.B ${roff(flags)}`,
      roff(
        `${description}${argChoices === undefined ? '' : `: ${argChoices.join(', ')}`}${typeof defaultValue === 'string' ? ` (default: ${defaultValue})` : ''}`,
      ),
    ]),
  ];
}

/** The manual page whyreset(1), from the definitions of the commands. */
export function manualPage(): string {
  const program = createProgram(() => {});
  return `${[
    '.\\" Generated from the definitions of the commands by "npm run generate".',
    '.TH WHYRESET 1',
    '.SH NAME',
    'whyreset \\- find who ended a TCP connection, why, and how it stops',
    '.SH SYNOPSIS',
    '.B whyreset',
    '.I command',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    roff(program.description()),
    '.SH COMMANDS',
    ...program.commands.flatMap(section),
    '.SH EXIT STATUS',
    '.TP',
    '.B 0',
    'Nothing is wrong.',
    '.TP',
    '.B 1',
    'Problems were found.',
    '.TP',
    '.B 2',
    'The input could not be analysed, or the command was used wrongly.',
    '.SH ENVIRONMENT',
    '.TP',
    '.B NO_COLOR, FORCE_COLOR, COLUMNS',
    'No colours, colours in any case, and the width of the report.',
    '.SH EXAMPLES',
    '.EX',
    ...EPILOGUE.split('Examples:')[1]!
      .trim()
      .split('\n')
      .map((line) => roff(line.trim())),
    '.EE',
  ].join('\n')}\n`;
}
