/** Field names of a request's headers in any of the shapes that undici takes. */
export function* headerNames(headers: unknown): Iterable<string> {
  if (headers === null || headers === undefined) return;
  if (Array.isArray(headers)) {
    for (let at = 0; at < headers.length; at += 2) yield nameOf(headers[at]);
  } else if (isIterable(headers)) for (const [name] of headers) yield nameOf(name);
  else yield* Object.keys(headers);
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
