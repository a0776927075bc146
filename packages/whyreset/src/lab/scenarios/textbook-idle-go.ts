import { defineScenario } from '../scenario.ts';
import { textbookIdle } from '../textbook.ts';

export default defineScenario(textbookIdle('go', { code: 'EOF|ECONNRESET|' }));
