/** Field names of a request's headers in any of the shapes that undici takes. */
export function headerNames(headers: unknown): string[] {
  if (headers === null || headers === undefined) return [];
  if (Array.isArray(headers)) return headers.filter((_, at) => at % 2 === 0).map(nameOf);
  return isIterable(headers) ? Array.from(headers, ([name]) => nameOf(name)) : Object.keys(headers);
}

/** The same headers and one field more, as a flat array of names and values. */
export function withHeader(headers: unknown, name: string, value: string): unknown[] {
  const flat: unknown[] = [];
  if (Array.isArray(headers)) flat.push(...headers);
  else if (isIterable(headers)) for (const [key, field] of headers) flat.push(key, field);
  else
    for (const [key, field] of Object.entries(headers ?? {})) if (field !== undefined) flat.push(key, field);
  flat.push(name, value);
  return flat;
}

const isIterable = (headers: unknown): headers is Iterable<[unknown, unknown]> =>
  typeof headers === 'object' && headers !== null && Symbol.iterator in headers;

const nameOf = (name: unknown) =>
  typeof name === 'string' ? name : Buffer.from(name as Uint8Array).toString('latin1');
