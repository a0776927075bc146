import { expect, test } from 'vitest';
import { CaptureReader } from '../../packages/whyreset/src/wire/capture-reader.ts';
import { type TcpOptions, tcpOptions } from '../../packages/whyreset/src/wire/tcp-options.ts';
import { collect } from '../../packages/whyreset/src/wire/testing/collect.ts';
import { timelineToPcap } from './timeline.ts';

const LETTERS: [number, string][] = [
  [2, 'S'],
  [1, 'F'],
  [4, 'R'],
  [8, 'P'],
  [16, '.'],
];

/** One line a packet in the manner of tcpdump, absolute numbers turned relative by the first of each side. */
function dump(text: string): string[] {
  const { segments, info } = collect(timelineToPcap(text));
  expect(info.warnings).toEqual([]);
  const base = new Map<number, number>();
  const start = segments[0]!.time;
  return segments.map((s) => {
    if (!base.has(s.sourcePort) && s.flags & 2) base.set(s.sourcePort, s.seq);
    const seq = (s.seq - (base.get(s.sourcePort) ?? s.seq - 1)) >>> 0;
    const ack = s.flags & 16 ? ` ack ${(s.ack - (base.get(s.destinationPort) ?? s.ack - 1)) >>> 0}` : '';
    const flags = LETTERS.map(([bit, letter]) => (s.flags & bit ? letter : '')).join('');
    const stamp = s.tsVal < 0 ? '' : ' ts';
    return `${(s.time - start).toFixed(3)} ${s.sourcePort} ${flags} seq ${seq}${ack} win ${s.window} ttl ${s.ttl} id ${s.ipId} len ${s.payloadLength}${stamp}`;
  });
}

test('sequence numbers run on and acknowledge what the other side has sent', () => {
  const lines = dump(`
    server ip 10.0.0.2 port 80 ttl 57 id zero
    client id zero
    0.000 > S
    +0.020 < S.      # a comment
    +0.020 > .
    +0.021 > P. "ab\\r\\n\\x00\\"\\\\"
    +0.041 < P. len 100 id 9
    +0.042 < F.
    +0.043 > . win 0 ttl 3
  `);
  expect(lines).toEqual([
    '0.000 40000 S seq 0 win 64240 ttl 64 id 0 len 0 ts',
    '0.020 80 S. seq 0 ack 1 win 64240 ttl 57 id 0 len 0 ts',
    '0.020 40000 . seq 1 ack 1 win 501 ttl 64 id 0 len 0 ts',
    '0.021 40000 P. seq 1 ack 1 win 501 ttl 64 id 0 len 7 ts',
    '0.041 80 P. seq 1 ack 8 win 501 ttl 57 id 9 len 100 ts',
    '0.042 80 F. seq 101 ack 8 win 501 ttl 57 id 0 len 0 ts',
    '0.043 40000 . seq 8 ack 102 win 0 ttl 3 id 0 len 0 ts',
  ]);
});

test('a passive RST takes the ACK of what it answers, bare, without window, options and IP-ID', () => {
  const lines = dump(`
    +0 > S
    +0.02 < S.
    +0.02 > P. len 10
    +0.04 < R passive
  `);
  expect(lines.at(-1)).toBe('0.040 80 R seq 1 win 0 ttl 64 id 0 len 0');
});

test('an active RST goes on where its sender was, with timestamps, window and counting IP-ID', () => {
  const { segments } = collect(
    timelineToPcap('+0 > S\n+0.02 < S.\n+0.02 > P. len 10\n+0.03 < P. len 4\n+0.04 < R.'),
  );
  const [data, reset] = segments.slice(-2);
  expect(reset).toMatchObject({ seq: data!.seq + 4, ack: data!.ack, window: 501, ipId: data!.ipId + 1 });
  expect(reset!.tsVal).toBeGreaterThan(0);
});

test('a refusal has the absolute sequence number 0 and acknowledges the SYN', () => {
  const { segments } = collect(timelineToPcap('+0 > S\n+0.02 < R. refusal'));
  expect(segments[1]).toMatchObject({
    seq: 0,
    ack: segments[0]!.seq + 1,
    window: 0,
    headerLength: 20,
    ipId: 0,
  });
});

test('overrides: relative and absolute numbers, source address, no DF, no timestamps', () => {
  const { segments } = collect(
    timelineToPcap(
      '+0 > S\n+0.02 < S.\n+0.03 < R. seq 5 ack 7 nots nodf id 0x1234\n+0.04 < R rawseq 77 mac 02:00:00:00:00:99',
    ),
  );
  const [syn, synAck, first, second] = segments;
  expect(first).toMatchObject({
    seq: (synAck!.seq + 5) >>> 0,
    ack: (syn!.seq + 7) >>> 0,
    dontFragment: false,
    ipId: 0x1234,
    tsVal: -1,
  });
  expect(second).toMatchObject({ seq: 77, macLow: 0x99 });
});

test('options: timestamps of their own, one SACK block in the numbers of the other side, MP_TCPRST', () => {
  const segments: Pick<TcpOptions, 'sack' | 'tsVal' | 'tsEcr' | 'mptcpReset'>[] = [];
  const reader = new CaptureReader({ segment: (s) => segments.push(tcpOptions(s)) });
  reader.push(
    timelineToPcap('+0 > S\n+0.02 < S.\n+0.03 > . ts 7 echo 9 sack 100-200\n+0.04 < R. mptcprst 6'),
  );
  reader.end();
  const [, , ack, reset] = segments;
  expect(ack).toMatchObject({ tsVal: 7, tsEcr: 9 });
  const [[left, right] = []] = ack!.sack;
  expect((right! - left!) >>> 0).toBe(100);
  const { segments: seen } = collect(timelineToPcap('+0 > S\n+0.02 < S.'));
  expect((left! - seen[1]!.seq) >>> 0).toBe(100);
  expect(reset?.mptcpReset).toEqual({ reason: 6, transient: false });
});

