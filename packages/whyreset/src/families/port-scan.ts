import type { KnownFacts } from '../causes/define.ts';
import { MOST_TARGETS } from '../evidence/around/scan.ts';
import { seconds, thousands } from '../evidence/packets.ts';
import { defineFamily } from './define.ts';

/** `10.0.0.9 scanned 200 ports in 2.0 s; 200 attempts were not accepted`. */
function scanText(
  client: string,
  { kind, targets, span, attempts }: NonNullable<KnownFacts['scan']>,
): string {
  const number = targets >= MOST_TARGETS ? 'more than 1,000' : thousands(targets);
  const what = kind === 'hosts' ? 'addresses' : 'ports';
  return `${client} scanned ${number} ${what} in ${seconds(span)}; ${thousands(attempts)} attempts were not accepted`;
}

/** Has no causes of its own: each connection keeps its own, and the finding says what they have in common. */
export default defineFamily({
  id: 'port-scan',
  title: 'Port or address scan',
  benign: false,
  sharedBy: 'client',
  statement: ({ scan }) => scan?.says ?? 'one client tried many ports or addresses',
  headline: ({ facts: { scan }, clients }) =>
    scan === null ? 'one client scans ports or addresses' : scanText(clients[0] ?? 'A client', scan),
  isEvent: true,
  advice: ({ clients }) => [
    {
      who: 'client',
      do: `Find out what runs on ${clients[0] ?? 'the client'}: a security scanner, a monitoring or discovery tool, or a program with a wrong list of targets`,
    },
    {
      who: 'server',
      do: 'Nothing is wrong with a port that refuses a scan. Block or limit the address where the scan is not wanted',
    },
  ],
  context: [],
  tells: [],
});
