import type { Position } from '../model.ts';

/** A directive of nginx, Caddy and their like: `name arguments… ;` or `name arguments… { … }`. */
export interface Directive {
  name: string;
  args: string[];
  at: Position;
  /** Null: ends with `;`. */
  block: Directive[] | null;
}

interface Token {
  text: string;
  quoted: boolean;
  line: number;
  column: number;
}

/**
 * Reads nginx's syntax (nginx.org/en/docs, src/core/ngx_conf_file.c): quotes, comments, `\` escapes, `${variables}`, and
 * the blocks of Lua and njs, which are skipped.
 */
export function parseBlocks(file: string, text: string): Directive[] {
  const tokens = [...tokenize(text)];
  let next = 0;
  const read = (): Directive[] => {
    const directives: Directive[] = [];
    let words: Token[] = [];
    for (; next < tokens.length; next++) {
      const token = tokens[next]!;
      const mark = token.quoted ? '' : token.text;
      if (mark === '}') break;
      if (mark !== ';' && mark !== '{') {
        words.push(token);
        continue;
      }
      const [first, ...args] = words;
      words = [];
      let block: Directive[] | null = null;
      if (mark === '{') {
        next += 1;
        block = read();
      }
      if (first === undefined) continue;
      const { line, column } = first;
      directives.push({
        name: first.text,
        args: args.map((word) => word.text),
        at: { file, line, column },
        block,
      });
    }
    return directives;
  };
  const all: Directive[] = [];
  // A brace too many closes nothing.
  for (; next < tokens.length; next++) all.push(...read());
  return all;
}

function* tokenize(text: string): Generator<Token> {
  let at = 0;
  let line = 1;
  let lineStart = 0;
  const step = (until: number) => {
    for (; at < until; at++)
      if (text[at] === '\n') {
        line += 1;
        lineStart = at + 1;
      }
  };
  while (at < text.length) {
    const char = text[at]!;
    if (/\s/.test(char)) step(at + 1);
    else if (char === '#') step(endOf(text, '\n', at));
    else if (char === ';' || char === '{' || char === '}') {
      yield { text: char, quoted: false, line, column: at - lineStart + 1 };
      step(at + 1);
    } else {
      const token = { text: '', quoted: false, line, column: at - lineStart + 1 };
      const start = at;
      if (char === '"' || char === "'") {
        let end = at + 1;
        while (end < text.length && text[end] !== char) end += text[end] === '\\' ? 2 : 1;
        token.text = text.slice(start + 1, end).replace(/\\(["'\\])/g, '$1');
        token.quoted = true;
        step(Math.min(text.length, end + 1));
      } else {
        let end = at;
        while (end < text.length && !/[\s;{}]/.test(text[end]!)) {
          if (text.startsWith('${', end)) end = endOf(text, '}', end) + 1;
          else end += text[end] === '\\' ? 2 : 1;
        }
        token.text = text.slice(start, end);
        step(Math.min(text.length, Math.max(end, start + 1)));
      }
      yield token;
      if (/_by_lua_block$/.test(token.text)) {
        const open = endOf(text, '{', at);
        step(Math.min(text.length, closingLua(text, open) + 1));
        yield { ...token, text: ';', quoted: false };
      }
    }
  }
}

const endOf = (text: string, mark: string, from: number) => {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
};

/** The brace that closes a block of Lua; those in its strings and comments do not count. */
function closingLua(text: string, open: number): number {
  const part =
    /\{|\}|--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*|\[(=*)\[[\s\S]*?\]\2\]|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/g;
  part.lastIndex = open;
  let depth = 0;
  for (let match = part.exec(text); match !== null; match = part.exec(text)) {
    if (match[0] === '{') depth += 1;
    else if (match[0] === '}' && --depth === 0) return match.index;
  }
  return text.length;
}
