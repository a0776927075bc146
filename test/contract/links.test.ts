import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../helpers/cli.ts';

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.cache', 'golden', 'captures', 'corpus']);

function documents(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : documents(join(folder, entry.name));
    return entry.name.endsWith('.md') ? [join(folder, entry.name)] : [];
  });
}

/** The anchor that GitHub gives to a heading. */
const anchorOf = (heading: string) =>
  heading
    .replace(/`|\*|\[|\]\([^)]*\)/g, '')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsIn = (text: string) =>
  [...text.matchAll(/^#{1,6} (.*)$/gm)].map(([, heading]) => anchorOf(heading!));

describe('links between documents', () => {
  it.each(documents(root).map((path) => relative(root, path)))('%s leads nowhere dead', (path) => {
    const text = readFileSync(join(root, path), 'utf8').replace(/^(`{3,}).*\n[\s\S]*?\n\1$/gm, '');
    const dead = [...text.matchAll(/(?:\]\(|srcset="|src=")(?!https?:|mailto:)([^)"\s]+)/g)].flatMap(
      ([, link]) => {
        const [file, anchor] = link!.split('#') as [string, string?];
        const target = file === '' ? join(root, path) : join(root, dirname(path), decodeURI(file));
        if (!existsSync(target)) return [link];
        if (anchor === undefined || !target.endsWith('.md')) return [];
        return anchorsIn(readFileSync(target, 'utf8')).includes(anchor) ? [] : [link];
      },
    );
    expect(dead).toEqual([]);
  });
});
