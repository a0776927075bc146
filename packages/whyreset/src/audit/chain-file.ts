import { type Hop, hop, type Link, written } from './model.ts';
import { products } from './products.data.ts';
import { parseTrees, type Tree } from './syntax/yaml.ts';
import { secondsOf } from './units.ts';

/** One place in a chain that was written down: a product alone, files of it, or what it is set to. */
export interface ChainItem {
  product: string;
  files: string[];
  /** What the chain file says itself. */
  named: Hop;
}

export interface ChainFile {
  items: ChainItem[];
  /** Why it cannot be used, with the line; null when it can. */
  error: string | null;
}

const ACCEPTS = ['idleTimeout', 'requestTimeout', 'flowTimeout'] as const;

/**
 * A chain from the client to the server, in YAML: a list whose items are products, by themselves, with a file, or with
 * settings.
 *
 *     - aws-alb: { idleTimeout: 120s }
 *     - nginx: conf/nginx.conf
 *     - node: server.js
 */
export function readChainFile(path: string, text: string): ChainFile {
  const [tree] = parseTrees(path, text);
  const list = tree?.get('chain').exists ? tree.get('chain') : tree;
  if (list === undefined || list.items.length === 0)
    return {
      items: [],
      error: `${path} holds no list of hops; write one as "- nginx: nginx.conf", from the client to the server`,
    };
  const items: ChainItem[] = [];
  for (const item of list.items) {
    const [name, value] = item.text === null ? (item.entries[0] ?? ['', item]) : [item.text, null];
    const product = products.find(({ id }) => id === name);
    if (product === undefined)
      return {
        items,
        error: `${path}:${item.at.line}: '${name}' is no product; known are ${products.map(({ id }) => id).join(', ')}`,
      };
    items.push(itemOf(product.id, product.label, item, value));
  }
  return { items, error: null };
}

function itemOf(id: string, label: string, item: Tree, value: Tree | null): ChainItem {
  const named = hop(id, label, item.at);
  const files = value === null ? [] : value.text !== null ? [value.text] : filesIn(value);
  for (const [key, setting] of value?.entries ?? []) {
    const seconds = setting.text === null ? null : secondsOf(setting.text, 's');
    if (seconds === null) continue;
    const one = written(key, seconds || Number.POSITIVE_INFINITY, setting.at);
    for (const name of ACCEPTS) if (key === name) named.accepts[name] = one;
    if (key === 'idleTimeout' || key === 'responseTimeout' || key === 'tcpKeepAlive' || key === 'maxAge')
      named.connects[key] = one;
  }
  return { product: id, files, named };
}

function filesIn(value: Tree): string[] {
  const files = value.get('file').text ?? value.get('files').text;
  return files === null
    ? [...value.items, ...value.get('files').items].flatMap(({ text }) => text ?? [])
    : [files];
}

/** Each hop to each of the next place, but where addresses say which to which, only these. */
export function linkInOrder(places: readonly (readonly Hop[])[], byAddress: readonly Link[]): Link[] {
  const links: Link[] = [];
  for (let at = 0; at + 1 < places.length; at++)
    for (const from of opening(places[at]!)) {
      const next = accepting(places[at + 1]!);
      const known = byAddress.filter((link) => link.from === from && next.includes(link.to));
      links.push(...(known.length > 0 ? known : next.map((to) => ({ from, to, assumed: false }))));
    }
  return links;
}

/** A program that serves may hold pools as well: those open the connections to what comes next. */
function opening(place: readonly Hop[]): readonly Hop[] {
  const those = place.filter(
    ({ connects, targets }) => targets.length > 0 || Object.keys(connects).length > 0,
  );
  return those.length > 0 ? those : place;
}

function accepting(place: readonly Hop[]): readonly Hop[] {
  const those = place.filter(({ listens }) => listens.length > 0);
  return those.length > 0 ? those : place;
}
