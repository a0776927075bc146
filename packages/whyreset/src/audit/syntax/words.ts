import type { Position } from '../model.ts';
import type { Word } from '../reader.ts';

/**
 * Words of a shell command line with their positions: quotes, escapes, a JSON array (Dockerfile's exec form) and
 * continued lines. What stands behind `&&`, `;` or `|` is another command.
 */
export function commandsOf(text: string, at: Position): Word[][] {
  const commands: Word[][] = [[]];
  let { line, column } = at;
  let word: Word | null = null;
  let quote = '';
  const end = () => {
    if (word !== null) commands.at(-1)!.push(word);
    word = null;
  };
  const json = /^\s*\[\s*"/.test(text);
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    const here = { file: at.file, line, column };
    if (char === '\n') {
      line += 1;
      column = 1;
    } else column += 1;
    if (quote !== '') {
      if (char === '\\' && quote === '"' && i + 1 < text.length) word!.text += text[++i];
      else if (char === quote) quote = '';
      else word!.text += char;
    } else if (char === '"' || (char === "'" && !json)) {
      quote = char;
      word ??= { text: '', at: here };
    } else if (json && (char === ',' || char === '[' || char === ']')) end();
    else if (char === '\\' && /\s/.test(text[i + 1] ?? '')) end();
    else if (/\s/.test(char)) end();
    else if (!json && /[;&|]/.test(char)) {
      end();
      if (commands.at(-1)!.length > 0) commands.push([]);
    } else {
      word ??= { text: '', at: here };
      word.text += char;
    }
  }
  end();
  return commands.filter((words) => words.length > 0);
}

/** Options of a command line by name without dashes: `--keep-alive 5`, `--keep-alive=5`, `-k gevent`. */
export function optionsOf(words: readonly Word[]): Map<string, Word> {
  const options = new Map<string, Word>();
  words.forEach(({ text, at }, index) => {
    const match = /^--?([\w.-]+)(?:=(.*))?$/s.exec(text);
    if (match === null) return;
    const next = words[index + 1];
    const value = match[2] ?? (next !== undefined && !/^-\D/.test(next.text) ? next.text : '');
    options.set(match[1]!, { text: value, at });
  });
  return options;
}
