import { defineScenario } from '../scenario.ts';
import { textbookIdle } from '../textbook.ts';

export default defineScenario(textbookIdle('python', { code: 'ECONNRESET|RemoteDisconnected|EPIPE' }));
