/** mulberry32: a seeded source of numbers in [0, 1). */
export function dice(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Numbers at which parsers of lengths and offsets go wrong. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

type Mutation = (bytes: Uint8Array, others: readonly Uint8Array[], random: () => number) => Uint8Array;

const at = (bytes: Uint8Array, random: () => number) => Math.floor(random() * Math.max(1, bytes.length));

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

const MUTATIONS: Mutation[] = [
  function flipBits(bytes, _, random) {
    const out = bytes.slice();
    for (let n = 1 + Math.floor(random() * 8); n > 0 && out.length > 0; n--)
      out[at(out, random)]! ^= 1 << Math.floor(random() * 8);
    return out;
  },
  function overwrite(bytes, _, random) {
    const out = bytes.slice();
    const from = at(out, random);
    for (let i = from; i < Math.min(out.length, from + 1 + random() * 16); i++)
      out[i] = Math.floor(random() * 256);
    return out;
  },
  function edgeNumber(bytes, _, random) {
    if (bytes.length < 4) return bytes;
    const out = bytes.slice();
    const offset = Math.min(at(out, random), out.length - 4);
    const value = EDGES[Math.floor(random() * EDGES.length)]!;
    const view = new DataView(out.buffer);
    if (random() < 0.5) view.setUint32(offset, value, random() < 0.5);
    else view.setUint16(offset, value & 0xffff, random() < 0.5);
    return out;
  },
  function truncate(bytes, _, random) {
    return bytes.slice(0, at(bytes, random));
  },
  function remove(bytes, _, random) {
    const from = at(bytes, random);
    return joined(bytes.slice(0, from), bytes.slice(from + 1 + Math.floor(random() * 64)));
  },
  function repeat(bytes, _, random) {
    const from = at(bytes, random);
    const piece = bytes.slice(from, from + 1 + Math.floor(random() * 512));
    return joined(bytes.slice(0, from), piece, piece, bytes.slice(from));
  },
  function splice(bytes, others, random) {
    const other = others[Math.floor(random() * others.length)]!;
    return joined(bytes.slice(0, at(bytes, random)), other.slice(at(other, random)));
  },
];

/** One to four mutations, one after the other. */
export function mutate(bytes: Uint8Array, others: readonly Uint8Array[], random: () => number): Uint8Array {
  let out = bytes;
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--)
    out = MUTATIONS[Math.floor(random() * MUTATIONS.length)]!(out, others, random);
  return out;
}
