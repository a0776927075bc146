import { explainText } from '../../explain/explain-text.ts';
import { renderErrorText } from '../../report/text-explanation.ts';
import { ENDINGS } from '../ask-endings.ts';
import { OK, UsageError } from '../exit.ts';
import { type Answers, beside, interview, onTerminal } from '../interview.ts';
import { terminal } from '../terminal.ts';

export interface AskCommandOptions extends Record<string, string | undefined> {
  format: 'text' | 'json' | 'markdown';
  ending?: string;
}

/** `whyreset ask`: the interview without a text. Answers may be given as options; then nothing is asked. */
export async function askCommand({ format, ending, ...answers }: AskCommandOptions): Promise<number> {
  const given = ENDINGS.find(({ id }) => id === ending);
  const explanation = given === undefined ? await asked(answers) : explainText(given.text, beside(answers))!;
  process.stdout.write(renderErrorText(explanation, { ...terminal(), format }));
  return OK;
}

async function asked(answers: Answers) {
  const { choose, close } = onTerminal();
  try {
    const at = await choose(
      'How does it end in the program?',
      ENDINGS.map(({ says }) => says),
    );
    if (at === null) throw new UsageError('ask needs to know how it ends; look for the words of the error.');
    const said = await interview(ENDINGS[at]!.text, answers, choose, (line) =>
      process.stderr.write(`${line}\n`),
    );
    return said!;
  } finally {
    close();
  }
}
