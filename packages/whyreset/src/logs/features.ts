/** What else the text says that orders the likely causes or aims the capture. */
export interface Features {
  /** The other end, where the text names it. */
  host: string | null;
  port: number | null;
  /** Request method in upper case. */
  method: string | null;
  /** Whether the connection had carried an earlier request; null where the text does not say. */
  reused: boolean | null;
  /** The failing socket was a TLS one. */
  tls: boolean;
}

const host = String.raw`(?<host>\[[0-9a-fA-F:.%]{2,60}\]|[\w.:-]{1,253}?)`;
const port = String.raw`(?<port>\d{1,5})\b(?!:\w)`;

/** Most telling first: the upstream of a proxy line, the remote end of a socket, then what was dialled or asked for. */
const endpoints: readonly RegExp[] = [
  new RegExp(String.raw`upstream: "(?<scheme>https?|grpcs?):\/\/${host}(?::${port}|[/"])`),
  new RegExp(String.raw`remoteAddress["']?: ?["']${host}["'],\s{0,12}["']?remotePort["']?: ?${port}`),
  new RegExp(String.raw`\btcp[46]? \S{1,80}->${host}:${port}`),
  new RegExp(String.raw`\bdial tcp[46]? ${host}:${port}`),
  new RegExp(String.raw`\bconnect E[A-Z]{3,20} ${host}:${port}`),
  new RegExp(
    String.raw`\b(?:address|host)["']?\s?[:=]\s?["']${host}["'],\s{0,12}["']?port["']?\s?[:=]\s?["']?${port}`,
  ),
  new RegExp(String.raw`server at "${host}"(?: \([0-9a-fA-F:.]{2,60}\))?, port ${port}`),
  new RegExp(String.raw`\bto ${host} port ${port}`),
  new RegExp(String.raw`\b(?:in connection to|attempted address:|Connect to) ${host}:${port}`),
  new RegExp(String.raw`\bapp\/\S{1,120} \S{1,60} ${host}:${port}`),
  new RegExp(String.raw`\bdstip=${host} [^\n]{0,120}?dstport=${port}`),
  new RegExp(String.raw`\bto [\w-]{1,40}:${host}\/${port}`),
  new RegExp(String.raw`(?<scheme>https?|wss?):\/\/${host}(?::${port}|[/\s"'>)]|$)`),
  new RegExp(String.raw`[\s/]${host}:${port} failed to respond`),
];
const defaultPorts: Record<string, number> = { http: 80, ws: 80, grpc: 80, https: 443, wss: 443, grpcs: 443 };

const methods: readonly RegExp[] = [
  /\bmethod["']?\s?[:=]\s?["']?(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)\b/i,
  /"(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE) \S{1,2000} HTTP\//,
  /\b(Get|Head|Post|Put|Patch|Delete) "https?:/,
  /\b(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE) (?:https?:|\/)/,
];

/** @param text the part of the text around the wording that was recognised; a few thousand characters */
export function features(text: string): Features {
  return {
    ...endpoint(text),
    method: method(text),
    reused: reused(text),
    tls: /\bTLSWrap\b|\bTLSSocket\b/.test(text),
  };
}

function endpoint(text: string): Pick<Features, 'host' | 'port'> {
  for (const regexp of endpoints) {
    const groups = regexp.exec(text)?.groups;
    if (!groups) continue;
    const name = groups.host!.replace(/^\[|\]$/g, '');
    const number = groups.port ? Number(groups.port) : (defaultPorts[groups.scheme ?? ''] ?? 0);
    // Both go into a command line that people paste: nothing but names, addresses and port numbers gets through.
    if (!isName(name) || number < 1 || number > 65535) continue;
    return { host: name, port: number };
  }
  return { host: null, port: null };
}

function isName(text: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text) || /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*[0-9a-fA-F]$|^::$/.test(text)
  );
}

function method(text: string): string | null {
  for (const regexp of methods) {
    const found = regexp.exec(text)?.[1];
    if (found) return found.toUpperCase();
  }
  return null;
}

function reused(text: string): boolean | null {
  const said = /\breusedSocket["']?\s?[:=]\s?(true|false)/.exec(text)?.[1];
  if (said) return said === 'true';
  // undici prints how much the socket has ever read: nothing means that it never answered a request before.
  // "fetch failed" excludes that the answer had begun, so more than nothing was an earlier answer.
  const bytes = /\bbytesRead["']?: ?(\d{1,15})/.exec(text)?.[1];
  if (bytes === '0') return false;
  return bytes !== undefined && /\bfetch failed\b/.test(text) ? true : null;
}
