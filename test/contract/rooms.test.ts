import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../helpers/cli.ts';
import { ALLOWED } from './rooms.ts';

/** Rooms in which nothing of Node, no clock, no dice and no console is allowed. */
const SANS_IO = [
  'listing',
  'wire',
  'protocol',
  'connection',
  'roles',
  'vantage',
  'evidence',
  'causes',
  'families',
  'verdict',
  'report',
  'logs',
  'explain',
  'host',
];

/** Packages a core room may use: pure, and free of Node. */
const PURE_PACKAGES: Record<string, readonly string[]> = {
  report: ['ansis', 'string-width', 'sarif'],
  audit: ['yaml', 'smol-toml', '@babel/parser'],
};

const source = join(root, 'packages/whyreset/src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes(`testing${sep}`),
);

const roomOf = (file: string) => (file.includes(sep) ? file.split(sep)[0]! : '.');

function imports(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((m) => m[1]!);
}

describe('the rooms', () => {
  it('are all in the plan', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in ALLOWED))).toEqual([]);
  });

  it.each(files)('%s keeps to its arrows', (file) => {
    const room = roomOf(file);
    const wrong = imports(file).filter((specifier) => {
      if (specifier.startsWith('.')) {
        const target = relative(source, join(source, dirname(file), specifier));
        if (target.startsWith('..')) return !target.endsWith('package.json');
        const other = roomOf(target);
        return other !== room && !ALLOWED[room]!.includes(other);
      }
      if (specifier.startsWith('@whyreset/')) return !ALLOWED[room]!.includes(specifier);
      if (!SANS_IO.includes(room) && room !== '.') return false;
      return !(PURE_PACKAGES[room] ?? []).includes(specifier);
    });
    expect(wrong).toEqual([]);
  });

  it.each(files.filter((file) => SANS_IO.includes(roomOf(file))))(
    '%s touches no clock, dice or console',
    (file) => {
      const code = readFileSync(join(source, file), 'utf8')
        .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
        // Texts and patterns may speak of programs that have a clock.
        .replace(
          /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/(?:[^/\\\n]|\\.)+\/[a-z]*/g,
          '',
        );
      expect(
        code.match(/\b(?:Date\.now|performance\.|Math\.random|console\.|process\.|Buffer\b|setTimeout)/g),
      ).toBeNull();
    },
  );
});
