import type { Cause } from '../../packages/whyreset/src/causes/define.ts';
import { causes } from '../../packages/whyreset/src/causes/index.ts';

/** One example timeline of the catalogue. */
export interface CatalogueExample {
  /** `keep-alive-race-unread match 2`. */
  name: string;
  cause: Cause;
  kind: 'match' | 'miss';
  text: string;
}

export const catalogue: readonly Cause[] = causes;

/** Every example of every cause, in order of the catalogue. */
export const examples: readonly CatalogueExample[] = catalogue.flatMap((cause) =>
  (['match', 'miss'] as const).flatMap((kind) =>
    cause.examples[kind].map((text, index) => ({
      name: `${cause.id} ${kind} ${index + 1}`,
      cause,
      kind,
      text,
    })),
  ),
);
