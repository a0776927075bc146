import { defineScenario } from '../scenario.ts';
import { textbookWriteAgain } from '../textbook.ts';

export default defineScenario(textbookWriteAgain('python', { code: 'EPIPE' }));
