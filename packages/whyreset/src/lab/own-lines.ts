import { NET } from './path/addresses.ts';
import type { RecordedSegment } from './recorder.ts';

const OURS = new RegExp(`\\b(10\\.${NET}\\.|fd${NET}:)`);

/**
 * The kernel trace lines that are about recorded packets: the trace sees every
 * lab on the machine, and all have the same addresses. A listening socket
 * names no peer (`dest=0.0.0.0:0`): then a RST of that end must be recorded.
 */
export function ownLines(lines: readonly string[], segments: readonly RecordedSegment[]): string[] {
  const ports = new Set(segments.flatMap(({ sourcePort, destinationPort }) => [sourcePort, destinationPort]));
  const answered = new Set(segments.filter(({ flags }) => flags === 'R').map(({ sourcePort }) => sourcePort));
  return lines.filter((line) => {
    if (!OURS.test(line)) return false;
    const found = [...line.matchAll(/(?:src|dest)=\[?[\d.a-f:]+\]?:(\d+)|[sd]port=(\d+)/g)].map((match) =>
      Number(match[1] ?? match[2]),
    );
    if (found.includes(0)) return answered.has(found[0]!);
    return found.every((port) => ports.has(port));
  });
}
