import { describe, expect, test } from 'vitest';
import { HANDSHAKE, play } from './testing/play.ts';

const only = (script: string, options = {}) => play(script, {}, options).connections[0]!;

describe('turns', () => {
  test('turn_requests and responses with their silences', () => {
    const one = only(`${HANDSHAKE}
      1.0 > P. 1 1 text=GET_/a_HTTP/1.1
      1.2 < P. 1 16 text=HTTP/1.1_200_OK
      1.3 > . 16 16
      61.2 > P. 16 16 text=GET_/b_HTTP/1.1
      61.3 < R. 16 31`);
    const { originator, responder } = one;
    expect(originator.turns).toBe(2);
    expect(originator.firstTurn).toMatchObject({ number: 4, length: 15, idleBefore: -1, idleSince: 0 });
    expect(originator.lastTurn).toMatchObject({ number: 7, length: 15, idleSince: 5 });
    expect(originator.lastTurn!.idleBefore).toBeCloseTo(60, 5);
    expect(new TextDecoder().decode(originator.lastTurn!.head)).toBe('GET /b HTTP/1.1');
    expect(responder.firstTurn).toBe(responder.lastTurn);
    expect(responder.lastTurn!.idleBefore).toBeCloseTo(0.2, 6);
    expect(responder).toMatchObject({ lastDataNumber: 5, lastDataTime: 1.2 });
  });

  test('turn_over several packets is one, its head grows', () => {
    const one = only(`${HANDSHAKE}
      1.0 > P. 1 1 text=GET_/a
      1.1 > P. 7 1 text=_HTTP/1.1
      1.2 > P. 16 1 100`);
    expect(one.originator.turns).toBe(1);
    expect(one.originator.lastTurn).toMatchObject({ number: 4, length: 115 });
    expect(new TextDecoder().decode(one.originator.lastTurn!.head.slice(0, 15))).toBe('GET /a HTTP/1.1');
  });

  test('turn_of the same side after a pause, everything acknowledged', () => {
    const acked = `${HANDSHAKE}\n1 > P. 1 1 10\n1.1 < . 1 11\n`;
    expect(only(`${acked}3 > P. 11 1 10`).originator.turns).toBe(2);
    expect(only(`${acked}1.5 > P. 11 1 10`).originator.turns).toBe(1);
    expect(only(`${HANDSHAKE}\n1 > P. 1 1 10\n3 > P. 11 1 10`).originator.turns).toBe(1);
  });

  test('turn_keep-alive probes and repetitions are none', () => {
    const one = only(`${HANDSHAKE}
      1 > P. 1 1 10
      1.1 < . 1 11
      31 > . 10 1 1
      31.1 < . 1 11
      61 > . 10 1
      61.1 < . 1 11`);
    expect(one.originator).toMatchObject({ turns: 1, keepAliveProbes: 2, lastDataNumber: 4 });
    expect(one.timeline.map(({ keepAliveProbe }) => keepAliveProbe)).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      false,
      true,
      false,
    ]);
  });
});

describe('round trips', () => {
  test('rtt_of the handshake, either way', () => {
    const one = only('0 > S 0\n0.030 < S. 0 1\n0.032 > . 1 1');
    expect(one.responder.minRtt).toBeCloseTo(0.03, 6);
    expect(one.originator.minRtt).toBeCloseTo(0.002, 6);
  });

  test('rtt_not from a packet that was repeated', () => {
    expect(only('0 > S 0\n1 > S 0\n1.030 < S. 0 1').responder.minRtt).toBe(-1);
  });

  test('rtt_smaller one of data replaces it', () => {
    expect(only(`${HANDSHAKE}\n1 > P. 1 1 10\n1.004 < . 1 11`).responder.minRtt).toBeCloseTo(0.004, 6);
  });
});

