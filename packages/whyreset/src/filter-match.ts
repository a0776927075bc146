import type { ConnectionFilter } from './connection/tracker.ts';
import { formatAddress } from './wire/address.ts';
import type { CaptureSink } from './wire/reader.ts';
import type { IcmpQuote, Segment } from './wire/segment.ts';

/**
 * Passes all on, and notes whether the filter lets anything through: "no
 * problem" must not be said of a connection that the capture does not hold.
 */
export class FilterMatch implements CaptureSink {
  found = false;
  private readonly sink: CaptureSink;
  private readonly filter: ConnectionFilter;

  constructor(sink: CaptureSink, filter: ConnectionFilter) {
    this.sink = sink;
    this.filter = filter;
  }

  segment(segment: Segment): void {
    if (!this.found) {
      const { family, source, destination, sourcePort, destinationPort } = segment;
      this.found = this.filter(
        { address: formatAddress(source, family), port: sourcePort },
        { address: formatAddress(destination, family), port: destinationPort },
      );
    }
    this.sink.segment(segment);
  }

  icmp(quote: IcmpQuote): void {
    this.sink.icmp?.(quote);
  }
}
