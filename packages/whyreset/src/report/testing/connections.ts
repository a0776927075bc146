import type { ConnectionSummary } from '../connections.ts';

const one: ConnectionSummary = {
  ts: 1709294401.123456,
  originator: '10.0.0.5:41822',
  responder: '10.0.0.7:8080',
  state: 'SF',
  history: 'ShADadFf',
  originatorPackets: 5,
  responderPackets: 4,
  originatorBytes: 200,
  responderBytes: 1448,
  resets: 0,
};
const v6 = {
  ...one,
  originator: '[2001:db8:85a3:1234:5678:8a2e:370:7334]:51044',
  responder: '[2001:db8:85a3:abcd:ef01:2345:6789:abcd]:8443',
};
const reset = { ...one, ts: one.ts + 61, state: 'RSTOS0', history: 'ShADadtTcCgGwWFfrR', resets: 3 };

/** One of each kind: plain, reset, IPv6, and without a history but with many bytes. */
export const connections = [one, reset, v6, { ...one, history: '', responderBytes: 4.2e9 }] as const;
