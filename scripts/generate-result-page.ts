/** docs/result.md: the JSON result, from its schema. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Schema {
  description?: string;
  type?: string | string[];
  $ref?: string;
  enum?: readonly unknown[];
  const?: unknown;
  items?: Schema;
  oneOf?: readonly Schema[];
  properties?: Record<string, Schema>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  $defs?: Record<string, Schema>;
}

const path = fileURLToPath(new URL('../packages/whyreset/schema/result.schema.json', import.meta.url));

/** Types with a section of their own are links. */
function typeText(schema: Schema, sections: ReadonlySet<string>): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1)!;
    return sections.has(name) ? `[${name}](#${name.toLowerCase()})` : name;
  }
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (schema.oneOf !== undefined) return schema.oneOf.map((one) => typeText(one, sections)).join(' or ');
  if (schema.items !== undefined) return `list of ${typeText(schema.items, sections)}`;
  if (typeof schema.additionalProperties === 'object')
    return `object of ${typeText(schema.additionalProperties, sections)} by name`;
  return Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'any');
}

function rows(schema: Schema, sections: ReadonlySet<string>): string[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(
    ([name, part]) =>
      `| \`${name}\`${required.has(name) ? '' : ' (may be absent)'} | ${typeText(part, sections).replaceAll('|', '\\|')} | ${(part.description ?? '').replaceAll('|', '\\|')} |`,
  );
}

export function resultPage(): string {
  const schema = JSON.parse(readFileSync(path, 'utf8')) as Schema;
  const parts = Object.entries(schema.$defs ?? {}).filter(([, part]) => part.properties !== undefined);
  const sections = new Set(parts.map(([name]) => name));
  const table = (part: Schema) => ['| field | type | |', '|---|---|---|', ...rows(part, sections)].join('\n');
  return [
    '# The JSON result',
    '',
    'Generated from [result.schema.json](../packages/whyreset/schema/result.schema.json) by `npm run generate`. What `diagnose --format json` prints and the library returns; what a version promises stands in [versions](versioning.md).',
    '',
    table(schema),
    ...parts.flatMap(([name, part]) => [
      '',
      `## ${name}`,
      '',
      ...(part.description === undefined ? [] : [part.description, '']),
      table(part),
    ]),
    '',
  ].join('\n');
}
