import { createInterface } from 'node:readline/promises';
import { CONNECTIONS, type ProbeResult, probe } from '../../probe/probe.ts';
import { parseTarget, type Target, targetText } from '../../probe/target.ts';
import { inert } from '../../report/json.ts';
import { renderProbe } from '../../report/probe.ts';
import { FAILED, OK, PROBLEMS, UsageError } from '../exit.ts';
import { terminal } from '../terminal.ts';

export interface ProbeCommandOptions {
  max: number;
  requests: number;
  upload?: number;
  yes?: boolean;
  format: 'text' | 'json' | 'markdown';
}

function targetOf(text: string): Target {
  const target = parseTarget(text);
  if (target === null)
    throw new UsageError(`'${text}' is no target: write https://host, http://host:port/path or host:port.`);
  return target;
}

/** What will be done, before it is done: it is somebody's server. */
function announcement(
  targets: readonly Target[],
  { max, requests, upload = 0 }: ProbeCommandOptions,
): string {
  const what = targets.map((target) =>
    target.scheme === 'tcp'
      ? `${targetText(target)}: 1 connection, nothing sent, watched for ${max} s`
      : `${targetText(target)}: at most ${CONNECTIONS} connections and ${requests + CONNECTIONS} GET requests within ${max + 50} s${upload === 0 ? '' : `, and one POST with ${upload} bytes`}`,
  );
  return `whyreset: probing\n${what.map((line) => `  ${line}`).join('\n')}\n`;
}

async function agreed(): Promise<boolean> {
  if (process.stdin.isTTY !== true)
    throw new UsageError(
      'probe opens more than a handful of connections: say --yes, or fewer requests with --requests 1.',
    );
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await dialogue.question('Go on? [y/N] ');
  dialogue.close();
  return /^y/i.test(answer);
}

/** `whyreset probe`: measures what the path to an address really does, as a patient client. */
export async function probeCommand(texts: readonly string[], options: ProbeCommandOptions): Promise<number> {
  const targets = texts.map(targetOf);
  process.stderr.write(announcement(targets, options));
  const many = targets.some(({ scheme }) => scheme !== 'tcp');
  if (many && options.yes !== true && !(await agreed())) return FAILED;

  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const tty = process.stderr.isTTY === true;
  const show = (name: string, doing: string, left: number) => {
    if (tty) process.stderr.write(`\r\u001b[K${name}: ${doing}, at most ${Math.ceil(left)} s left`);
  };
  let code = OK;
  const results: ProbeResult[] = [];
  for (const target of targets) {
    const name = targetText(target);
    const result = await probe(target, {
      max: options.max,
      requests: options.requests,
      upload: options.upload ?? 0,
      signal: interrupted.signal,
      progress: (doing, left) => show(name, doing, left),
    });
    if (tty) process.stderr.write('\r\u001b[K');
    results.push(result);
    if (options.format !== 'json')
      process.stdout.write(
        renderProbe(name, result, { ...terminal(), format: options.format, max: options.max }),
      );
    if ('error' in result.reachable) code = PROBLEMS;
    if (interrupted.signal.aborted) break;
  }
  // One document, whatever the number of targets: an object, or a list of them.
  if (options.format === 'json')
    process.stdout.write(`${inert(JSON.stringify(results.length === 1 ? results[0] : results, null, 2))}\n`);
  return code;
}
