import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AuditResult, audit, findProduct } from '../../audit/audit.ts';
import { type ChainItem, readChainFile } from '../../audit/chain-file.ts';
import { rules } from '../../audit/rules/index.ts';
import { renderAudit, renderRule } from '../../report/audit.ts';
import { renderSarif } from '../../report/sarif.ts';
import { type FoundFiles, findFiles, readIncluded } from '../audit-files.ts';
import { FAILED, OK, PROBLEMS, UsageError } from '../exit.ts';
import { hostHop } from '../host-settings.ts';
import { terminal } from '../terminal.ts';
import { version } from '../version.ts';

export interface AuditCommandOptions {
  behind?: string;
  chain?: string;
  host?: boolean;
  explain?: string;
  severity: 'warning' | 'error';
  format: 'text' | 'json' | 'markdown' | 'sarif';
}

function explainRule(id: string): number {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) {
    throw new UsageError(`no rule is called '${id}'; there are ${rules.map((one) => one.id).join(', ')}.`);
  }
  process.stdout.write(renderRule(rule, terminal()));
  return OK;
}

/** The files of a chain stand beside it. */
function orderOf(path: string, found: FoundFiles): ChainItem[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}.`);
  }
  const { items, error } = readChainFile(path, text);
  if (error !== null) throw new UsageError(`${error}.`);
  return items.map((item) => {
    const files = item.files.map((file) => join(dirname(path), file));
    const known = new Set(found.files.map((file) => file.path));
    const more = findFiles(files.filter((file) => !known.has(file)));
    found.files.push(...more.files);
    for (const name of more.named) found.named.add(name);
    return { ...item, files };
  });
}

function checkBehind(behind: string | undefined): void {
  if (behind === undefined || findProduct(behind) !== null) return;
  throw new UsageError(
    `--behind takes a product such as aws-alb, cloudflare or nginx, not '${behind}'; "whyreset audit --help" lists them.`,
  );
}

/** `whyreset audit`: configurations along a path, held against each other. */
export async function auditCommand(args: readonly string[], options: AuditCommandOptions): Promise<number> {
  if (options.explain !== undefined) return explainRule(options.explain);
  checkBehind(options.behind);
  if (args.length === 0 && options.chain === undefined && options.host !== true)
    throw new UsageError('audit takes configuration files or folders, --chain FILE, or --host.');
  const found = findFiles(args);
  const order = options.chain === undefined ? undefined : orderOf(options.chain, found);
  const result = audit(found.files, {
    behind: options.behind ?? null,
    included: readIncluded,
    more: options.host === true ? [hostHop()] : [],
    ...(order !== undefined && { order }),
  });
  const kept = result.findings.filter(
    ({ severity }) => severity === 'error' || options.severity === 'warning',
  );
  const unknown = result.unknown.filter((path) => found.named.has(path));
  const shown: AuditResult = { ...result, findings: kept, unknown };
  process.stdout.write(
    options.format === 'sarif'
      ? renderSarif(shown, rules, version)
      : renderAudit(shown, { ...terminal(), format: options.format }),
  );
  for (const sentence of found.failed) process.stderr.write(`whyreset: ${sentence}\n`);
  if (found.failed.length > 0) return FAILED;
  // Nothing was understood: to call that clean would be wrong.
  if (result.files.length === 0 && options.host !== true && order === undefined) return FAILED;
  return kept.some(({ severity }) => severity === 'error') ? PROBLEMS : OK;
}
