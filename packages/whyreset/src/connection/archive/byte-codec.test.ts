import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from './byte-codec.ts';
import { Tape } from './tape.ts';

test('codec_numbers come back', () => {
  const uint = fc.oneof(
    fc.maxSafeNat(),
    fc.constantFrom(0, 127, 128, 2 ** 28, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1),
  );
  fc.assert(
    fc.property(
      fc.array(uint),
      fc.array(fc.integer({ min: -(2 ** 51), max: 2 ** 51 })),
      fc.double(),
      (uints, ints, float) => {
        const writer = new ByteWriter();
        for (const value of uints) writer.uint(value);
        for (const value of ints) writer.int(value);
        writer.float(float);
        writer.text('ShAdR^');
        writer.block(Uint8Array.of(9, 8, 7, 6), 1, 2);
        const reader = new ByteReader();
        reader.bytes = writer.bytes;
        expect(uints.map(() => reader.uint())).toEqual(uints);
        expect(ints.map(() => reader.int())).toEqual(ints.map((value) => value + 0));
        expect(reader.float()).toBe(float);
        expect(reader.text()).toBe('ShAdR^');
        expect([...reader.block()]).toEqual([8, 7]);
        expect(reader.at).toBe(writer.at);
      },
    ),
  );
});

test('codec_small numbers take one byte', () => {
  const writer = new ByteWriter();
  writer.uint(127);
  writer.int(-64);
  expect(writer.at).toBe(2);
});

test('tape_records come back across chunks', () => {
  const tape = new Tape();
  const record = new Uint8Array(300_000);
  for (let i = 0; i < 10; i++) {
    record.fill(i);
    expect(tape.append(record, record.length)).toBe(i);
  }
  for (let i = 0; i < 10; i++) {
    const { bytes, offset } = tape.at(i);
    expect([bytes[offset], bytes[offset + 299_999]]).toEqual([i, i]);
  }
  expect(() => tape.append(new Uint8Array(2_000_000), 2_000_000)).toThrow(RangeError);
});
