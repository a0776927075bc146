import { timeouts } from '@whyreset/guard/timeouts';
import type { Accepts, Connects, Hop, Process, Role, Setting } from './model.ts';

/** A setting that was not written, by the id of a known timeout, or with its value and source. */
type Default = string | { name: string; value: number | boolean; source: string };

type Defaults<S> = { readonly [K in keyof S]?: Default };

export interface Written {
  readonly [setting: string]: (value: number) => string;
}

export interface Product {
  readonly id: string;
  readonly label: string;
  readonly role: Role;
  readonly accepts?: Defaults<Accepts>;
  readonly connects?: Defaults<Connects>;
  readonly process?: Defaults<Process>;
  /** How a setting is written in this product: value in seconds or bytes → text. */
  readonly write?: Written;
  /** The same for connections that it opens, where that is another setting. */
  readonly writeConnects?: Written;
}

const known = new Map(timeouts.map((timeout) => [timeout.id, timeout]));

function settingOf(value: Default): Setting<number | boolean> {
  if (typeof value !== 'string')
    return {
      name: value.name,
      value: value.value,
      origin: { kind: 'default', source: value.source, appliesTo: null },
    };
  const timeout = known.get(value);
  if (timeout === undefined) throw new Error(`no known timeout ${value}`);
  return {
    name: timeout.configurableAs ?? timeout.product,
    // Of these settings 0 switches the limit off.
    value: timeout.defaultSeconds || Number.POSITIVE_INFINITY,
    origin: { kind: 'default', source: timeout.source, appliesTo: timeout.appliesTo },
  };
}

/** Fills in what was not written. */
export function withDefaults(product: Product, hop: Hop): Hop {
  const fill = <S extends object>(written: S, defaults: Defaults<S> | undefined): S => {
    const filled = Object.entries(defaults ?? {}).map(([name, value]) => [name, settingOf(value as Default)]);
    return { ...Object.fromEntries(filled), ...written };
  };
  return {
    ...hop,
    accepts: fill(hop.accepts, product.accepts),
    connects: fill(hop.connects, product.connects),
    process: fill(hop.process, product.process),
  };
}