test('ICMP errors quote the latest packet of whom they reach, or the one that is asked for', () => {
  const { quotes } = collect(
    timelineToPcap(`
      +0.00 > S
      +0.01 < icmp 3/13 from 10.0.9.9
      +0.02 < S.
      +0.03 > . len 10
      +0.04 > . len 10
      +0.05 < icmp 3/4 mtu 1400 quote 1
      +0.06 > icmp 3/1
    `),
  );
  const { segments } = collect(timelineToPcap('+0.00 > S\n+0.02 < S.'));
  const [isn, serverIsn] = segments.map(({ seq }) => seq);
  expect(quotes).toMatchObject([
    { number: 2, type: 3, code: 13, reporter: [0x0a000909, 0, 0, 0], sourcePort: 40_000, seq: isn },
    { number: 6, code: 4, mtu: 1400, reporter: [0x0a000002, 0, 0, 0], seq: isn! + 1 },
    { number: 7, code: 1, reporter: [0x0a000001, 0, 0, 0], sourcePort: 80, seq: serverIsn },
  ]);
});

test('ICMPv6 errors', () => {
  const { quotes, info } = collect(
    timelineToPcap('client ip fd00::1\nserver ip fd00::2\n+0 > S\n+0.1 < icmp 2/0 from fd00::9 mtu 1280'),
  );
  expect(quotes).toMatchObject([{ family: 6, type: 2, mtu: 1280, destinationPort: 80 }]);
  expect(info.warnings).toEqual([]);
});

test('several connections: order of time, fresh client ports, settings that stay', () => {
  const { segments } = collect(
    timelineToPcap('server port 81 ttl 50\n+5 > S\n---\n+1 > S\n+1.1 < S.\n---\nclient port 9\n+2 > S'),
  );
  expect(segments.map((s) => [s.sourcePort, s.destinationPort, s.ttl])).toEqual([
    [40001, 81, 64],
    [81, 40001, 50],
    [9, 81, 64],
    [40000, 81, 64],
  ]);
});

test('IPv6 addresses', () => {
  const { segments } = collect(timelineToPcap('client ip fd00::1\nserver ip fd00::2\n+0 > S'));
  expect(segments[0]).toMatchObject({ family: 6, ipId: -1 });
});

test.each([
  ['+0 > S\nsoon < S.', 'timeline line 2: "soon" is no time in seconds: soon < S.'],
  ['+0 - S', 'timeline line 1: "-" is no direction, expected > or <: +0 - S'],
  ['+0 > X', 'timeline line 1: "X" are no flags, expected letters of SFPR.: +0 > X'],
  ['+0 > P. "abc', 'timeline line 1: a quote is not closed: +0 > P. "abc'],
  ['+0 > P. "\\q"', 'timeline line 1: unknown escape \\q: +0 > P. "\\q"'],
  ['+0 > P. len', 'timeline line 1: len needs a number: +0 > P. len'],
  ['+0 > S odd', 'timeline line 1: unknown field "odd": +0 > S odd'],
  ['+1 > S\n+0 < S.', 'timeline line 2: time runs backwards: +0 < S.'],
  ['+0 > S\nserver port 80', 'timeline line 2: settings come before the packets: server port 80'],
  ['server colour red\n+0 > S', 'timeline line 1: unknown setting "colour red": server colour red'],
  ['+0 > S\n+1 < icmp', 'timeline line 2: icmp needs TYPE/CODE, for example 3/13: +1 < icmp'],
  ['+0 > S\n+1 < icmp 3/1 ttl 5', 'timeline line 2: unknown field "ttl": +1 < icmp 3/1 ttl 5'],
  ['+0 > S\n+1 > icmp 3/1', 'timeline line 2: there is no packet to quote: +1 > icmp 3/1'],
  ['+0 > . sack 5', 'timeline line 1: sack needs LEFT-RIGHT: +0 > . sack 5'],
  ['# nothing', 'timeline line 1: a connection without packets'],
  [
    '+0 < R passive',
    'timeline line 1: "passive" needs a packet with ACK from the other side first: +0 < R passive',
  ],
  ['+0 > S\n+0 < R. passive', 'timeline line 2: "passive" goes with flags R: +0 < R. passive'],
])('%j says where and why', (text, message) => {
  expect(() => timelineToPcap(text)).toThrow(new Error(message));
});

test('words stand for the packets that they name', () => {
  const long = `
    +0.000 > S
    +0.020 < S.
    +0.020 > .
    +0.021 > P. "GET"
    +0.050 < P. len 9
    ---
    +1.5 > S
    +1.501 < S.
    +1.501 > .
  `;
  const short = `
    handshake 20ms
    +0.021 request "GET"
    +0.050 response len 9
    ---
    +1.5 handshake 0.001s
  `;
  expect(timelineToPcap(short)).toEqual(timelineToPcap(long));
  expect(() => timelineToPcap('handshake soon')).toThrow('line 1: handshake needs a round trip');
});
