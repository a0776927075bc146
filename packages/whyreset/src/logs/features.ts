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
  String.raw`upstream: "(?<scheme>https?|grpcs?):\/\/${host}(?::${port}|[/"])`,
  String.raw`remoteAddress["']?: ?["']${host}["'],\s{0,12}["']?remotePort["']?: ?${port}`,
  String.raw`\btcp[46]? \S{1,80}->${host}:${port}`,
  String.raw`\bdial tcp[46]? ${host}:${port}`,
  String.raw`\bconnect E[A-Z]{3,20} ${host}:${port}`,
  String.raw`\b(?:address|host)["']?\s?[:=]\s?["']${host}["'],\s{0,12}["']?port["']?\s?[:=]\s?["']?${port}`,
  String.raw`server at "${host}"(?: \([0-9a-fA-F:.]{2,60}\))?, port ${port}`,
  String.raw`\bto (?:host )?${host} port ${port}`,
  String.raw`\bCONNECT ${host}:${port} HTTP`,
  String.raw`\bconnection (?:\d{1,9}|<monitor>) to ${host}:${port}`,
  String.raw`\b[Cc]onnection to (?:node -?\d{1,9} )?\(?(?:[\w.-]{1,253}\/)?${host}:${port}`,
  String.raw`\b(?:[Cc]annot connect to host|[Bb]ootstrap broker|Connect to ipv4#|SocketFailure on) ?${host}:${port}`,
  String.raw`\b(?:receive from|Error while reading from|Connection refused: \/|connection timed out: \/?) ?${host}:${port}`,
  String.raw`\{[\w.-]{1,253}\/${host}:${port}<->`,
  String.raw`\b(?:tcp|redis|rediss|postgres|postgresql|mysql|amqp|amqps|mongodb|kafka):\/\/(?:[^@\s/]{1,200}@)?${host}:${port}`,
  String.raw`\b(?:in connection to|attempted address:|Connect to) ${host}:${port}`,
  String.raw`\bapp\/\S{1,120} \S{1,60} ${host}:${port}`,
  String.raw`\bdstip=${host} [^\n]{0,120}?dstport=${port}`,
  String.raw`\bto [\w-]{1,40}:${host}\/${port}`,
  String.raw`(?<scheme>https?|wss?):\/\/${host}(?::${port}|[/\s"'>)]|$)`,
  String.raw`[\s/]${host}:${port} failed to respond`,
].map((source) => new RegExp(source, 'g'));
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

/** Sites that programs point to for help; a link to one is no peer. */
const MANUAL =
  /(?:^|\.)(?:curl\.haxx\.se|curl\.se|nodejs\.org|go\.dev|golang\.org|grpc\.io|kubernetes\.io|python\.org|postgresql\.org|dev\.mysql\.com|mariadb\.com|stackoverflow\.com|stackexchange\.github\.io|readthedocs\.(?:io|org)|w3\.org|ietf\.org|rfc-editor\.org|learn\.microsoft\.com|docs\.microsoft\.com|aka\.ms|go\.microsoft\.com|developer\.mozilla\.org|errors\.edgesuite\.net|pris\.ly)$|^(?:docs?|help|wiki|support|developers?)\./;
const REFERRED =
  /\b(?:see|visit|read|at|documentation|docs|info\w*|details|help|refer to|more about)[:(]?\s{0,2}["'(<]?$/i;

function isManual(name: string, text: string, at: number): boolean {
  return (
    MANUAL.test(name) ||
    (REFERRED.test(text.slice(Math.max(0, at - 24), at)) &&
      /\bsee\b|\bmore\b|\bdoc/i.test(text.slice(Math.max(0, at - 40), at)))
  );
}

function endpoint(text: string): Pick<Features, 'host' | 'port'> {
  for (const regexp of endpoints) {
    for (const match of text.matchAll(regexp)) {
      const end = endOf(match, text);
      if (end !== null) return end;
    }
  }
  return { host: null, port: null };
}

function endOf(match: RegExpMatchArray, text: string): Pick<Features, 'host' | 'port'> | null {
  const groups = match.groups!;
  const name = groups.host!.replace(/^\[|\]$/g, '');
  const number = groups.port ? Number(groups.port) : (defaultPorts[groups.scheme ?? ''] ?? 0);
  // Both go into a command line that people paste: nothing but names, addresses and port numbers gets through.
  if (!isName(name) || number < 1 || number > 65535) return null;
  if (groups.scheme !== undefined && isManual(name, text, match.index!)) return null;
  return { host: name, port: number };
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
