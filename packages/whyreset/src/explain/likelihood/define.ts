import type { End, Mark, Observation, Reporter, Service, Stage } from '../../logs/observation.ts';

type Weights<K extends string> = Readonly<Partial<Record<K, number>>>;

/**
 * What makes a cause likely where there is only a text. Weights are added (natural logarithms of likelihood ratios,
 * set by hand from the public threads of `docs`: 1 doubles to triples the odds, 3 is twentyfold, 8 settles it).
 */
export interface Likelihood {
  /** One line for the reader of a text, no final stop. */
  why: string;
  /** How it shows; an end that is missing here speaks strongly against it. */
  ends: Weights<End>;
  /** Stages that fit; another one that the text names speaks against it. */
  stages: Weights<Stage>;
  /** Which side ends the connection, where that is always the same. */
  by?: 'client' | 'server';
  services?: Weights<Service>;
  reporters?: Weights<Reporter>;
  marks?: Weights<Mark>;
  /** The text proves it wrong. */
  impossible?: (seen: Observation) => boolean;
}

export type Likelihoods = Readonly<Record<string, Likelihood>>;

/** Nothing was connected, so nothing that needs a connection can be behind it. */
export const neverConnected = ({ end, stage, shown, mentioned }: Observation): boolean =>
  end === 'refused' ||
  (end === 'silence' && stage === 'connecting' && !shown.has('idle-before') && !mentioned.has('idle-before'));

/** The text proves that the connection had carried nothing before. */
export const wasFresh = (seen: Observation): boolean =>
  neverConnected(seen) || (seen.shown.has('fresh') && !seen.shown.has('reused'));
