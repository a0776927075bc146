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
  const widths = fc.integer({ min: 44, max: 200 });

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

  it('keeps to every width from 44 to 200', () => {
    for (let width = 44; width <= 200; width += width < 100 ? 1 : 7) {
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
    expect(first('one')).toMatch(
      /^2 servers close idle connections after 60\.0 s; the client reuses them later/,
    );
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

describe('one finding', () => {
  const report = (explain = false, width = 100) => renderText(results.one, { ...plain, width, explain });
  const count = (text: string, part: string) => text.split(part).length - 1;

  it('fits on a screen of 40 lines at 100 columns', () => {
    expect(report().split('\n').length - 1).toBeLessThanOrEqual(40);
    for (const finding of results.many.findings) {
      const alone = { ...results.one, findings: [finding] };
      expect(renderText(alone, { ...plain, width: 100 }).split('\n').length - 1).toBeLessThanOrEqual(40);
    }
  });
  it('says its headline once', () => {
    for (const part of ['close idle connections', 'connections lost', 'Keep-alive race'])
      expect(count(report(), part)).toBeLessThanOrEqual(1);
  });
  it('folds a long ladder, and keeps the packets that decide', () => {
    const [finding] = results.one.findings;
    const [example] = finding!.examples;
    const filler = Array.from({ length: 40 }, (_, i) => ({
      ...example!.ladder[3]!,
      packet: 100 + i,
      flags: 'P.',
      weight: 30,
      note: null,
      elided: 0,
    }));
    const [first, ...rest] = example!.ladder;
    const long = { ...example!, ladder: [first!, ...filler, ...rest] };
    const result = { ...results.one, findings: [{ ...finding!, examples: [long] }] };
    const folded = renderText(result, { ...plain, width: 100 });
    expect(folded.split('\n').length - 1).toBeLessThanOrEqual(40);
    for (const { packet, flags } of example!.ladder)
      if (flags.includes('F') || flags.includes('R')) expect(folded).toMatch(new RegExp(`#${packet}\\b`));
    expect(renderText(result, { ...plain, width: 100, explain: true })).toContain('#139');
  });
  it('shows more when explaining, never less', () => {
    const numbers = (text: string) => new Set(text.match(/#\d+/g));
    const [few, all] = [numbers(report()), numbers(report(true))];
    expect([...few].filter((packet) => !all.has(packet))).toEqual([]);
    for (const title of ['Evidence', 'What to do', 'Ruled out']) expect(report(true)).toContain(title);
    expect(report()).not.toContain('Ruled out');
  });
});

describe('several findings', () => {
  const report = renderText(results.many, { ...plain, width: 100 });
  it('begin with a table that has a row for each', () => {
    const lines = report.split('\n');
    expect(lines[2]).toMatch(/^#\s+connections\s+where\s+what\s+how sure$/);
    expect(lines[3]).toMatch(/^1\s+4,812 of 5,000\s+10\.0\.0\.7:8080 and others\s+Keep-alive race\s+proven$/);
    expect(lines.slice(3, 8).map((line) => line[0])).toEqual(['1', '2', '3', '4', '5']);
  });
  it('say no headline twice', () => {
    for (const { headline } of results.many.findings) {
      const start = headline.slice(0, 50);
      expect(report.replace(/\s+/g, ' ').split(start).length - 1).toBe(1);
    }
  });
});

describe('an open finding', () => {
  const report = (explain: boolean) =>
    renderText({ ...results.many, findings: [results.many.findings[4]!] }, { ...plain, width: 100, explain });
  it('lists the possible causes, then advice, then the item that settles it', () => {
    expect(report(false)).toContain('Possible causes, most likely first');
    expect(report(false)).toMatch(
      /1\. {2}Socket closed with received data still unread \(unread-data-at-close\)/,
    );
    expect(report(false).indexOf('To settle it')).toBeGreaterThan(report(false).indexOf('Evidence'));
  });
  it('keeps long commands for --explain', () => {
    expect(report(false)).not.toContain('sudo sh -c');
    expect(report(false)).toContain('(the command: --explain)');
    expect(report(true)).toContain("sudo sh -c 'cd /sys/kernel/tracing;");
  });
});

describe('who made the RST', () => {
  const report = (i: number) =>
    renderText({ ...results.many, findings: [results.many.findings[i]!] }, { ...plain, width: 100 });
  it('is told with its certainty', () => {
    expect(report(2)).toContain('RST #2202 of api.pcap, sent by the server (likely)');
  });
  it('is told with the source address where the two differ', () => {
    expect(report(1)).toContain('made by a box on the path (likely); source address: the server');
    expect(report(1)).toContain('It may also have been made by another host with the address 203.0.113.80.');
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
