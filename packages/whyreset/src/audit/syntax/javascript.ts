import { parse } from '@babel/parser';

/** A node of Babel's tree, as far as it is looked at. */
export interface Node {
  type: string;
  loc?: { start: { line: number; column: number } } | null;
  [key: string]: unknown;
}

/** The tree of a JavaScript or TypeScript file, errors overlooked; null for what is neither. */
export function parseScript(path: string, text: string): Node | null {
  const typed = /\.[cm]?tsx?$/.test(path);
  try {
    const plugins = [
      ...(typed ? (['typescript', 'decorators'] as const) : []),
      ...(/x$/.test(path) || !typed ? (['jsx'] as const) : []),
    ];
    return parse(text, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      plugins,
    }).program as unknown as Node;
  } catch {
    return null;
  }
}

export function visitNodes(node: Node, seen: (node: Node) => void): void {
  seen(node);
  for (const key in node) {
    if (key === 'loc' || key.endsWith('Comments')) continue;
    const value = node[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visitNodes(item, seen);
    } else if (isNode(value)) visitNodes(value, seen);
  }
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Last name of `a.b.c`, `c` or `c()`; null for others. */
export function nameOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === 'Identifier') return node.name as string;
  if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression')
    return nameOf(node.property);
  return node.type === 'StringLiteral' ? (node.value as string) : null;
}

export type Constants = ReadonlyMap<string, number | string>;

/** What an expression of literals, named constants and arithmetic comes to; null for any other. */
export function evaluate(node: unknown, constants: Constants): number | string | boolean | null {
  if (!isNode(node)) return null;
  switch (node.type) {
    case 'NumericLiteral':
    case 'StringLiteral':
    case 'BooleanLiteral':
      return node.value as number;
    case 'Identifier':
      return node.name === 'Infinity'
        ? Number.POSITIVE_INFINITY
        : (constants.get(node.name as string) ?? null);
    case 'TSAsExpression':
    case 'ParenthesizedExpression':
      return evaluate(node.expression, constants);
    case 'LogicalExpression':
      // `process.env.PORT ?? 3000`
      return evaluate(node.right, constants);
    case 'CallExpression':
      return /^(Number|parseInt|String)$/.test(nameOf(node.callee) ?? '')
        ? evaluate((node.arguments as unknown[])[0], constants)
        : null;
    case 'BinaryExpression': {
      const [left, right] = [evaluate(node.left, constants), evaluate(node.right, constants)];
      if (typeof left !== 'number' || typeof right !== 'number') return null;
      if (node.operator === '*') return left * right;
      if (node.operator === '+') return left + right;
      return node.operator === '-' ? left - right : node.operator === '/' ? left / right : null;
    }
    default:
      return null;
  }
}
