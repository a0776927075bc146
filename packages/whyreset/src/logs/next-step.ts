import type { Features } from './features.ts';

/**
 * The commands that turn the text into a diagnosis: capture while it happens, then diagnose. Shell lines to run
 * as they stand; 512 bytes a packet hold the headers and the first bytes of a protocol, but hardly a whole body.
 */
export function nextCommands({ host, port }: Pick<Features, 'host' | 'port'>): string[] {
  const loopback = host !== null && (host === 'localhost' || host === '::1' || host.startsWith('127.'));
  const filter =
    host === null ? 'tcp or icmp or icmp6' : `host ${host} and (tcp port ${port} or icmp or icmp6)`;
  return [
    `sudo tcpdump -i ${loopback ? 'lo' : 'any'} -n -U -s 512 -w whyreset.pcap '${filter}'`,
    `whyreset diagnose whyreset.pcap${port === null ? '' : ` --port ${port}`}`,
  ];
}
