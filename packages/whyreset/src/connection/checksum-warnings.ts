import type { CaptureWarning } from '../wire/reader.ts';
import type { ConnectionTracker } from './tracker.ts';

/** What was ignored: a checksum, or a packet for its checksum. Each is said with its count. */
export function checksumWarnings({
  checksums,
  damagedSegments,
  soundSegments,
}: Pick<ConnectionTracker, 'checksums' | 'damagedSegments' | 'soundSegments'>): CaptureWarning[] {
  const nearlyAll = damagedSegments > soundSegments * 9;
  const warnings: CaptureWarning[] = [
    {
      code: 'wrong-ip-checksums',
      message:
        'Nearly all packets of a sender have a wrong IPv4 header checksum (addresses rewritten, or left to the network card): the checksum was ignored.',
      count: checksums?.headersIgnored ?? 0,
    },
    {
      code: 'bad-ip-checksum',
      message: 'A packet with a wrong IPv4 header checksum was skipped.',
      count: checksums?.headersSkipped ?? 0,
    },
    {
      code: 'wrong-tcp-checksums',
      message:
        'A RST has a wrong TCP checksum, as nearly all packets of its sender (rewritten, or joined by the receiving network card): the checksum was ignored.',
      count: checksums?.segmentsIgnored ?? 0,
    },
    {
      code: 'bad-tcp-checksum',
      message:
        'A RST with a wrong TCP checksum was skipped: its receiver ignores it, and other packets of its sender are right.',
      count: checksums?.segmentsSkipped ?? 0,
    },
    {
      code: 'bad-tcp-checksum',
      message: nearlyAll
        ? 'Nearly all segments have a wrong TCP checksum and were ignored, as Zeek does; `whyreset diagnose` reads them.'
        : 'A segment with a wrong TCP checksum was ignored, as Zeek does.',
      count: damagedSegments,
    },
  ];
  return warnings.filter(({ count }) => count > 0);
}
