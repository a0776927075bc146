import { defineScenario } from '../scenario.ts';
import { textbookTellsApart } from '../textbook.ts';

export default defineScenario(textbookTellsApart('java'));
