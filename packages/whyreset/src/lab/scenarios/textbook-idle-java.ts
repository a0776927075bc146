import { defineScenario } from '../scenario.ts';
import { textbookIdle } from '../textbook.ts';

export default defineScenario(textbookIdle('java', { code: 'ECONNRESET|EOF|' }));
