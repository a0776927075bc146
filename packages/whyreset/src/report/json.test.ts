import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResetEntry, Result } from '../verdict/result.ts';
import { jsonDocument } from './json.ts';
import { hostileText } from './testing/hostile.ts';
import { hostile, results } from './testing/results.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../schema/result.schema.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;
const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);

const chunksOf = ({ inputs, resets, findings, summary }: Result) => [
  ...jsonDocument({ inputs }, resets, () => ({ findings, summary })),
];
const documentOf = (result: Result) => chunksOf(result).join('');

describe('jsonDocument', () => {
  it.each(Object.keys(results) as (keyof typeof results)[])(
    '%s parses to the result and fits the schema',
    (name) => {
      const parsed: unknown = JSON.parse(documentOf(results[name]));
      expect(parsed).toEqual(results[name]);
      expect(validate(parsed), JSON.stringify(validate.errors)).toBe(true);
    },
  );

  it('keeps hostile strings as they were and inert on the way', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const result = hostile(text);
        const json = documentOf(result);
        expect(json).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
        expect(JSON.parse(json)).toEqual(result);
      }),
      { numRuns: 100 },
    );
  });

  it('takes entries one by one and hands on chunks of about 32 kB', () => {
    const entry = results.one.resets[0]!;
    let taken = 0;
    function* entries(): Generator<ResetEntry> {
      for (; taken < 1000; taken++) yield entry;
    }
    const tail = () => {
      expect(taken).toBe(1000);
      return results.one;
    };
    const document = jsonDocument({ inputs: [] }, entries(), tail);
    const first = document.next().value!;
    expect(first.length).toBeGreaterThan(32_000);
    expect(first.length).toBeLessThan(45_000);
    expect(taken).toBeLessThan(100);
    expect(JSON.parse(first + [...document].join('')).resets).toHaveLength(1000);
  });
});

describe('the schema', () => {
  const without = (change: (copy: Result) => void) => {
    const copy = structuredClone(results.many) as Result;
    change(copy);
    return validate(copy);
  };
  it('refuses what is unknown, missing or out of range', () => {
    expect(without(() => {})).toBe(true);
    expect(without((r) => Object.assign(r, { extra: 1 }))).toBe(false);
    expect(without((r) => Object.assign(r.resets[0]!.verdict, { extra: 1 }))).toBe(false);
    expect(without((r) => Object.assign(r.resets[0]!.verdict, { certainty: '95 %' }))).toBe(false);
    expect(without((r) => Object.assign(r.resets[0]!, { time: 'yesterday' }))).toBe(false);
    expect(without((r) => Object.assign(r, { schema: 'whyreset/result@1' }))).toBe(false);
    expect(without((r) => Reflect.deleteProperty(r.summary, 'benign'))).toBe(false);
  });
  it('describes every field', () => {
    const bare: string[] = [];
    const defs = schema.$defs as Record<string, Record<string, unknown>>;
    for (const [name, def] of [['document', schema] as const, ...Object.entries(defs)]) {
      for (const [field, value] of Object.entries(
        (def.properties ?? {}) as Record<string, Record<string, string>>,
      )) {
        const target = value.$ref?.split('/').at(-1) ?? '';
        if (value.description === undefined && defs[target]?.description === undefined)
          bare.push(`${name}.${field}`);
      }
    }
    expect(bare).toEqual([]);
  });
});
