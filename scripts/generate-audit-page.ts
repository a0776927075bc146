/** docs/audit.md: what `whyreset audit` reads and what it asks for, from its readers, products and rules. */
import { products } from '../packages/whyreset/src/audit/products.data.ts';
import { readers } from '../packages/whyreset/src/audit/readers/index.ts';
import { rules } from '../packages/whyreset/src/audit/rules/index.ts';

export function auditPage(): string {
  const rows = rules.flatMap(({ id, severity, title, why, sources }) => [
    `### ${id} (${severity})`,
    '',
    title,
    '',
    why,
    '',
    `Sources: ${sources.join('; ')}.`,
    '',
  ]);
  return [
    '# Configurations, held against each other',
    '',
    'Most resets that are no attack and no crash are two numbers in the wrong order: a proxy that keeps idle connections longer',
    'than the server behind it, a drain that takes longer than the grace period. `whyreset audit` reads the configurations along',
    'a path, finds which program connects to which, fills in what nobody set with the default of the product, and says each pair',
    'that is in the wrong order, where it stands, and what to write instead.',
    '',
    '    whyreset audit nginx.conf server.js --behind aws-alb',
    '    whyreset audit deploy/                       # a folder: what is recognised is read',
    '    nginx -T | whyreset audit -',
    '    whyreset audit --host                        # sysctls, queues, connection tracking of this machine',
    '    whyreset audit . --format sarif > audit.sarif',
    '',
    'Exit codes: 0 no error, 1 an error, 2 a file could not be read or nothing was recognised. A line with',
    '`whyreset-ignore idle-order` in a comment takes the next line, or its own, out of that rule; `whyreset-ignore-file` the file.',
    '',
    '## What is read',
    '',
    ...readers.map(({ reads }) => `- ${reads}`),
    '',
    'What a file computes at run time is not known, and no rule fires on what is not known. Programs are put together by ports',
    'and names; where none fits, and only two programs are left, they are taken for neighbours and the line says "assumed".',
    '',
    '## The order, written down',
    '',
    'Where the files do not tell who connects to whom, `--chain FILE` does: a list from the client to the server. Each hop is a',
    'product, with its file, or with settings.',
    '',
    '```yaml',
    '- cloudflare',
    '- aws-alb: { idleTimeout: 120s }',
    '- nginx: nginx.conf',
    '- measured: probe.json        # of whyreset probe --format json',
    '```',
    '',
    `Products: ${products.map(({ id }) => `\`${id}\``).join(', ')}.`,
    '',
    '## Rules',
    '',
    ...rows,
  ].join('\n');
}
