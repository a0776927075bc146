import { existsSync, statSync } from 'node:fs';
import { globSync } from 'tinyglobby';

/** The files that arguments name, patterns expanded; null where one of them names none, so that they are a text. */
export function filesOf(args: readonly string[]): string[] | null {
  const files: string[] = [];
  for (const arg of args) {
    const found = isFile(arg)
      ? [arg]
      : isPattern(arg)
        ? globSync(arg, { expandDirectories: false }).sort()
        : [];
    if (found.length === 0) return null;
    files.push(...found);
  }
  return files.length === 0 ? null : files;
}

const isFile = (path: string): boolean => {
  // A pasted error may be longer than any path; the file system then says so by an exception.
  try {
    return existsSync(path) && statSync(path).isFile();
  } catch {
    return false;
  }
};

/** A pattern has no blanks; error texts do. */
const isPattern = (arg: string): boolean => /[*?[{]/.test(arg) && !/\s/.test(arg);
