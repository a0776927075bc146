import type { Story } from '../story.ts';
import { handshake } from './handshake.ts';
import { idle } from './idle.ts';

export const stories: Story[] = [...handshake, ...idle];
