import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type ConnectionSummary, connectionLine, connectionTable } from './connections.ts';
import { connections } from './testing/connections.ts';

const [one, , v6] = connections;
const table = (list: ConnectionSummary[], width: number) =>
  [...connectionTable(list, { width, colour: false })].join('');

describe('connectionLine', () => {
  it('is one line of JSON with the fixed names in order', () => {
    expect(connectionLine(one)).toBe(
      '{"ts":1709294401.123456,"originator":"10.0.0.5:41822","responder":"10.0.0.7:8080","state":"SF","history":"ShADadFf","originatorPackets":5,"responderPackets":4,"originatorBytes":200,"responderBytes":1448,"resets":0}\n',
    );
  });
  it('gives the time in whole microseconds', () => {
    expect(connectionLine({ ...one, ts: 1709294401 + 0.1 + 0.2 })).toContain('"ts":1709294401.3,');
  });
  it('takes no other field along', () => {
    expect(connectionLine({ ...one, more: 1 } as ConnectionSummary)).not.toContain('more');
  });
});

describe('connectionTable', () => {
  it('keeps to its width', () => {
    const number = fc.nat({ max: 2 ** 31 - 1 });
    const connection = fc.record({
      ts: fc.nat({ max: 4e9 }),
      originator: fc.constantFrom(one.originator, v6.originator),
      responder: fc.constantFrom(one.responder, v6.responder),
      state: fc.constantFrom('SF', 'RSTOS0'),
      history: fc.string({ unit: fc.constantFrom(...'ShADadFfrR'), maxLength: 60 }),
      originatorPackets: number,
      responderPackets: number,
      originatorBytes: number,
      responderBytes: number,
      resets: number,
    });
    fc.assert(
      fc.property(
        fc.array(connection, { maxLength: 5 }),
        fc.integer({ min: 80, max: 200 }),
        (list, width) => {
          for (const line of table(list, width).split('\n')) {
            expect(stringWidth(line)).toBeLessThanOrEqual(width);
            expect(line).toBe(line.trimEnd());
          }
        },
      ),
    );
  });
  it('yields rows before the last connection was taken', () => {
    let taken = 0;
    function* many() {
      for (; taken < 5000; taken++) yield one;
    }
    connectionTable(many(), { width: 80, colour: false }).next();
    expect(taken).toBeLessThan(1000);
  });
});
