import { describe, expect, it } from 'vitest';
import { complains, type EndFrame, endFrames, isSettings } from './http2-frames.ts';

const SETTINGS = [0, 0, 0, 4, 0, 0, 0, 0, 0];
const refused = (stream: number) => [0, 0, 4, 3, 0, 0, 0, 0, stream, 0, 0, 0, 7];
const goaway = (last: number, code: number) => [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, last, 0, 0, 0, code];
const bytes = (...frames: number[][]) => Uint8Array.from(frames.flat());

function ends(b: Uint8Array): EndFrame[] {
  const found: EndFrame[] = [];
  endFrames(b, 0, b.length, (kind, stream, code) => found.push({ kind, stream, code }));
  return found;
}

describe('HTTP/2 frames', () => {
  it('are walked from one to the next', () => {
    expect(ends(bytes(SETTINGS, refused(5), goaway(3, 11)))).toEqual([
      { kind: 'RST_STREAM', stream: 5, code: 7 },
      { kind: 'GOAWAY', stream: 3, code: 11 },
    ]);
  });

  it('are read as far as they were kept', () => {
    expect(ends(bytes(SETTINGS, refused(5)).subarray(0, 20))).toEqual([]);
    expect(ends(bytes(goaway(3, 11)).subarray(0, 16))).toEqual([]);
  });

  it('are not seen in other languages', () => {
    const text = (s: string) => Uint8Array.from(s, (c) => c.charCodeAt(0));
    for (const other of [
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      '\x17\x03\x03\x00\x40aaaaaaaaaaaaaaaa',
      '220 mail\r\n',
      '',
    ]) {
      const b = text(other);
      expect(isSettings(b, 0, b.length), other).toBe(false);
      expect(ends(b), other).toEqual([]);
    }
  });

  it('complain by any code but the peaceful two', () => {
    const does = (...frames: number[][]) => complains(bytes(...frames), 0, frames.flat().length);
    expect(does(SETTINGS, goaway(1, 0))).toBe(false);
    expect(does(SETTINGS, [...refused(1).slice(0, 12), 8])).toBe(false);
    expect(does(SETTINGS, refused(1))).toBe(true);
    expect(does(goaway(1, 0), goaway(1, 2))).toBe(true);
  });

  it('begin with SETTINGS when a server speaks', () => {
    expect(isSettings(bytes(SETTINGS), 0, 9)).toBe(true);
    expect(isSettings(bytes(SETTINGS), 0, 8)).toBe(false);
    expect(isSettings(bytes(goaway(1, 0)), 0, 17)).toBe(false);
  });
});
