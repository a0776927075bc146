import { close, connect, listen, REQUEST, type Step, send, until } from './steps.ts';

const names = ['a', 'b', 'c'];

/** A rolling restart: three clients wait for the old process when the new one listens and the old one closes. */
export const ROLLING: readonly Step[] = [
  listen('server', { as: 'old', set: { SO_REUSEPORT: 1 } }),
  ...names.flatMap((as) => [connect({ as }), send(as, REQUEST), until({ acknowledged: as })]),
  listen('server', { as: 'new', set: { SO_REUSEPORT: 1 } }),
  close('old'),
];
