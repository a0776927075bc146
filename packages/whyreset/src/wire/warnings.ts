import type { CaptureWarning } from './reader.ts';

/** Codes of warnings that say what an input never showed; all others tell of something that was lost. */
export const LIMITS: ReadonlySet<string> = new Set([
  'line-numbers',
  'text-lacks',
  'no-tcp-fields',
  'relative-numbers',
  'no-times',
  'coarse-times',
  'delta-times',
  'no-dates',
  'relative-times',
  'host-names',
  'port-names',
  'other-lines',
]);

/** Different warnings kept; a hostile file may provoke any number of them. */
const MAX_DIFFERENT = 100;

/** Collects what could not be read: equal warnings are counted, the first offset is kept. */
export class WarningLog {
  /** In order of first appearance; this array is what `CaptureInfo.warnings` shows. */
  readonly list: CaptureWarning[] = [];
  private readonly byMessage = new Map<string, CaptureWarning>();

  /** `message` is a constant or already printable sentence; `offset` counts bytes of the uncompressed input. */
  add(code: string, message: string, offset?: number): void {
    const known = this.byMessage.get(message);
    if (known !== undefined) {
      known.count++;
      return;
    }
    if (this.list.length >= MAX_DIFFERENT) {
      this.list[MAX_DIFFERENT - 1]!.count++;
      return;
    }
    const last = this.list.length === MAX_DIFFERENT - 1;
    const warning: CaptureWarning = last
      ? { code: 'more-warnings', message: 'There are more warnings than are listed.', count: 1 }
      : { code, message, count: 1 };
    if (offset !== undefined && !last) warning.offset = offset;
    this.byMessage.set(last ? '' : message, warning);
    this.list.push(warning);
  }
}
