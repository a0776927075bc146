import { describe, expect, it } from 'vitest';
import type { LadderRow } from '../verdict/result.ts';
import { ladderLines } from './ladder.ts';
import { penOf } from './pen.ts';
import { results } from './testing/results.ts';

const example = results.one.findings[0]!.examples[0]!;
const pen = penOf({ width: 78, colour: false });
const draw = (rows: Partial<LadderRow>[], more: Partial<typeof example> = {}) =>
  ladderLines(
    { ...example, ladder: rows.map((row, i) => ({ ...example.ladder[0]!, packet: i + 1, ...row })), ...more },
    pen,
  );

describe('ladder', () => {
  it('points from the sender to the receiver and marks the RST', () => {
    const lines = draw([
      { flags: 'S', from: 'originator' },
      { flags: 'R.', from: 'responder', seq: 0, ack: 1 },
    ]);
    expect(lines[1]).toMatch(/│── SYN ─+▶│ {2}#1$/);
    expect(lines[2]).toMatch(/^✕ .*│◀═ RST,ACK seq 0 ack 1 ═+│ {2}#2$/);
  });

  it('writes relative sequence numbers and the length of data', () => {
    expect(draw([{ flags: 'P.', seq: 420, ack: 180, length: 1448 }])[1]).toContain(
      'PSH,ACK 420:1868 (1,448 B) ack 180',
    );
  });

  it('shows numbers below the first one as negative: they have wrapped at 2^32', () => {
    expect(draw([{ flags: '.', seq: 4294967290, ack: 1, length: 10 }])[1]).toContain('-6:4 (10 B)');
  });

  it('counts what was left out, before and after', () => {
    const text = draw([{}, { elided: 1200, time: 9 }], { elidedAfter: 1 }).join('\n');
    expect(text).toContain('1,200 packets left out');
    expect(text).toContain('1 packet left out after this');
    expect(text).not.toContain('without a packet');
  });

  it('shows a long pause when nothing was left out in it', () => {
    expect(draw([{}, { time: 60 }]).join('\n')).toContain('60.0 s without a packet');
  });

  it('shows microseconds only when milliseconds would print two times alike', () => {
    expect(draw([{ time: 0 }, { time: 0.5 }]).join('\n')).toContain(' 0.500 ');
    expect(draw([{ time: 0.00001 }, { time: 0.00002 }]).join('\n')).toContain(' 0.000020 ');
  });

  it('lets a RST that was made on the way start short of its claimed sender', () => {
    const entry = {
      ...example.entry,
      packet: 1,
      verdict: { ...example.entry.verdict, sender: 'middlebox' as const },
    };
    const rst = { flags: 'R', from: 'responder' as const, seq: 7 };
    expect(draw([rst], { entry })[1]).toMatch(/│◀═ RST seq 7 ═+╳ +│/);
    const doubtful = { ...entry, verdict: { ...entry.verdict, senderCertainty: 'possible' as const } };
    expect(draw([rst], { entry: doubtful })[1]).toMatch(/│◀═ RST seq 7 ═+│/);
  });

  it('is empty without rows', () => {
    expect(draw([])).toEqual([]);
  });
});
