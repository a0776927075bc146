import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { printable } from '../wire/printable.ts';
import { hostileText, SAMPLES } from './testing/hostile.ts';
import { hostile, results } from './testing/results.ts';
import { renderText, type TextOptions } from './text.ts';

const plain: TextOptions = { width: 80, colour: false, explain: false };
/** What is wrong with a report as a sequence of lines. */
function faults(report: string, width: number): string[] {
  const lines = report.split('\n');
  return [
    ...lines.filter((line) => stringWidth(line) > width).map((line) => `too wide: ${line}`),
    ...lines.filter((line) => line.endsWith(' ')).map((line) => `ends in a blank: ${line}`),
    ...lines
      .filter((line, i) => line === '' && lines[i + 1] === '' && i < lines.length - 2)
      .map(() => 'two empty lines'),
    ...lines.filter((line) => printable(line) !== line).map((line) => `harmful: ${JSON.stringify(line)}`),
  ];
}

describe('every report', () => {
  const widths = fc.integer({ min: 60, max: 200 });

  it('keeps to its width and shows nothing harmful, whatever the capture holds', () => {
    fc.assert(
      fc.property(hostileText, widths, fc.boolean(), fc.boolean(), (text, width, explain, ascii) => {
        expect(faults(renderText(hostile(text), { ...plain, width, explain, ascii }), width)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it.each(SAMPLES)('keeps to 80 columns with %j', (text) => {
    expect(faults(renderText(hostile(text), { ...plain, explain: true }), 80)).toEqual([]);
  });

  it('keeps to every width from 60 to 200', () => {
    for (let width = 60; width <= 200; width += width < 100 ? 1 : 7) {
      expect(faults(renderText(results.many, { ...plain, width, explain: true }), width)).toEqual([]);
    }
  });

  it('says the same with colours as without', () => {
    const coloured = renderText(results.many, { ...plain, colour: true });
    expect(coloured).toContain('\u001b[');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours themselves
    expect(coloured.replace(/\u001b\[[\d;]*m/g, '')).toBe(renderText(results.many, plain));
  });

  it('is ASCII alone when asked', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(renderText(hostile(text), { ...plain, ascii: true })).toMatch(/^[\n\x20-\x7e]*$/);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the first line', () => {
  const first = (name: keyof typeof results) => renderText(results[name], plain).split('\n')[0];

  it('is the answer when there is one finding', () => {
    expect(first('one')).toMatch(/^The server closed an idle connection while the client’s next request/);
  });
  it('counts problems and findings when there are several', () => {
    expect(first('many')).toBe('4,816 problems in 150,000 connections, 5 findings');
  });
  it('is calm when there is nothing wrong', () => {
    expect(first('harmless')).toBe('No problem in 503 connections');
    expect(first('quiet')).toBe('No reset in 503 connections');
    expect(first('empty')).toBe('No TCP connection found');
  });
});

describe('order', () => {
  it('puts harmless endings after all problems, and what could not be read last', () => {
    const report = renderText(results.many, plain);
    const at = (text: string) => report.indexOf(text);
    expect(at('── 5. ')).toBeGreaterThan(0);
    expect(at('Harmless ─')).toBeGreaterThan(at('── 5. '));
    expect(at('Not readable ─')).toBeGreaterThan(at('Harmless ─'));
  });
  it('draws the ladder of a harmless ending only when explaining', () => {
    expect(renderText(results.harmless, plain)).not.toContain('client  ');
    expect(renderText(results.harmless, { ...plain, explain: true })).toContain('RST,ACK seq 100');
  });
});
