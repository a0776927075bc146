import type { Story } from '../story.ts';
import { handshake } from './handshake.ts';
import { idle } from './idle.ts';
import { inFlight } from './in-flight.ts';

export const stories: Story[] = [...handshake, ...idle, ...inFlight];