describe('timeline', () => {
  test('timeline_retransmission is marked, the filling of a hole is not', () => {
    const one = only(`${HANDSHAKE}\n1 > P. 1 1 10\n2 > P. 1 1 10\n3 > P. 21 1 10\n4 > P. 11 1 10`);
    expect(one.timeline.slice(3).map(({ retransmission }) => retransmission)).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });

  test('timeline_of a long connection keeps its beginning and end', () => {
    let script = HANDSHAKE;
    for (let i = 0; i < 200; i++) script += `\n${1 + i / 100} > P. ${1 + i} 1 1`;
    const one = only(`${script}\n9 < R 1`);
    expect(one.timeline).toHaveLength(22);
    expect(one.elidedAt).toBe(6);
    expect(one.elided).toBe(204 - 22);
    expect(one.timeline.map(({ number }) => number)).toEqual([
      1,
      2,
      3,
      4,
      5,
      6,
      ...Array.from({ length: 16 }, (_, i) => 189 + i),
    ]);
  });

  test('timeline_of a cleanly closed connection shrinks while it waits when there is little room, and says so', () => {
    let script = HANDSHAKE;
    for (let i = 0; i < 10; i++)
      script += `\n${1 + i / 100} > P. ${1 + i} 1 1\n${1.005 + i / 100} < . 1 ${2 + i}`;
    const { connections } = play(
      `${script}\n2 > F. 11 1\n2.1 < F. 1 12\n2.2 > . 12 2\n2.3 < R 2`,
      {},
      { keep: 'troubled', maxConnections: 2 },
    );
    const [one] = connections;
    expect(one).toMatchObject({ state: 'SF', elidedAt: 0 });
    expect(one!.timeline.length + one!.elided).toBe(27);
    expect(one!.timeline.at(-1)).toMatchObject({ flags: 4, number: 27 });
  });
});

describe('endings', () => {
  test('ending_FIN and RST with their numbers, first ones only', () => {
    const one = only(`${HANDSHAKE}\n1 > FP. 1 1 10\n1.5 > F. 11 1\n2 < R 1\n3 < R 1`);
    expect(one.originator.fin).toEqual({ number: 4, time: 1, seq: 12 });
    expect(one.responder).toMatchObject({ resets: 2, rst: { number: 6, time: 2, seq: 1 } });
  });

  test('ending_RST keeps its odd raw numbers and its text', () => {
    const one = only(`${HANDSHAKE}\n1 < R 0 0 rawseq=0 text=gone`);
    expect(one.timeline.at(-1)).toMatchObject({ rawSeq: 0, rawAck: 0, ack: 0 });
    expect(new TextDecoder().decode(one.resetPayload!)).toBe('gone');
    expect(only(`${HANDSHAKE}\n1 < R 1`).resetPayload).toBeNull();
  });

  test('ending_TTL of a RST does not count', () => {
    expect(
      only(`0 > S 0\n0.1 < S. 0 1 ttl=55\n0.2 < . 1 1 ttl=57\n1 < R 1 0 ttl=244`).responder,
    ).toMatchObject({
      ttlMin: 55,
      ttlMax: 57,
    });
  });
});

describe('hosts', () => {
  test('hosts_remember refusals, successes and round trips', () => {
    const { tracker } = play(`
      0 > S 0
      0.1 < R. 0 1
      10 > S 500
      10.040 < S. 300 501 ttl=61
      10.050 > . 501 301`);
    expect(tracker.hosts.responder('10.0.0.2', 9999)).toMatchObject({
      connections: 2,
      established: 1,
      refused: 1,
      resets: 1,
      firstRefused: 0.1,
      lastRefused: 0.1,
      lastEstablished: 10,
      ttlMin: 61,
    });
    expect(tracker.hosts.responder('10.0.0.2', 9999)!.minHandshakeRtt).toBeCloseTo(0.04, 6);
    expect(tracker.hosts.address('10.0.0.2')).toMatchObject({ ttlMin: 61, ttlMax: 61 });
    expect(tracker.hosts.address('10.9.9.9')).toBeNull();
    expect(tracker.hosts.responder('10.0.0.2', 1)).toBeNull();
  });
});
