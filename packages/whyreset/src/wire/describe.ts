import { endpointName } from './address.ts';
import { ACK, CWR, ECE, FIN, PSH, RST, type Segment, SYN, URG } from './segment.ts';
import { tcpOptions } from './tcp-options.ts';

/** Flags as tcpdump writes them: `S.`, `P.`, `R`, `.`, `none`. */
export function flagLetters(flags: number): string {
  let letters = '';
  if (flags & FIN) letters += 'F';
  if (flags & SYN) letters += 'S';
  if (flags & RST) letters += 'R';
  if (flags & PSH) letters += 'P';
  if (flags & ACK) letters += '.';
  if (flags & URG) letters += 'U';
  if (flags & ECE) letters += 'E';
  if (flags & CWR) letters += 'W';
  return letters === '' ? 'none' : letters;
}

/** One tcpdump-like line: number, seconds, ends, flags, absolute sequence numbers, window, options, length. */
export function describeSegment(segment: Segment): string {
  const { family, seq, payloadLength } = segment;
  const from = endpointName(segment.source, family, segment.sourcePort);
  const to = endpointName(segment.destination, family, segment.destinationPort);
  const parts = [`Flags [${flagLetters(segment.flags)}]`];
  parts.push(payloadLength > 0 ? `seq ${seq}:${(seq + payloadLength) >>> 0}` : `seq ${seq}`);
  if (segment.flags & ACK) parts.push(`ack ${segment.ack}`);
  parts.push(`win ${segment.window}`);
  const options = describeOptions(segment);
  if (options !== '') parts.push(`options [${options}]`);
  parts.push(`length ${payloadLength}`);
  return `${segment.number} ${segment.time.toFixed(6)} ${from} > ${to}: ${parts.join(', ')}`;
}

function describeOptions(segment: Segment): string {
  const options = tcpOptions(segment);
  const words: string[] = [];
  if (options.mss >= 0) words.push(`mss ${options.mss}`);
  if (options.sackPermitted) words.push('sackOK');
  if (options.tsVal >= 0) words.push(`TS val ${options.tsVal} ecr ${options.tsEcr}`);
  if (options.windowScale >= 0) words.push(`wscale ${options.windowScale}`);
  for (const [left, right] of options.sack) words.push(`sack {${left}:${right}}`);
  if (options.mptcp >= 0) words.push(`mptcp subtype ${options.mptcp}`);
  return words.join(',');
}
