/** Ports on which TLS starts with the first byte (IANA service names; 6443 and 8443, 9443 by custom). */
const TLS_PORTS = new Set([
  443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 2376, 5061, 5671, 6443, 6514, 8443, 8883, 9443,
]);

/** Ports that speak plain text by registration or by custom of development servers. */
const PLAIN_PORTS = new Set([
  25, 80, 110, 143, 389, 1883, 3000, 5000, 5672, 6379, 8000, 8008, 8080, 8081, 8888, 9090, 9200, 11211,
]);

/** What usually is spoken on a port; null where there is no custom. A custom proves nothing. */
export function portCustom(port: number): 'tls' | 'plain' | null {
  if (TLS_PORTS.has(port)) return 'tls';
  return PLAIN_PORTS.has(port) ? 'plain' : null;
}
