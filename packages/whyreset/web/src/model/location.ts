/** What a link to the page says is looked at. */
export interface Location {
  /** Index of the finding; null for all connections. */
  finding: number | null;
  /** Index of the connection among all; null for the first example of the finding. */
  connection: number | null;
  search: string;
}

const index = (text: string | null): number | null =>
  text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;

/** Reads `#finding=0&connection=17&search=8080`; anything else is the first finding. */
export function readHash(hash: string): Location {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  return {
    finding: parts.get('finding') === 'all' ? null : (index(parts.get('finding')) ?? 0),
    connection: index(parts.get('connection')),
    search: parts.get('search') ?? '',
  };
}

export function writeHash({ finding, connection, search }: Location): string {
  const parts = new URLSearchParams({ finding: finding === null ? 'all' : String(finding) });
  if (connection !== null) parts.set('connection', String(connection));
  if (search !== '') parts.set('search', search);
  return `#${parts}`;
}
