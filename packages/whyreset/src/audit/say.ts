import type { Hop, Position, Setting } from './model.ts';
import { products } from './products.data.ts';
import type { Edit } from './rule.ts';

const byId = new Map(products.map((product) => [product.id, product]));

/** `nginx keeps idle connections 60 s (keepalive_timeout, its default)`. */
export function said<V>(hop: Hop, does: string, setting: Setting<V>, text: (value: V) => string): string {
  const value = text(setting.value);
  const from = setting.origin.kind === 'default' ? `${setting.name}, the default` : setting.name;
  return `${hop.name} ${does}${value === '' ? '' : ` ${value}`} (${from})`;
}

/** The edit that gives a setting a value; null where the product has no such setting. */
export function editOf(
  side: 'accepts' | 'connects' | 'process',
  hop: Hop,
  name: string,
  setting: Setting<unknown> | null,
  value: number,
): Edit | null {
  const product = byId.get(hop.product);
  const write = (side === 'connects' ? product?.writeConnects?.[name] : undefined) ?? product?.write?.[name];
  if (write === undefined) return null;
  const at = setting?.origin.kind === 'written' ? setting.origin.at : null;
  return { at, where: whereOf(hop), text: write(nice(value)) };
}

/** Where something belongs that is written nowhere yet. */
export const whereOf = (hop: Hop): string => (hop.at === null ? hop.name : `${hop.at.file} (${hop.name})`);

/** Where a setting is written, or where its hop is described when nobody wrote it. */
export function placesOf(...pairs: [Setting<unknown> | undefined, Hop][]): Position[] {
  const places = pairs.flatMap(([setting, hop]) => {
    const at = setting?.origin.kind === 'written' ? setting.origin.at : hop.at;
    return at === null ? [] : [at];
  });
  return places.filter(
    (one, at) => places.findIndex(({ file, line }) => file === one.file && line === one.line) === at,
  );
}

/** A number that a person would choose. */
function nice(value: number): number {
  const step = value >= 100 ? 10 : value >= 30 ? 5 : 1;
  return Math.max(1, Math.ceil(value / step) * step);
}
