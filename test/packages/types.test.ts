import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../helpers/cli.ts';

/** Declarations of one package as it is published, by the name of what they declare. */
function declarations(folder: string, door: string) {
  const declared = new Map<string, string>();
  const files = [door];
  const exported = new Set<string>();
  // A name that several files declare cannot be told apart by its text.
  const twice = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    for (const [, specifier] of text.matchAll(/from '(\.[^']+)'/g)) {
      const target = normalize(join(dirname(file), specifier!.replace(/\.js$/, '.d.ts')));
      if (!files.includes(target)) files.push(target);
    }
    const parts = text.split(
      /\n(?=(?:export )?(?:declare |type |interface |class |const |function |abstract ))/,
    );
    for (const part of parts) {
      const name =
        /^(?:export )?(?:declare )?(?:abstract )?(?:type|interface|class|const|function) (\w+)/.exec(
          part,
        )?.[1];
      if (name === undefined) continue;
      if (declared.has(name)) twice.add(name);
      declared.set(name, part);
    }
    if (file !== door) continue;
    for (const [, names] of text.matchAll(/export (?:type )?\{([^}]*)\}/g))
      for (const name of names!.split(/,| as /)) exported.add(name.replace(/^\s*type /, '').trim());
    for (const [, name] of text.matchAll(
      /export (?:declare )?(?:type|interface|class|const|function) (\w+)/g,
    ))
      exported.add(name!);
  }
  for (const name of twice) declared.delete(name);
  return { declared, exported };
}

/** What stands between the outside and the door: private members show no type. */
const visible = (text: string) => text.replace(/^\s*(?:private|#).*$/gm, '').replace(/'[^']*'/g, '');

function missing(folder: string, door: string): string[] {
  const { declared, exported } = declarations(folder, door);
  const lacking = new Set<string>();
  for (const name of exported)
    for (const [word] of visible(declared.get(name) ?? '').matchAll(/\b[A-Z]\w+\b/g))
      if (declared.has(word) && !exported.has(word)) lacking.add(`${word}, of ${name}`);
  return [...lacking].sort();
}

describe('types', () => {
  it.each([['whyreset', 'index.d.ts']])('that exported types of %s (%s) use are exported', (name, door) => {
    expect(missing(join(root, 'packages', name, 'dist'), door)).toEqual([]);
  });
});
