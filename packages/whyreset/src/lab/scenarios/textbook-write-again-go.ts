import { defineScenario } from '../scenario.ts';
import { textbookWriteAgain } from '../textbook.ts';

export default defineScenario(textbookWriteAgain('go', { code: 'EPIPE|EOF' }));
