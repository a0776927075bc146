/** `192.0.2.1:80`, `[2001:db8::1]:80`. */
export function endpointText({ address, port }: { address: string; port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
