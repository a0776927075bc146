import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { globSync } from 'tinyglobby';
import type { ReadIncluded, SourceFile } from '../audit/reader.ts';
import { readers } from '../audit/readers/index.ts';
import { UsageError } from './exit.ts';

/** Configurations are small; what is larger is something else. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_FILES = 5000;
const PASSED_OVER = ['**/node_modules/**', '**/.git/**', '**/dist/**', '**/vendor/**'];

export interface FoundFiles {
  files: SourceFile[];
  /** Named one by one, so that it is said when nothing in them is known. */
  named: Set<string>;
  /** What could not be read, one sentence each. */
  failed: string[];
}

/** The files that arguments name: files, folders, patterns, and `-`. In folders only what a reader recognises counts. */
export function findFiles(args: readonly string[]): FoundFiles {
  const found: FoundFiles = { files: [], named: new Set(), failed: [] };
  for (const arg of args) {
    if (arg === '-') {
      add(found, { path: 'standard input', text: readFileSync(0, 'utf8') }, true);
    } else if (existsSync(arg)) {
      if (statSync(arg).isDirectory()) folder(arg, found);
      else readInto(found, arg, true);
    } else {
      const matches = /[*?[{]/.test(arg) ? globSync(arg, { expandDirectories: false }).sort() : [];
      if (matches.length === 0) throw new UsageError(`${arg}: there is no such file or folder.`);
      for (const path of matches) readInto(found, path, true);
    }
  }
  return found;
}

function folder(path: string, found: FoundFiles): void {
  const paths = globSync('**/*', { cwd: path, dot: false, ignore: PASSED_OVER }).sort();
  if (paths.length > MOST_FILES)
    throw new UsageError(
      `${path} holds ${paths.length} files, more than ${MOST_FILES}; name the folders that matter.`,
    );
  for (const name of paths) readInto(found, join(path, name), false);
}

function readInto(found: FoundFiles, path: string, named: boolean): void {
  try {
    if (statSync(path).size > MOST_BYTES) {
      if (named) found.failed.push(`${path} is larger than 4 MiB, which no configuration is.`);
      return;
    }
    add(found, { path, text: readFileSync(path, 'utf8') }, named);
  } catch (error) {
    if (named) found.failed.push(`${path} cannot be read: ${(error as Error).message}.`);
  }
}

function add(found: FoundFiles, file: SourceFile, named: boolean): void {
  if (named) found.named.add(file.path);
  else if (!readers.some((reader) => reader.recognises(file.path, file.text))) return;
  found.files.push(file);
}

/** What a configuration includes: relative to its own folder, or to the folder above it, as nginx means its prefix. */
export const readIncluded: ReadIncluded = (pattern, from) => {
  const bases = isAbsolute(pattern) ? [''] : [dirname(from), dirname(dirname(from))];
  for (const base of bases) {
    const path = base === '' ? pattern : join(base, pattern);
    const paths = /[*?[]/.test(pattern) ? matching(path) : existsSync(path) ? [path] : [];
    const files = paths.flatMap((one) => {
      try {
        return [
          {
            path: isAbsolute(one) && !isAbsolute(from) ? relative('.', one) : one,
            text: readFileSync(one, 'utf8'),
          },
        ];
      } catch {
        return [];
      }
    });
    if (files.length > 0) return files;
  }
  return [];
};

/** A pattern in the last part of a path, as almost every include has it. */
function matching(path: string): string[] {
  const parent = dirname(path);
  if (!existsSync(parent)) return [];
  const pattern = new RegExp(
    `^${path
      .slice(parent.length + 1)
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  return readdirSync(parent)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(parent, name));
}
