import type { AuditResult, Finding } from '../audit/audit.ts';
import type { Hop, Position } from '../audit/model.ts';
import type { Rule } from '../audit/rule.ts';
import { portsOf } from '../audit/tell-apart.ts';
import { inert } from './json.ts';
import { hanging, indent, page } from './layout.ts';
import { inline } from './markdown-escape.ts';
import { type Pen, type PenOptions, penOf } from './pen.ts';
import { plural } from './words.ts';

export interface AuditRendering extends PenOptions {
  format: 'text' | 'json' | 'markdown';
}

export const AUDIT_SCHEMA = 'whyreset/audit@1';

const place = ({ file, line, column }: Position) => `${file}:${line}:${column}`;

/** `2 errors and 1 warning in 2 files`. */
function summary({ findings, files, chain }: AuditResult): string {
  if (chain.hops.length === 0) return 'No configuration was recognised.';
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const counts = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ];
  const where = files.length === 0 ? 'on this host' : `in ${plural(files.length, 'file')}`;
  return counts.length === 0 ? `Nothing out of order ${where}.` : `${counts.join(' and ')} ${where}.`;
}

/** `AWS ALB → nginx → Node`, each link once. */
export function chainText({ chain }: AuditResult): string[] {
  const name = (hop: Hop) => {
    const ports = portsOf(hop);
    return hop.name.endsWith(ports) ? hop.name : `${hop.name} ${ports}`;
  };
  return [
    ...new Set(
      chain.links.map(({ from, to, assumed }) => `${name(from)} → ${name(to)}${assumed ? ' (assumed)' : ''}`),
    ),
  ];
}

function editLines({ edits }: Finding): string[] {
  return edits.map(({ at, where, text }) => `${at === null ? where : place(at)}: ${text}`);
}

function text(result: AuditResult, pen: Pen): string {
  const { findings, unknown } = result;
  const links = chainText(result).map((line) => line.replaceAll('→', pen.glyphs.arrow));
  const lines = [pen.paint.strong(summary(result))];
  for (const link of links) lines.push(...indent([pen.paint.dim(pen.safe(link))], 2));
  for (const finding of findings) {
    const { rule, severity, message, positions } = finding;
    const style = severity === 'error' ? pen.paint.bad : pen.paint.warn;
    lines.push('', `${style(severity)}  ${pen.paint.strong(rule)}`);
    lines.push(...indent(hanging('', pen.safe(`${message}.`), pen.width - 2), 2));
    lines.push(
      ...indent(
        positions.map((at) => pen.paint.dim(pen.safe(place(at)))),
        2,
      ),
    );
    editLines(finding).forEach((line, at) => {
      const marker = at === 0 ? `${pen.glyphs.arrow}  ` : 'or ';
      lines.push(...indent(hanging(marker, pen.safe(line), pen.width - 2), 2));
    });
  }
  if (findings.length > 0) lines.push('', pen.paint.dim('whyreset audit --explain RULE says why.'));
  if (unknown.length > 0)
    lines.push(
      '',
      ...hanging('', pen.safe(`Nothing recognised in ${unknown.join(', ')}.`), pen.width, pen.paint.dim),
    );
  return page(lines);
}

function markdown(result: AuditResult): string {
  const parts = result.findings.flatMap((finding) => [
    '',
    `### ${finding.severity}: ${inline(finding.rule)}`,
    '',
    inline(`${finding.message}.`),
    '',
    ...finding.positions.map((at) => `- ${inline(place(at))}`),
    ...editLines(finding).map((line) => `- change: ${inline(line)}`),
  ]);
  return `${[`## ${summary(result)}`, '', ...chainText(result).map((line) => `- ${inline(line)}`), ...parts].join('\n')}\n`;
}

/** Infinity, which JSON has not, is null: never. */
function asJson(result: AuditResult): string {
  const { findings, chain, files, unknown } = result;
  const number = new Map(chain.hops.map((hop, at) => [hop, at]));
  const links = chain.links.map(({ from, to, assumed }) => ({
    from: number.get(from),
    to: number.get(to),
    assumed,
  }));
  return JSON.stringify({ schema: AUDIT_SCHEMA, findings, files, unknown, hops: chain.hops, links }, null, 2);
}

export function renderAudit(result: AuditResult, options: AuditRendering): string {
  if (options.format === 'json') return `${inert(asJson(result))}\n`;
  if (options.format === 'markdown') return markdown(result);
  return text(result, penOf(options));
}

/** What a rule asks for, and why. */
export function renderRule({ id, severity, title, why, sources, bad }: Rule, options: PenOptions): string {
  const pen = penOf(options);
  const example = bad[0]!;
  return page([
    `${pen.paint.strong(id)}  ${pen.paint.dim(severity)}`,
    '',
    ...hanging('', title, pen.width),
    '',
    ...hanging('', why, pen.width),
    '',
    ...hanging('', `For example: ${example.title}.`, pen.width),
    ...Object.entries(example.files).flatMap(([file, body]) => [
      `  ${pen.paint.dim(file)}`,
      ...indent(
        body
          .trimEnd()
          .split('\n')
          .flatMap((line) => hanging('', line, pen.width - 4)),
        4,
      ),
    ]),
    ...(example.behind === undefined ? [] : [`  --behind ${example.behind}`]),
    '',
    ...hanging('', `Sources: ${sources.join('; ')}.`, pen.width, pen.paint.dim),
  ]);
}
