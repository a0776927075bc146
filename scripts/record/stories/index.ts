import type { Story } from '../story.ts';
import { benignStories } from './benign.ts';
import { firstData } from './first-data.ts';
import { givingUp } from './giving-up.ts';
import { handshake } from './handshake.ts';
import { idle } from './idle.ts';
import { inFlight } from './in-flight.ts';
import { injectedStories } from './injected.ts';
import { mixed } from './mixed.ts';
import { translated } from './translated.ts';

export const stories: Story[] = [
  ...handshake,
  ...firstData,
  ...inFlight,
  ...givingUp,
  ...idle,
  ...benignStories,
  ...injectedStories,
  ...translated,
  ...mixed,
];
