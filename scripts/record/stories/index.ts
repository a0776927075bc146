import type { Story } from '../story.ts';
import { handshake } from './handshake.ts';

export const stories: Story[] = [...handshake];
