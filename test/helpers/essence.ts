import type { Result } from '../../packages/whyreset/src/index.ts';

/** What a result says of each connection, without packet numbers and times: what must not change when only the capture does. */
export function essence({ resets }: Pick<Result, 'resets'>): string[] {
  return resets
    .map(({ connection: { originator, responder }, reset, verdict }) =>
      [originator, responder, reset ? 'RST' : '', verdict.sender, verdict.cause, verdict.certainty].join(' '),
    )
    .sort();
}
