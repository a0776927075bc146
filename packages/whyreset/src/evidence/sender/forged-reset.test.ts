import { describe, expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import forgedReset from './forged-reset.ts';
import maker from './maker.ts';

function firesOn(builder: ConnectionBuilder) {
  const fact = forgedReset.of(builder.subject());
  if (!fact.known) return { detectors: [], doubts: [fact.why] };
  return { detectors: fact.detections.map(({ detector }) => detector), doubts: fact.doubts };
}

/** An exchange over 40 ms; the server's next byte is 201, the client's 101. */
const served = () =>
  build()
    .handshake(0.04)
    .client(0.05, 'P.', { data: 100 })
    .server(0.09, 'P.', { data: 200 })
    .client(0.09, '.');

const forged = { window: 0, plain: true };

describe('fires', () => {
  test('RST_SEQ_DATA: the race lost afterwards', () => {
    const fact = firesOn(
      served()
        .server(2, 'R', { ...forged, seq: 201 })
        .server(2.1, 'P.', { data: 50 }),
    );
    expect(fact).toEqual({ detectors: ['RST_SEQ_DATA'], doubts: [] });
  });

  test('DATA_SEQ_RST: the race lost before', () => {
    const fact = firesOn(served().server(2, 'R', { ...forged, seq: 60 }));
    expect(fact).toEqual({ detectors: ['DATA_SEQ_RST'], doubts: [] });
  });

  test('RST_SEQ_CHANGE: the hedge', () => {
    const train = served()
      .server(2, 'R', { ...forged, seq: 201 })
      .server(2.001, 'R', { ...forged, seq: 1661 });
    expect(firesOn(train)).toEqual({ detectors: ['RST_SEQ_CHANGE'], doubts: [] });
  });

  test('RST_ACK_CHANGE: bytes acknowledged that nobody sent', () => {
    const pair = served()
      .server(2, 'R.', forged)
      .server(2.001, 'R.', { ...forged, ack: 5000 });
    expect(firesOn(pair)).toEqual({ detectors: ['RST_ACK_CHANGE'], doubts: [] });
    const fact = maker.of(pair.subject());
    expect(fact.known && fact.against.map(({ fact: name }) => name)).toContain('forgedReset');
  });
});

describe('RST_SEQ_CHANGE wants each of its seven conditions', () => {
  const hedge = (builder: ConnectionBuilder, second = { time: 2.001, seq: 1661 }) =>
    builder.server(2, 'R', { ...forged, seq: 201 }).server(second.time, 'R', { ...forged, seq: second.seq });

  test.each<[string, ConnectionBuilder]>([
    ['the second further on by more than two', hedge(served(), { time: 2.001, seq: 203 })],
    ['less than two seconds apart', hedge(served(), { time: 4, seq: 1661 })],
    ['past all that was sent', hedge(served().server(1.9, 'P.', { data: 2000 }))],
    ['past all that was acknowledged', hedge(served().client(1.9, '.', { ack: 1660 }))],
    ['no FIN before', hedge(served().client(1.9, 'F.'))],
    ['no RST of the other side before', hedge(served().client(1.9, 'R.'))],
    ['both directions in view', hedge(build().client(0, 'S').server(0.04, 'S.'))],
  ])('%s', (name, builder) => {
    if (name === 'both directions in view') {
      // The SYN has no ACK: nothing of the client tells what it had received.
      expect(firesOn(builder).detectors).toEqual([]);
      return;
    }
    expect(firesOn(builder).detectors).not.toContain('RST_SEQ_CHANGE');
  });
});

describe('is held back by', () => {
  const climbing = (builder: ConnectionBuilder) =>
    builder.server(2, 'R', { ...forged, seq: 201 }).server(2.001, 'R', { ...forged, seq: 1661 });

  test.each<[string, ConnectionBuilder]>([
    ['the other side reset as well', climbing(served()).client(2.002, 'R.')],
    [
      'packets were repeated or out of order around it',
      climbing(served().server(1.99, 'P.', { data: 200, seq: 1 })),
    ],
    ['the capture lost packets', climbing(served()).side('originator', { gaps: 1 })],
    [
      'the RST did not end the connection',
      climbing(served()).server(3, 'P.', { data: 50 }).client(3, '.').client(3.1, 'P.', { data: 5 }),
    ],
  ])('%s', (doubt, builder) => {
    expect(firesOn(builder).doubts).toContain(doubt);
  });

  test('a victim’s answer to the genuine data is no reset of its own', () => {
    const answered = climbing(served()).server(2.1, 'P.', { data: 50 }).passive('originator', 2.1);
    expect(firesOn(answered).doubts).toEqual([]);
  });

  test('doubt: then nothing of it weighs against the sender', () => {
    const fact = maker.of(
      served()
        .server(2, 'R', { ...forged, seq: 60 })
        .side('originator', { gaps: 1 })
        .subject(),
    );
    expect(fact.known && fact.against.map(({ fact: name }) => name)).not.toContain('forgedReset');
  });
});

describe('stays silent on', () => {
  test.each<[string, ConnectionBuilder]>([
    ['an abort', served().server(2, 'R.')],
    [
      'an answer to a packet that acknowledged little',
      served()
        .server(2, 'P.', { data: 500 })
        .client(2.01, 'P.', { data: 9, ack: 101 })
        .passive('responder', 2.05),
    ],
    [
      'one RST for each stray packet',
      served()
        .client(2, 'P.', { data: 9 })
        .passive('responder', 2.04)
        .client(2.1, 'P.', { data: 9 })
        .passive('responder', 2.14),
    ],
    ['a window full of unsent data', served().server(2, 'P.', { data: 900 }).server(2.1, 'R.', { seq: 801 })],
    [
      'an acknowledgement of what came between',
      served().server(2, 'R.').client(2.01, 'P.', { data: 50 }).server(2.05, 'R.'),
    ],
  ])('%s', (_name, builder) => {
    expect(firesOn(builder).detectors).toEqual([]);
  });
});
