import type { CaptureWarning } from '../wire/reader.ts';
import type { Assembled } from './assemble.ts';
import type { ListedPacket } from './listed-packet.ts';

/** Times no finer than this hide round trips and the order of events, seconds. */
const COARSE = 0.01;
/** Names that a warning lists. */
const MOST_NAMED = 5;

/** What a list can leave out: how a person would call it, and whether this one does. */
const PARTS: readonly { name: string; missing: (packets: readonly ListedPacket[]) => boolean }[] = [
  { name: 'TTL', missing: (packets) => packets.every(({ ttl }) => ttl === null) },
  {
    name: 'IP identification',
    missing: (packets) =>
      packets.some(({ family }) => family === 4) && packets.every(({ ipId }) => ipId === null),
  },
  { name: 'link-layer addresses', missing: (packets) => packets.every(({ mac }) => mac === null) },
  {
    name: 'payload',
    missing: (packets) =>
      packets.some(({ tcp }) => (tcp?.length ?? 0) > 0) && packets.every(({ tcp }) => tcp?.payload == null),
  },
  {
    name: 'TCP options',
    missing: (packets) => packets.every(({ tcp }) => (tcp?.options ?? []).length === 0),
  },
];

function joined(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

const warning = (code: string, message: string, count = 1): CaptureWarning => ({ code, message, count });

/** What a list does not show, one sentence each, so that an unsure verdict has its reason beside it. */
export function lackingOf(
  listed: readonly ListedPacket[],
  { clock, names, ownNumbers }: Assembled,
): CaptureWarning[] {
  const packets = listed.filter(({ tcp, bytes }) => tcp !== null && bytes === null);
  const warnings: CaptureWarning[] = [];
  if (!ownNumbers)
    warnings.push(
      warning('line-numbers', 'Packets are numbered by the line of the text on which they begin.'),
    );
  const missing =
    packets.length === 0 ? [] : PARTS.filter((part) => part.missing(packets)).map(({ name }) => name);
  if (missing.length > 0)
    warnings.push(
      warning(
        'text-lacks',
        `The text does not show ${joined(missing)}: evidence that needs them is unknown. \`tcpdump -e -vv -X\` prints them, and a capture (\`tcpdump -w FILE\`) holds them.`,
      ),
    );
  const plain = packets.filter(({ tcp }) => tcp!.flags === null).length;
  if (plain > 0)
    warnings.push(
      warning(
        'no-tcp-fields',
        'A line shows an application protocol instead of TCP: its flags, window and acknowledgement are unknown, and its sequence number was worked out.',
        plain,
      ),
    );
  if (packets.some(({ tcp }) => tcp!.numbering === 'wireshark' && tcp!.seq !== null))
    warnings.push(
      warning(
        'relative-numbers',
        'Sequence numbers are relative: they cannot be matched with those of another capture.',
      ),
    );
  warnings.push(...timeWarnings(clock));
  if (names.hosts.size > 0)
    warnings.push(
      warning(
        'host-names',
        `Hosts are named instead of numbered (${someOf([...names.hosts.values()])}): two names of one host count as two hosts.`,
      ),
    );
  if (names.ports.size > 0)
    warnings.push(
      warning(
        'port-names',
        `The numbers of these ports are not known: ${someOf([...names.ports.values()])}. Print them with \`tcpdump -n\`.`,
      ),
    );
  return warnings;
}

function timeWarnings({ kind, resolution, deltas }: Assembled['clock']): CaptureWarning[] {
  const warnings: CaptureWarning[] = [];
  if (kind === 'none')
    warnings.push(
      warning(
        'no-times',
        'The text shows no times: nothing can be said about delays, silences and timeouts.',
      ),
    );
  else if (resolution > COARSE)
    warnings.push(
      warning(
        'coarse-times',
        `The times are no finer than ${resolution} s: round trips and short delays are unknown.`,
      ),
    );
  if (deltas) warnings.push(warning('delta-times', 'Times were read as the time since the line before.'));
  if (kind === 'clock')
    warnings.push(
      warning('no-dates', 'The times have no date: logs and kernel traces cannot be matched by time.'),
    );
  if (kind === 'relative')
    warnings.push(
      warning(
        'relative-times',
        'The times count from the first packet: logs and kernel traces cannot be matched by time.',
      ),
    );
  return warnings;
}

function someOf(names: readonly string[]): string {
  const listed = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${listed} and ${names.length - MOST_NAMED} more` : listed;
}
