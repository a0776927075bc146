import { describe, expect, test } from 'vitest';
import { HANDSHAKE, outcomes, play } from '../testing/play.ts';

const history = (script: string, cast = {}) => play(script, cast).summaries.map((one) => one.history);
const times = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

describe('letters that stand once', () => {
  test('history_data and ack both ways', () => {
    const script = `${HANDSHAKE}
      1.0 > P. 1 1 10
      1.1 < . 1 11
      1.2 < P. 1 11 20
      1.3 > . 11 21
      1.4 > P. 11 21 10
      1.5 < . 21 21`;
    expect(history(script)).toEqual(['ShADad']);
  });

  test('history_fin-rst is i, syn-rst and syn-fin are q', () => {
    expect(history('0 > S 0\n0.1 < FR 0')).toEqual(['Si']);
    expect(history('0 > SF 0')).toEqual(['Q']);
    expect(history('0 > SR 0\n0.1 > SR 0')).toEqual(['Q', 'Q']);
    expect(history(`${HANDSHAKE}\n1 > FR. 1 1\n1.1 > FR. 1 1`)).toEqual(['ShAI']);
  });
});

describe('letters that stand again when the number differs', () => {
  test('history_fin repeated with the same number once', () => {
    expect(history(`${HANDSHAKE}\n1 > F. 1 1\n1.2 > F. 1 1\n1.4 > F. 1 1`)).toEqual(['ShAF']);
  });

  test('history_fin further on again', () => {
    expect(history(`${HANDSHAKE}\n1 > F. 1 1\n1.2 > F. 11 1`)).toEqual(['ShAFF']);
  });

  test('history_fin number includes its data', () => {
    expect(history(`${HANDSHAKE}\n1 > FP. 1 1 10\n1.2 > F. 11 1`)).toEqual(['ShAF']);
  });

  test('history_rst again only with another number', () => {
    expect(history(`${HANDSHAKE}\n1 < R 1\n1.1 < R 1\n1.2 < R 7\n1.3 < R 7`)).toEqual(['ShArr']);
  });

  test('history_syn-ack of another number starts the numbering anew and is not told', () => {
    expect(history('0 > S 0\n0.1 < S. 0 1\n0.2 < S. 0 1\n0.3 < S. 70 1')).toEqual(['Sh']);
  });

  test('history_syn-ack of another number after a close again', () => {
    expect(history('0 > S 0\n0.1 < S. 0 1\n0.2 < F. 1 1\n0.3 < S. 70 1')).toEqual(['Shfh']);
  });

  test('history_syn repeated stands once', () => {
    expect(history('0 > S 0\n1 > S 0\n3 > S 0')).toEqual(['S']);
  });
});

describe('letters counted in powers of ten', () => {
  const data = `${HANDSHAKE}\n1 > P. 1 1 10\n`;

  test.each([
    [1, 'ShADT'],
    [9, 'ShADT'],
    [10, 'ShADTT'],
    [99, 'ShADTT'],
    [100, 'ShADTTT'],
  ])('history_%i retransmissions', (count, expected) => {
    expect(history(data + times(count, (i) => `${2 + i / 1000} > P. 1 1 10`))).toEqual([expected]);
  });

  test.each([
    [1, 'ShAw'],
    [10, 'ShAwaw'],
  ])('history_%i zero windows', (count) => {
    const [text] = history(HANDSHAKE + times(count, (i) => `${2 + i / 1000} < . 1 1 win=0`));
    expect([...text!].filter((letter) => letter === 'w')).toHaveLength(count === 1 ? 1 : 2);
  });

  test('history_zero window stands after the letter of its packet', () => {
    expect(history(`${HANDSHAKE}\n1 < . 1 1 win=0`)).toEqual(['ShAaw']);
  });

  test('history_zero window in or after a RST, or after the FIN of the peer, is nothing', () => {
    expect(history(`${HANDSHAKE}\n1 < R. 1 1 win=0`)).toEqual(['ShAr']);
    expect(history(`${HANDSHAKE}\n1 > F. 1 1\n1.1 < . 1 2 win=0`)).toEqual(['ShAFa']);
    expect(history(`${HANDSHAKE}\n1 < R. 1 1\n1.1 < . 1 1 win=0`)).toEqual(['ShAra']);
  });

  test('history_out of order counts as retransmitted', () => {
    expect(history(`${HANDSHAKE}\n1 > P. 11 1 10\n1.1 > P. 1 1 10`)).toEqual(['ShADT']);
  });

  test('history_keep-alive with a byte counts as retransmitted, without one not', () => {
    expect(history(`${HANDSHAKE}\n1 > P. 1 1 10\n1.1 < . 1 11\n9 > . 10 1\n9.1 < . 1 11`)).toEqual(['ShADa']);
    expect(history(`${HANDSHAKE}\n1 > P. 1 1 10\n1.1 < . 1 11\n9 > . 10 1 1\n9.1 < . 1 11`)).toEqual([
      'ShADaT',
    ]);
  });
});

