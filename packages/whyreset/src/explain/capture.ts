import type { EndingId } from '../logs/endings.ts';
import type { Features } from '../logs/features.ts';

/** Endings that packets would not explain further: someone says why in a log. */
const SAID: ReadonlySet<EndingId> = new Set<EndingId>([
  'ANSWERED',
  'LIMIT',
  'NOT-ALLOWED',
  'PROCESS-ENDED',
  'PROBE',
  'NO-UPSTREAM',
  'SESSION-KILL',
  'NO-ADDRESS',
  'GOAWAY',
  'STREAM-RESET',
  'TLS-VERSION',
  'HTTP-MISMATCH',
  'PLAIN→TLS',
]);

/**
 * The commands that turn the text into a diagnosis: capture while it happens, then diagnose. Shell lines to run
 * as they stand; 512 bytes a packet hold the headers and the first bytes of a protocol, but hardly a whole body.
 * Empty where packets would tell nothing that a log does not.
 */
export function captureCommands(
  ending: EndingId,
  decided: boolean,
  { host, port }: Pick<Features, 'host' | 'port'>,
): string[] {
  if (decided || SAID.has(ending)) return [];
  const loopback = host !== null && (host === 'localhost' || host === '::1' || host.startsWith('127.'));
  const filter =
    host === null ? 'tcp or icmp or icmp6' : `host ${host} and (tcp port ${port} or icmp or icmp6)`;
  return [
    `sudo tcpdump -i ${loopback ? 'lo' : 'any'} -n -U -s 512 -w whyreset.pcap '${filter}'`,
    `whyreset diagnose whyreset.pcap${port === null ? '' : ` --port ${port}`}`,
  ];
}
