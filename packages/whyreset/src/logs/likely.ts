import type { ErrorClass, Family, TaxonomyId } from './classes.ts';
import type { Features } from './features.ts';

/** Causes that need a connection which has carried an earlier request. */
const needReuse: ReadonlySet<TaxonomyId> = new Set(['I1', 'I2', 'I3', 'I10']);
/** Causes that need a connection which has been idle. */
const afterIdle: ReadonlySet<TaxonomyId> = new Set(['I1', 'I2', 'I3', 'I4', 'I7']);
const notRetried: ReadonlySet<string> = new Set(['POST', 'PATCH']);

/** Families and exclusions of a class, in the light of what else the text says. */
export function likely(
  group: Pick<ErrorClass, 'families' | 'rulesOut'>,
  { reused, method, tls }: Features,
): { families: Family[]; rulesOut: string[] } {
  let families = [...group.families];
  const rulesOut = [...group.rulesOut];
  if (reused === false && families.some(({ cause }) => needReuse.has(cause))) {
    families = families.filter(({ cause }) => !needReuse.has(cause));
    rulesOut.push('No keep-alive race: this socket had never carried an answer before.');
  }
  if (reused === true) families = first(families, (cause) => afterIdle.has(cause));
  // Clients repeat an idempotent request silently, so a race that is seen at all is mostly seen on the others.
  else if (reused === null && method !== null && notRetried.has(method)) {
    families = first(families, (cause) => needReuse.has(cause));
  }
  // A TLS socket does not send plain text.
  if (tls) families = families.filter(({ cause }) => cause !== 'P1');
  return { families, rulesOut };
}

function first(families: Family[], wanted: (cause: TaxonomyId) => boolean): Family[] {
  return [
    ...families.filter(({ cause }) => wanted(cause)),
    ...families.filter(({ cause }) => !wanted(cause)),
  ];
}
