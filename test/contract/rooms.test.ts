import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../helpers/cli.ts';

/**
 * The plan of the house, held against the imports: what each room may import
 * besides itself. `edge` stands for everything that touches the world.
 */
const ALLOWED: Record<string, readonly string[]> = {
  wire: [],
  protocol: ['wire'],
  connection: ['wire', 'protocol'],
  roles: ['connection', 'protocol'],
  vantage: ['connection', 'wire'],
  evidence: ['vantage', 'connection', 'protocol', 'wire', '@whyreset/guard/timeouts', 'host'],
  // `find.ts` puts the words of a cause together with those of its family.
  causes: ['evidence', 'connection', 'protocol', 'wire', 'host', 'families'],
  families: ['causes', 'evidence', 'connection', 'protocol', 'wire', 'host'],
  verdict: ['causes', 'families', 'evidence', 'vantage', 'roles', 'connection', 'protocol', 'wire', 'host'],
  report: [
    'verdict',
    'families',
    'causes',
    'evidence',
    'connection',
    'wire',
    'logs',
    'host',
    'explain',
    '@whyreset/guard/timeouts',
  ],
  logs: ['wire'],
  explain: ['logs', 'causes', 'families', 'host', '@whyreset/guard/timeouts'],
  listing: ['wire', 'host'],
  host: ['wire', 'logs'],
  capture: ['wire'],
  '.': [
    'wire',
    'listing',
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
  ],
  lab: [
    '.',
    'host',
    'vantage',
    'wire',
    'connection',
    'evidence',
    'causes',
    'families',
    'verdict',
    'report',
    'logs',
    'explain',
    'capture',
  ],
  cli: [
    '.',
    '@whyreset/guard/timeouts',
    'listing',
    'lab',
    'wire',
    'connection',
    'causes',
    'verdict',
    'report',
    'logs',
    'explain',
    'host',
    'capture',
  ],
};

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
const PURE_PACKAGES: Record<string, readonly string[]> = { report: ['ansis', 'string-width'] };

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
