import { describe, expect, it } from 'vitest';
import { diagnose } from '../../index.ts';
import { pcap, TEST_EPOCH } from '../../wire/testing/captures.ts';
import { ethernetFrame, type TcpFields, tcpIpPacket, tcpOption } from '../../wire/testing/packets.ts';

const client = { from: '10.0.0.1:40000', to: '10.0.1.2:8080' };
const server = { from: '10.0.1.2:8080', to: '10.0.0.1:40000' };
const stamp = (value: number) => tcpOption.timestamps(value, 1);

/** How a router shows a packet: as it comes, as it goes on, or both. */
type Shown = 'both' | 'comes' | 'goes';
type Step = [at: number, TcpFields, Shown?];

const TALK: Step[] = [
  [0, { ...client, flags: 'S', seq: 1000, options: [...tcpOption.mss(1460), ...stamp(1)] }],
  [0.001, { ...server, flags: 'S.', seq: 5000, ack: 1001, options: [...tcpOption.mss(1460), ...stamp(1)] }],
  [0.002, { ...client, flags: '.', seq: 1001, ack: 5001, ipId: 1, options: stamp(2) }],
  [
    0.003,
    {
      ...client,
      flags: 'P.',
      seq: 1001,
      ack: 5001,
      payload: 'GET / HTTP/1.1\r\n\r\n',
      ipId: 2,
      options: stamp(2),
    },
  ],
  [0.004, { ...server, flags: '.', seq: 5001, ack: 1019, ipId: 1, options: stamp(2) }],
  [
    0.005,
    {
      ...server,
      flags: 'P.',
      seq: 5001,
      ack: 1019,
      payload: 'HTTP/1.1 204 x\r\n\r\n',
      ipId: 2,
      options: stamp(3),
    },
  ],
  [0.006, { ...client, flags: '.', seq: 1019, ack: 5019, ipId: 3, options: stamp(3) }],
];
const REQUEST: TcpFields = {
  ...client,
  flags: 'P.',
  seq: 1019,
  ack: 5019,
  payload: 'GET / HTTP/1.1\r\n\r\n',
  ipId: 4,
  options: stamp(9000),
};
const RESET: TcpFields = { ...server, flags: 'R', seq: 5019 };

function makerOf(steps: readonly Step[]): string {
  const packets = steps.flatMap(([at, fields, shown = 'both']) =>
    ['comes', 'goes']
      .filter((way) => shown === 'both' || shown === way)
      .map((way, i) => {
        const time = Math.round((at + i * 4e-6) * 1e9);
        const gone = way === 'goes' && shown === 'both';
        return {
          bytes: ethernetFrame(tcpIpPacket({ ...fields, ttl: gone ? 63 : 64 })),
          seconds: TEST_EPOCH + Math.floor(time / 1e9),
          nanoseconds: time % 1e9,
        };
      }),
  );
  return diagnose(pcap(packets, { nano: true })).resets[0]!.verdict.sender;
}

describe('a RST in a capture of both sides of a router', () => {
  it('is the router’s when it only goes, and what it answers only came', () => {
    expect(makerOf([...TALK, [9, REQUEST, 'comes'], [9.00005, RESET, 'goes']])).toBe('middlebox');
  });

  it('is the server’s when it was forwarded', () => {
    expect(makerOf([...TALK, [9, REQUEST], [9.001, RESET]])).toBe('responder');
  });

  it('is not proven to be the router’s when the capture may have dropped its other copy', () => {
    expect(makerOf([...TALK, [9, REQUEST], [9.001, RESET, 'goes']])).not.toBe('middlebox');
  });

  it('is not proven to be the router’s when others were captured once as well', () => {
    const lossy = TALK.map(([at, fields], i): Step => [at, fields, i === 5 ? 'comes' : 'both']);
    expect(makerOf([...lossy, [9, REQUEST, 'comes'], [9.00005, RESET, 'goes']])).not.toBe('middlebox');
  });
});
