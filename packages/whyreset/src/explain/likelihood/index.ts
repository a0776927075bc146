import type { Likelihoods } from './define.ts';
import { firstData } from './first-data.ts';
import { handshake } from './handshake.ts';
import { harmless } from './harmless.ts';
import { idle } from './idle.ts';
import { inFlight } from './in-flight.ts';

/** For every cause of the catalogue, what makes it likely in a text. */
export const likelihoods: Likelihoods = { ...handshake, ...firstData, ...inFlight, ...idle, ...harmless };