describe('content gaps', () => {
  test('gap_acknowledged data that was never seen', () => {
    expect(history(`${HANDSHAKE}\n1 < . 1 501`)).toEqual(['ShAaG']);
  });

  test('gap_before the data that was seen', () => {
    expect(history(`${HANDSHAKE}\n1 > P. 101 1 100\n1.1 < . 1 201`)).toEqual(['ShADaG']);
  });

  test('gap_filled in time is none', () => {
    expect(history(`${HANDSHAKE}\n1 > P. 101 1 100\n1.05 > P. 1 1 100\n1.1 < . 1 201`)).toEqual(['ShADTa']);
  });

  test('gap_ten of them', () => {
    const script = HANDSHAKE + times(10, (i) => `${1 + i / 100} < . 1 ${101 + i * 100}`);
    expect(history(script)).toEqual(['ShAaGG']);
  });

  test('gap_of the FIN alone is none', () => {
    expect(history(`${HANDSHAKE}\n1 > F. 1 1\n1.1 < . 1 2`)).toEqual(['ShAFa']);
  });

  test('gap_seen first by a RST is not told', () => {
    expect(history(`${HANDSHAKE}\n1 < R. 1 501`)).toEqual(['ShAr']);
  });

  test('gap_seen first by a FIN is told, because both ends are still clean', () => {
    expect(history(`${HANDSHAKE}\n1 < F. 1 501`)).toEqual(['ShAfG']);
  });

  test('gap_in a connection joined in the middle is not told', () => {
    expect(history('0 > P. 1 1 10\n0.1 < . 1 11\n1 < . 1 501')).toEqual(['Da']);
  });

  test('gap_payload cut by the snap length counts as missing', () => {
    expect(history(`${HANDSHAKE}\n1 > P. 1 1 100 cap=30\n1.1 < . 1 101`)).toEqual(['ShADaG']);
  });
});

describe('direction', () => {
  test('flip_SYN-ACK first, from a server port', () => {
    expect(outcomes('0 < S. 0 1\n0.1 > . 1 1\n0.2 > P. 1 1 5', { serverPort: 443 })).toEqual(['S1 ^hAD']);
  });

  test('flip_SYN-ACK first, no known port, then the SYN with the right number', () => {
    expect(outcomes('0 < S. 0 1\n0.001 > S 0\n0.1 > . 1 1')).toEqual(['S1 Hs^A']);
  });

  test('flip_mid-stream from a server port', () => {
    const { summaries } = play('0 < P. 1 1 10\n0.1 > . 1 11', { serverPort: 8080 });
    expect(summaries[0]).toMatchObject({ history: '^dA', originator: '10.0.0.1:40000', state: 'OTH' });
  });

  test('flip_both ports known: the lower one is the server, unless it is a SYN-ACK', () => {
    expect(history('0 < P. 1 1 10', { serverPort: 80, clientPort: 8080 })).toEqual(['^d']);
    expect(history('0 < P. 1 1 10', { serverPort: 8080, clientPort: 80 })).toEqual(['D']);
    expect(history('0 < S. 0 1', { serverPort: 80, clientPort: 8080 })).toEqual(['H']);
  });

  test('flip_never for a SYN', () => {
    expect(history('0 < S 0', { serverPort: 443 })).toEqual(['S']);
  });
});

test('history_longer than its inline words stays whole', () => {
  const script = HANDSHAKE + times(40, (i) => `${1 + i / 100} < R ${i * 3}`);
  expect(history(script)).toEqual([`ShA${'r'.repeat(40)}`]);
});
