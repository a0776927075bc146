import type { InputSummary, ResetEntry } from '../../../src/verdict/result.ts';

function endOf(endpoint: string): { field: string; address: string; port: string } {
  const at = endpoint.lastIndexOf(':');
  const address = endpoint.slice(0, at).replace(/^\[|\]$/g, '');
  return { field: address.includes(':') ? 'ipv6.addr' : 'ip.addr', address, port: endpoint.slice(at + 1) };
}

/** Wireshark's display filter for all packets of a connection. */
export function connectionFilter({ originator, responder }: ResetEntry['connection']): string {
  const [a, b] = [endOf(originator), endOf(responder)];
  return `${a.field} == ${a.address} && ${b.field} == ${b.address} && tcp.port == ${a.port} && tcp.port == ${b.port}`;
}

/** Wireshark's display filter for the packets that the evidence names, in the entry's own capture. */
export function evidenceFilter(entry: ResetEntry): string {
  const own = entry.evidence.flatMap(({ input, packets }) => (input === undefined ? packets : []));
  const numbers = [...new Set([...own, entry.packet])].filter((n) => n > 0).sort((a, b) => a - b);
  return `frame.number in {${numbers.join(', ')}}`;
}

const quote = (word: string) => (/^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** Prints them on a terminal; null for packets that were read from text. */
export function tsharkCommand(entry: ResetEntry, inputs: readonly InputSummary[]): string | null {
  const input = inputs[entry.input];
  if (input === undefined || !input.format.startsWith('pcap')) return null;
  return `tshark -r ${quote(input.name)} -Y '${connectionFilter(entry.connection)}'`;
}
