import type { Hop } from './model.ts';

/** `:80, :443`; empty where the configuration names no port. */
export function portsOf({ listens }: Hop): string {
  return [...new Set(listens.flatMap(({ port }) => port ?? []))].map((port) => `:${port}`).join(', ');
}

/** Gives hops of one name that listen on different ports these ports, so that a sentence says which one is meant. */
export function tellApart(hops: readonly Hop[]): void {
  const byName = new Map<string, Hop[]>();
  for (const hop of hops) byName.set(hop.name, [...(byName.get(hop.name) ?? []), hop]);
  for (const alike of byName.values()) {
    if (new Set(alike.map(portsOf)).size < 2) continue;
    for (const hop of alike) hop.name = `${hop.name} ${portsOf(hop)}`.trimEnd();
  }
}
