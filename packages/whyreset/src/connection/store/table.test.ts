import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Blocks } from './blocks.ts';
import { STRIDE } from './layout.ts';
import { ConnectionTable, type Tuple } from './table.ts';

const tuple = (
  source: number[],
  sourcePort: number,
  destination: number[],
  destinationPort: number,
): Tuple => ({
  family: source.length > 1 ? 6 : 4,
  source: Uint32Array.from([...source, 0, 0, 0].slice(0, 4)),
  destination: Uint32Array.from([...destination, 0, 0, 0].slice(0, 4)),
  sourcePort,
  destinationPort,
});

const turned = (t: Tuple): Tuple => ({
  ...t,
  source: t.destination,
  destination: t.source,
  sourcePort: t.destinationPort,
  destinationPort: t.sourcePort,
});

test('table_finds a connection from both ends', () => {
  const rows = new Blocks(STRIDE, 16);
  const table = new ConnectionTable(rows);
  const t = tuple([1], 10, [2], 20);
  expect(table.find(t)).toBe(-1);
  const r = rows.take();
  table.add(r, t);
  expect([table.find(t), table.side]).toEqual([r, 0]);
  expect([table.find(turned(t)), table.side]).toEqual([r, 1]);
  expect(table.find(tuple([1], 20, [2], 10))).toBe(-1);
  expect(table.find(tuple([1, 0, 0, 0], 10, [2, 0, 0, 0], 20))).toBe(-1);
});

test('table_ipv6 differs in its last word', () => {
  const rows = new Blocks(STRIDE, 16);
  const table = new ConnectionTable(rows);
  const t = tuple([1, 0, 0, 7], 10, [2, 0, 0, 7], 20);
  table.find(t);
  table.add(rows.take(), t);
  expect(table.find(tuple([1, 0, 0, 8], 10, [2, 0, 0, 7], 20))).toBe(-1);
  expect(table.find(turned(t))).toBeGreaterThanOrEqual(0);
});

test('property_table behaves as a map through growth and deletion', () => {
  const small = fc.integer({ min: 0, max: 40 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(small, small, fc.boolean()), { maxLength: 3000, minLength: 500 }),
      (steps) => {
        const rows = new Blocks(STRIDE, 10_000);
        const table = new ConnectionTable(rows);
        const model = new Map<string, number>();
        for (const [a, b, remove] of steps) {
          const t = tuple([a], 1, [b], 2);
          const key = `${a} ${b}`;
          const found = table.find(t);
          expect(found).toBe(model.get(key) ?? -1);
          if (found >= 0 && remove) {
            table.remove(found);
            rows.give(found);
            model.delete(key);
          } else if (found < 0) {
            const r = rows.take();
            table.add(r, t);
            model.set(key, r);
          }
        }
        let count = 0;
        table.each(() => count++);
        expect(count).toBe(model.size);
      },
    ),
    { numRuns: 20 },
  );
});
