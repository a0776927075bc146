import { type ChainItem, linkInOrder } from './chain-file.ts';
import { linkHops } from './link.ts';
import { type Chain, type Hop, hop, type Position } from './model.ts';
import { type Product, withDefaults } from './product.ts';
import { products } from './products.data.ts';
import type { ReadIncluded, SourceFile } from './reader.ts';
import { readers } from './readers/index.ts';
import type { Problem, Rule, Severity } from './rule.ts';
import { rules } from './rules/index.ts';
import { tellApart } from './tell-apart.ts';

export interface Finding extends Problem {
  rule: string;
  severity: Severity;
}

export interface AuditResult {
  findings: Finding[];
  chain: Chain;
  /** Files that were read, and of which product. */
  files: { path: string; products: string[] }[];
  /** Files in which nothing was recognised. */
  unknown: string[];
}

export interface AuditOptions {
  /** Id of the product in front of everything. */
  behind?: string | null;
  included?: ReadIncluded;
  /** Hops that were not read from files: this host. */
  more?: Hop[];
  /** The hops in order, where somebody wrote them down. */
  order?: readonly ChainItem[];
}

const byId = new Map(products.map((product) => [product.id, product]));

export const findProduct = (id: string): Product | null => byId.get(id) ?? null;
/** Products that can be named without a file. */
export const productNames = (): string[] => products.map(({ id }) => id);

/** What the files describe, put together, held against every rule. */
export function audit(files: readonly SourceFile[], options: AuditOptions = {}): AuditResult {
  const texts = [...files];
  const included: ReadIncluded = (pattern, from) => {
    const found = options.included?.(pattern, from) ?? [];
    texts.push(...found);
    return found;
  };
  const read = files.map((file) => ({ path: file.path, hops: readFile(file, included) }));
  const chain = chainOf(read, options);
  tellApart(chain.hops);
  const ignored = ignoredRules(texts);
  const findings = rules
    .flatMap((rule) => applyRule(rule, chain))
    .filter((finding) => !isIgnored(finding, ignored))
    .sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
  return {
    findings: distinct(findings),
    chain,
    files: read
      .filter(({ hops }) => hops.length > 0)
      .map(({ path, hops }) => ({
        path,
        products: [...new Set(hops.map(({ product }) => byId.get(product)!.label))],
      })),
    unknown: read.filter(({ hops }) => hops.length === 0).map(({ path }) => path),
  };
}

interface ReadHops {
  path: string;
  hops: Hop[];
}

const complete = (one: Hop) => withDefaults(byId.get(one.product)!, one);

function chainOf(read: readonly ReadHops[], { behind, more = [], order }: AuditOptions): Chain {
  const front = behind ? complete(hop(behind, byId.get(behind)!.label, null)) : null;
  const found = read.map(({ path, hops }) => ({ path, hops: hops.map(complete) }));
  const chain = linkHops([...found.flatMap(({ hops }) => hops), ...more.map(complete)], front);
  if (order === undefined) return chain;
  const places = order.map(({ files, named }) => {
    if (files.length === 0) return [complete(named)];
    const hops = found.filter(({ path }) => files.includes(path)).flatMap(({ hops }) => hops);
    // What the chain says beats what the files say.
    for (const one of hops) {
      Object.assign(one.accepts, named.accepts);
      Object.assign(one.connects, named.connects);
    }
    return hops;
  });
  return { hops: [...new Set([...places.flat(), ...chain.hops])], links: linkInOrder(places, chain.links) };
}

function readFile(file: SourceFile, included: ReadIncluded): Hop[] {
  return readers.flatMap((reader) =>
    reader.recognises(file.path, file.text) ? reader.read(file, included) : [],
  );
}

function applyRule({ id, severity, link, hop: ofHop }: Rule, chain: Chain): Finding[] {
  const problems = [
    ...(link ? chain.links.map((one) => link(one, chain)) : []),
    ...(ofHop ? chain.hops.flatMap((one) => ofHop(one, chain)) : []),
  ];
  return problems.flatMap((problem) => (problem === null ? [] : [{ rule: id, severity, ...problem }]));
}

/** Several locations of one server lead to the same words. */
function distinct(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, message, positions }) => {
    const key = JSON.stringify([rule, message, positions]);
    return !seen.has(key) && seen.add(key);
  });
}

/** `# whyreset-ignore idle-order, backlog`, on the line or the one above; `whyreset-ignore-file` for the whole file. */
function ignoredRules(files: readonly SourceFile[]): Map<string, Set<string>> {
  const ignored = new Map<string, Set<string>>();
  for (const { path, text } of files)
    text.split('\n').forEach((line, at) => {
      const match = /whyreset-ignore(-file)?[\s:]+([\w-]+(?:\s*,\s*[\w-]+)*)/.exec(line);
      if (match === null) return;
      const places = match[1] ? [`${path}:*`] : [`${path}:${at + 1}`, `${path}:${at + 2}`];
      for (const place of places)
        ignored.set(place, new Set([...(ignored.get(place) ?? []), ...match[2]!.split(/\s*,\s*/)]));
    });
  return ignored;
}

function isIgnored({ rule, positions }: Finding, ignored: Map<string, Set<string>>): boolean {
  const has = (place: string) => ignored.get(place)?.has(rule) === true;
  return positions.some(({ file, line }: Position) => has(`${file}:*`) || has(`${file}:${line}`));
}
