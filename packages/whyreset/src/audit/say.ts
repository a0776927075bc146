import type { Hop, Origin, Position, Setting } from './model.ts';
import { products } from './products.data.ts';
import type { Edit } from './rule.ts';

const byId = new Map(products.map((product) => [product.id, product]));

/** `nginx keeps idle connections 60 s (keepalive_timeout, its default)`. */
export function said<V>(hop: Hop, does: string, setting: Setting<V>, text: (value: V) => string): string {
  const value = text(setting.value);
  const from = setting.origin.kind === 'default' ? `${setting.name}, the default` : setting.name;
  return `${hop.name} ${does}${value === '' ? '' : ` ${value}`} (${from})`;
}

/** Where the settings stand, the first that is written first; where none is, where the hops are described. */
export function positionsOf(...places: (Position | null | Setting<unknown>)[]): Position[] {
  const settings: Position[] = [];
  const hops: Position[] = [];
  for (const place of places) {
    if (place === null) continue;
    if ('origin' in place) {
      if (place.origin.kind === 'written') settings.push(place.origin.at);
    } else hops.push(place);
  }
  const all = [...settings, ...hops];
  return all.filter(
    (one, at) => all.findIndex(({ file, line }) => file === one.file && line === one.line) === at,
  );
}

/** The edit that gives a setting a value; null where the product has no such setting. */
export function editOf(hop: Hop, name: string, setting: Setting<unknown> | null, value: number): Edit | null {
  const product = byId.get(hop.product);
  const write = product?.write?.[name];
  if (write === undefined) return null;
  const at = setting === null ? null : placeOf(setting.origin);
  return { at, where: hop.name, text: write(nice(value)) };
}

const placeOf = (origin: Origin): Position | null => (origin.kind === 'written' ? origin.at : null);

/** A number that a person would choose. */
function nice(value: number): number {
  const step = value >= 100 ? 10 : value >= 30 ? 5 : 1;
  return Math.max(1, Math.ceil(value / step) * step);
}
