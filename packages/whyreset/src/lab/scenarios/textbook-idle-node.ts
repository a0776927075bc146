import { defineScenario } from '../scenario.ts';
import { textbookIdle } from '../textbook.ts';

export default defineScenario(textbookIdle('node', { code: 'ECONNRESET' }));
