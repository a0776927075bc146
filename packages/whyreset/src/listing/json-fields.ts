import type { FieldOf } from './field-packet.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Deeper nesting than this is no dissection. */
const DEEPEST = 24;

const isTree = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Adds the leaves of a tree by their name; the last of several is the innermost packet's. */
function collect(tree: Json, into: Map<string, string>, depth: number): void {
  if (!isTree(tree) || depth > DEEPEST) return;
  for (const [name, value] of Object.entries(tree)) {
    const leaf = Array.isArray(value) ? value[0] : value;
    if (typeof leaf === 'string' || typeof leaf === 'number' || typeof leaf === 'boolean')
      into.set(name, String(leaf));
    else if (leaf !== undefined) collect(leaf, into, depth + 1);
  }
}

/** The layers of a packet in `-T json` (`tcp.seq_raw`) or `-T ek` (`tcp_tcp_seq_raw`), and those that its ICMP error quotes. */
export interface JsonFields {
  of: FieldOf;
  quoted: FieldOf | null;
}

function fieldsOf(trees: readonly Json[]): FieldOf {
  const fields = new Map<string, string>();
  for (const tree of trees) collect(tree, fields, 0);
  return (name) => {
    const flat = name.replaceAll('.', '_');
    return fields.get(name) ?? fields.get(`${name.split('.')[0]}_${flat}`) ?? fields.get(flat);
  };
}

/** Null when the text is no JSON, or no packet of tshark. */
export function readJsonPacket(text: string): JsonFields | null {
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  if (!isTree(parsed)) return null;
  const layers = parsed.layers ?? (isTree(parsed._source) ? parsed._source.layers : undefined);
  if (!isTree(layers)) return null;
  const icmp = layers.icmp ?? layers.icmpv6;
  if (!isTree(icmp)) return { of: fieldsOf([layers]), quoted: null };
  // What the error quotes lies inside the layer of the error.
  const inner = Object.entries(icmp).filter(([name]) => name === 'ip' || name === 'ipv6' || name === 'tcp');
  const own = Object.fromEntries(
    Object.entries(icmp).filter(([name]) => !inner.some(([other]) => other === name)),
  );
  const outside = Object.fromEntries(
    Object.entries(layers).filter(([name]) => name !== 'icmp' && name !== 'icmpv6'),
  );
  return {
    of: fieldsOf([outside, own]),
    quoted: inner.length === 0 ? null : fieldsOf(inner.map(([, tree]) => tree)),
  };
}
