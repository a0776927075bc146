import { isIPv6 } from 'node:net';

/** What is probed, and what is spoken to it. */
export interface Target {
  host: string;
  port: number;
  /** `tcp`: the protocol is found out, and nothing is asked of it. */
  scheme: 'http' | 'https' | 'tcp';
  /** Path of the request, for HTTP. */
  path: string;
}

const PORTS = { http: 80, https: 443 } as const;

/** `https://host/path`, `http://host`, `host:port`, `[::1]:port`; null for what is none of these. */
export function parseTarget(text: string): Target | null {
  const url = /^(https?):\/\//i.test(text) ? text : null;
  if (url !== null) {
    if (!URL.canParse(url)) return null;
    const { protocol, hostname, port, pathname, search } = new URL(url);
    const scheme = protocol === 'https:' ? 'https' : 'http';
    const host = hostname.replace(/^\[|\]$/g, '');
    return { host, port: port === '' ? PORTS[scheme] : Number(port), scheme, path: pathname + search };
  }
  const match = /^(?:\[([^\]]+)\]|([^:/\s]+)):(\d{1,5})$/.exec(text);
  if (match === null) return null;
  const host = match[1] ?? match[2]!;
  const port = Number(match[3]);
  if (port < 1 || port > 65_535 || (match[1] !== undefined && !isIPv6(host))) return null;
  return { host, port, scheme: 'tcp', path: '/' };
}

/** As a person writes it. */
export function targetText({ host, port, scheme, path }: Target): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return scheme === 'tcp' ? `${name}:${port}` : `${scheme}://${name}:${port}${path}`;
}
