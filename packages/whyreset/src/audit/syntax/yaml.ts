import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { Position } from '../model.ts';

/** A YAML or JSON value that knows where it stands. */
export class Tree {
  readonly #node: unknown;
  readonly #at: (offset: number) => Position;

  constructor(node: unknown, at: (offset: number) => Position) {
    this.#node = node;
    this.#at = at;
  }

  get at(): Position {
    return this.#at((this.#node as Node | null)?.range?.[0] ?? 0);
  }

  /** The value below these keys (numbers: items of a list), or nothing. */
  get(...keys: (string | number)[]): Tree {
    let node = this.#node;
    for (const key of keys)
      node = isMap(node)
        ? node.get(key, true)
        : isSeq(node) && typeof key === 'number'
          ? node.items[key]
          : undefined;
    return new Tree(node, this.#at);
  }

  get exists(): boolean {
    return this.#node !== undefined && this.#node !== null;
  }

  get text(): string | null {
    const value = this.scalar;
    return value === null || value === undefined ? null : String(value);
  }

  get number(): number | null {
    const value = this.scalar;
    const number =
      typeof value === 'number'
        ? value
        : typeof value === 'string' && value !== ''
          ? Number(value)
          : Number.NaN;
    return Number.isFinite(number) ? number : null;
  }

  get scalar(): unknown {
    return isScalar(this.#node) ? this.#node.value : null;
  }

  get items(): Tree[] {
    return isSeq(this.#node) ? this.#node.items.map((item) => new Tree(item, this.#at)) : [];
  }

  get entries(): [string, Tree][] {
    if (!isMap(this.#node)) return [];
    return this.#node.items.map(({ key, value }) => [
      String(isScalar(key) ? key.value : key),
      new Tree(value, this.#at),
    ]);
  }

  /** Every value below a key of this name, however deep. */
  all(name: string): Tree[] {
    const found: Tree[] = [];
    const visit = (tree: Tree, depth: number) => {
      if (depth > 64) return;
      for (const item of tree.items) visit(item, depth + 1);
      for (const [key, value] of tree.entries) {
        if (key === name) found.push(value);
        visit(value, depth + 1);
      }
    };
    visit(this, 0);
    return found;
  }
}

/** The documents of a file; none when it cannot be read as YAML (JSON is YAML). Aliases are not followed. */
export function parseTrees(file: string, text: string): Tree[] {
  const lineCounter = new LineCounter();
  try {
    const documents = parseAllDocuments(text, { lineCounter, uniqueKeys: false, logLevel: 'silent' });
    if (!Array.isArray(documents)) return [];
    const at = (offset: number) => {
      const { line, col } = lineCounter.linePos(offset);
      return { file, line, column: col };
    };
    return documents.map(({ contents }) => new Tree(isAlias(contents) ? null : contents, at));
  } catch {
    return [];
  }
}
