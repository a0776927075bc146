import { expect, it } from 'vitest';
import { CaptureReader } from '../wire/capture-reader.ts';
import { pcap, TEST_EPOCH } from '../wire/testing/captures.ts';
import { tcpPacket } from '../wire/testing/packets.ts';
import { TimeOrder } from './time-order.ts';

/** Payloads in the order in which they are handed on, of packets that come at these microseconds. */
function ordered(times: readonly number[]): string {
  let text = '';
  const order = new TimeOrder({
    segment: ({ bytes, payloadOffset, payloadCaptured }) => {
      text += new TextDecoder().decode(bytes.subarray(payloadOffset, payloadOffset + payloadCaptured));
    },
  });
  const reader = new CaptureReader(order);
  const packets = times.map((time, i) => ({
    bytes: tcpPacket({ from: '10.0.0.1:1', to: '10.0.0.2:2', payload: String.fromCharCode(97 + i) }),
    seconds: TEST_EPOCH + Math.floor(time / 1e6),
    nanoseconds: (time % 1e6) * 1000,
  }));
  const file = pcap(packets);
  // Overwritten after each push: what is held back must be a copy.
  for (let at = 0; at < file.length; at += 50) {
    const chunk = file.slice(at, at + 50);
    reader.push(chunk);
    chunk.fill(0);
  }
  reader.end();
  order.flush();
  return text;
}

it('packets of two queues are put in order of time, once it is known that there are two', () => {
  expect(ordered([10, 30, 20, 50, 40, 41, 5000, 4990])).toBe('abcefdhg');
});

it('what is in order is left alone', () => {
  expect(ordered([10, 20, 20, 30, 1_000_000])).toBe('abcde');
});

it('a clock that is set back is no disorder', () => {
  expect(ordered([5_000_000, 5_000_010, 1_000_000, 1_000_010])).toBe('abcd');
  expect(ordered([5_000_000, 4_999_990, 1_000_000, 1_000_010])).toBe('abcd');
});
