import { protocolName, type Registry } from './protocol-names.ts';
import type { OtherPackets } from './reader.ts';
import type { WarningLog } from './warnings.ts';

/** Different kinds of packets that are named; a hostile file may hold any number of them. */
const MAX_KINDS = 64;
const REST = 'other protocols';

/** What is done for each packet of a kind. */
interface Kind {
  packets: OtherPackets;
  warning: { code: string; message: string } | null;
}

function describe(registry: Registry, number: number, name: string | undefined): string {
  if (registry === 'LLC') return 'LLC (spanning tree and others)';
  if (registry === '802.11') return '802.11 management and control frames';
  if (registry === 'UDP port') return `UDP port ${number}${name === undefined ? '' : ` (${name})`}`;
  if (name !== undefined) return registry === 'GRE type' ? `GRE (${name})` : name;
  const decimal = registry === 'IP protocol' || registry === 'link type';
  return `${registry} ${decimal ? number : `0x${number.toString(16).padStart(4, '0')}`}`;
}

/**
 * What a capture holds besides TCP, so that no packet vanishes without a word.
 * Encapsulations that are not read, and numbers that no list here knows, are
 * told as warnings as well: TCP may be inside.
 */
export class Contents {
  /** In order of first appearance; this array is what `CaptureInfo.other` shows. */
  readonly list: OtherPackets[] = [];
  private readonly kinds = new Map<Registry, Map<number, Kind>>();
  private readonly warnings: WarningLog;

  constructor(warnings: WarningLog) {
    this.warnings = warnings;
  }

  /** One packet that ended in something other than TCP. @param offset of its record in the input */
  add(registry: Registry, number: number, offset: number): void {
    const known = this.kinds.get(registry) ?? new Map<number, Kind>();
    if (known.size === 0) this.kinds.set(registry, known);
    let kind = known.get(number);
    if (kind === undefined) {
      kind = this.kindOf(registry, number);
      if (known.size < MAX_KINDS) known.set(number, kind);
    }
    kind.packets.packets++;
    if (kind.warning !== null) this.warnings.add(kind.warning.code, kind.warning.message, offset);
  }

  /** A UDP datagram is named by the port that a list knows, the destination's first; else by the lower one. */
  addUdp(source: number, destination: number, offset: number): void {
    const known = [destination, source].find((port) => protocolName('UDP port', port) !== undefined);
    this.add('UDP port', known ?? Math.min(source, destination), offset);
  }

  private kindOf(registry: Registry, number: number): Kind {
    const known = protocolName(registry, number);
    const what = describe(registry, number, known?.name);
    const listed = this.list.find((one) => one.what === what || one.what === REST);
    const packets = listed ?? { what: this.list.length < MAX_KINDS - 1 ? what : REST, packets: 0 };
    if (listed === undefined) this.list.push(packets);
    if (known?.encapsulates === true)
      return {
        packets,
        warning: { code: 'unread-encapsulation', message: `Packets inside ${what} are not read.` },
      };
    // The reader has a warning of its own for a link type, and any port may be used for anything.
    const unnamed = known === undefined && !['UDP port', 'LLC', '802.11', 'link type'].includes(registry);
    return {
      packets,
      warning: unnamed ? { code: 'unknown-protocol', message: `Packets of ${what} are not read.` } : null,
    };
  }
}
