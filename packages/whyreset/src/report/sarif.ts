import type { Log, Result } from 'sarif';
import type { AuditResult, Finding } from '../audit/audit.ts';
import type { Rule } from '../audit/rule.ts';
import { inert } from './json.ts';

/** An audit in SARIF 2.1.0, as code scanning of GitHub, GitLab and others takes it. */
export function renderSarif({ findings }: AuditResult, rules: readonly Rule[], version: string): string {
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'whyreset',
            version,
            informationUri: 'https://github.com/whyreset/whyreset',
            rules: rules.map(({ id, title, why, severity }) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: why },
              defaultConfiguration: { level: severity },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, rules)),
      },
    ],
  };
  return `${inert(JSON.stringify(log, null, 2))}\n`;
}

function resultOf({ rule, severity, message, positions, edits }: Finding, rules: readonly Rule[]): Result {
  const changes = edits.map(({ where, text }) => `${where}: ${text}`).join(' or ');
  const locations = positions.map(({ file, line, column }) => ({
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      region: { startLine: line, startColumn: column },
    },
  }));
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: severity,
    message: { text: changes === '' ? `${message}.` : `${message}. Change ${changes}.` },
    locations: locations.slice(0, 1),
    ...(locations.length > 1 && { relatedLocations: locations.slice(1) }),
  };
}

/** A path as a relative URI reference, or a file URL where it is absolute. */
function uriOf(path: string): string {
  const encoded = path.split(/[\\/]/).map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}
