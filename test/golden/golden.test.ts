import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, whyreset } from '../helpers/cli.ts';

/**
 * Each Markdown file here holds commands as a reader would type them, what they
 * print and their exit code. `UPDATE_GOLDEN=1` writes anew what they print.
 */
const folder = join(root, 'test/golden');
const update = process.env.UPDATE_GOLDEN === '1';

/** Splits as a shell would: quotes of both kinds, no expansion; leading NAME=value are the environment. */
function parse(line: string): { args: string[]; env: Record<string, string> } {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
  const env: Record<string, string> = {};
  while (/^[A-Z_]+=/.test(words[0] ?? '')) {
    const [name, value] = words.shift()!.split('=') as [string, string];
    env[name] = value;
  }
  if (words.shift() !== 'whyreset') throw new Error(`not a whyreset command: ${line}`);
  return { args: words, env };
}

function perform(line: string): string {
  const { args, env } = parse(line);
  const { stdout, stderr, code } = whyreset(args, { env });
  const fence = (kind: string, text: string) =>
    text === '' ? '' : `\`\`\`\`${kind}\n${text.replace(/\n?$/, '\n')}\`\`\`\`\n\n`;
  return `${fence('text', stdout)}${fence('stderr', stderr)}Exit code: ${code}\n`;
}

/** Keeps the prose and the commands of a file, and fills in what each command prints now. */
function performed(source: string): string {
  const parts = source.split(/^(````sh\n\$ .*\n````\n)/m);
  let text = parts[0]!;
  for (let i = 1; i < parts.length; i += 2) {
    const command = /\$ (.*)\n/.exec(parts[i]!)![1]!;
    const prose = parts[i + 1]!.replace(/^[\s\S]*?^Exit code: -?\d+\n/m, '').trim();
    text += `${parts[i]}\n${perform(command)}${prose === '' ? '' : `\n${prose}\n`}${i + 2 < parts.length ? '\n' : ''}`;
  }
  return text;
}

describe('golden', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.md'))) {
    it(name, () => {
      const path = join(folder, name);
      const source = readFileSync(path, 'utf8');
      const now = performed(source);
      if (update) writeFileSync(path, now);
      else expect(now).toBe(source);
    });
  }
});
