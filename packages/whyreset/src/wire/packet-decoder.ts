import { Contents } from './contents.ts';
import type { ReaderOptions } from './framing.ts';
import { ethernet, etherType } from './link/ethernet.ts';
import type { LinkLayer } from './link/link-types.ts';
import { FragmentTable } from './network/fragments.ts';
import { ipv4 } from './network/ipv4.ts';
import { ipv6 } from './network/ipv6.ts';
import type { Registry } from './protocol-names.ts';
import type { CaptureSink } from './reader.ts';
import { type IcmpQuote, Segment } from './segment.ts';
import type { WarningLog } from './warnings.ts';

/**
 * One frame's way from the link layer to its innermost TCP segment.
 *
 * The layers are plain functions `(decoder, bytes, at, end, wireEnd)`: `at` is
 * where the layer starts, `end` where the captured bytes end, `wireEnd` where
 * the packet ended on the wire (at or after `end`, as an index into the same
 * bytes). Each writes what it learns into the one `segment` and calls the next.
 */
export class PacketDecoder {
  readonly segment = new Segment();
  readonly sink: CaptureSink;
  readonly warnings: WarningLog;
  readonly fragments: FragmentTable;
  /** What was found instead of TCP. */
  readonly contents: Contents;
  /** See `ReaderOptions.damagedHeaders`. */
  readonly marksDamage: boolean;
  /** Overwritten for each ICMP error, as `segment` is for each TCP segment. */
  readonly quote: IcmpQuote = {
    number: 0,
    time: 0,
    family: 4,
    reporter: new Uint32Array(4),
    type: 0,
    code: 0,
    mtu: 0,
    source: new Uint32Array(4),
    destination: new Uint32Array(4),
    sourcePort: 0,
    destinationPort: 0,
    seq: 0,
  };
  tcpPackets = 0;
  /** Offset in the input of the current record, for warnings. */
  recordOffset = 0;
  /** A view on the bytes at hand, for the reads of the hot path; see `use`. */
  view: DataView = new DataView(new ArrayBuffer(0));
  private readonly maxDepth: number;

  constructor(sink: CaptureSink, warnings: WarningLog, options: ReaderOptions) {
    this.sink = sink;
    this.warnings = warnings;
    this.maxDepth = options.maxDepth ?? 8;
    this.marksDamage = options.damagedHeaders === 'mark';
    this.contents = new Contents(warnings);
    this.fragments = new FragmentTable(warnings, options);
  }

  /**
   * Says which bytes the layers are about to read. One view per chunk: its
   * accessors compile to a single load, where four byte reads and shifts do
   * not even fit V8's inlining budget (measured: a third of the time).
   */
  use(bytes: Uint8Array): void {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Decodes the frame in `bytes[at..end)`, `wireLength` bytes long on the wire; number and time are set. */
  frame(link: LinkLayer, bytes: Uint8Array, at: number, end: number, wireLength: number): void {
    const { segment } = this;
    segment.tunnels = 0;
    segment.vlan = -1;
    segment.linkDirection = -1;
    const wireEnd = at + wireLength;
    if (link === ethernet) {
      ethernet(this, bytes, at, end, Math.max(wireEnd, end));
      return;
    }
    segment.macHigh = -1;
    segment.macLow = -1;
    link(this, bytes, at, end, Math.max(wireEnd, end));
  }

  /** A pcapng section begins; for those that read whole records. */
  section(_little: boolean): void {}

  /** The body of an Interface Description Block, `bytes[at..end)`; for those that read whole records. */
  interface(_bytes: Uint8Array, _at: number, _end: number): void {}

  /** An IP packet whose version only its first nibble tells. */
  ip(bytes: Uint8Array, at: number, end: number, wireEnd: number): void {
    if (end <= at) return;
    const version = bytes[at]! >> 4;
    if (version === 4) ipv4(this, bytes, at, end, wireEnd);
    else if (version === 6) ipv6(this, bytes, at, end, wireEnd);
    else this.warn('malformed-ip', 'A packet that should be IP has neither version 4 nor 6.');
  }

  /** True when one more tunnel may be opened; a warning otherwise. */
  descend(): boolean {
    if (++this.segment.tunnels <= this.maxDepth) return true;
    this.warn('nesting-too-deep', 'Tunnels are nested deeper than the reader follows.');
    return false;
  }

  /** A tunnel's inside, by EtherType. */
  tunnelled(type: number, bytes: Uint8Array, at: number, end: number, wireEnd: number): void {
    if (this.descend()) etherType(this, type, bytes, at, end, wireEnd);
  }

  /** The packet at hand ends in something other than TCP. */
  other(registry: Registry, number: number): void {
    this.contents.add(registry, number, this.recordOffset);
  }

  warn(code: string, message: string): void {
    this.warnings.add(code, message, this.recordOffset);
  }
}
