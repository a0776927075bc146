import { explainCause, findCause } from '../../causes/find.ts';
import { explainText } from '../../explain/explain-text.ts';
import { renderCause } from '../../report/explanation.ts';
import { renderErrorText } from '../../report/text-explanation.ts';
import { FAILED, OK, UsageError } from '../exit.ts';
import { terminal } from '../terminal.ts';

export interface ExplainCommandOptions {
  format: 'text' | 'json' | 'markdown';
}

async function standardInput(): Promise<string> {
  if (process.stdin.isTTY === true) {
    throw new UsageError(
      'explain needs a cause id, a letter such as I3, or an error text in quotes or on standard input.',
    );
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** `whyreset explain`: a cause of the catalogue, or an error text. */
export async function explainCommand(
  what: readonly string[],
  { format }: ExplainCommandOptions,
): Promise<number> {
  const text = what.length > 0 && what.join(' ') !== '-' ? what.join(' ') : await standardInput();
  const cause = findCause(text);
  const explanation = cause === null ? explainText(text) : null;
  if (cause === null && explanation === null) {
    process.stderr.write(
      'whyreset: not recognised: neither a cause of the catalogue nor an error text that is known to come from a broken connection.\n',
    );
    return FAILED;
  }
  const options = { ...terminal(), format };
  process.stdout.write(
    cause !== null ? renderCause(explainCause(cause), options) : renderErrorText(explanation!, options),
  );
  return OK;
}
