import type { Endpoint } from '../model.ts';

/** `host:port`, `[::1]:8080`, `:8080`, `8080`, `*:80`, `tcp://host:1`, with a path behind or not. */
export function endpointOf(text: string, defaultPort: number | null = null): Endpoint | null {
  const bare = text
    .trim()
    .replace(/^[a-z][\w+.-]*:\/\//i, '')
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '');
  if (/^\d{1,5}$/.test(bare)) return { host: null, port: Number(bare) };
  const match = /^(\[[^\]]+\]|[^:\s]*)(?::(\d{1,5}))?$/.exec(bare);
  if (match === null || bare === '') return null;
  const host = match[1]!.replace(/^\[|\]$/g, '');
  return { host: host === '' ? null : host, port: match[2] === undefined ? defaultPort : Number(match[2]) };
}

/** Of a URL: its endpoint with the port that its scheme implies, and whether it speaks TLS. */
export function urlEndpoint(text: string): { endpoint: Endpoint; tls: boolean } | null {
  const match = /^([a-z][\w+.-]*):\/\//i.exec(text);
  if (match === null) return null;
  const tls = /^(https|grpcs|wss|tls|rediss|amqps)$/i.test(match[1]!);
  const port = PORTS[match[1]!.toLowerCase()] ?? null;
  const endpoint = endpointOf(text, port);
  return endpoint === null ? null : { endpoint, tls };
}

const PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  redis: 6379,
  rediss: 6379,
  amqp: 5672,
  amqps: 5671,
};
