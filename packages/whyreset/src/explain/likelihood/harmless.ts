import { type Likelihoods, neverConnected } from './define.ts';

/** Endings that cost nothing. */
export const harmless: Likelihoods = {
  'client-reset-after-response': {
    why: 'the client had what it wanted and left',
    by: 'client',
    ends: { rst: 0.7, closed: 0.7, fin: 0.5, local: 0.5 },
    stages: { answering: 0.5, idle: 0.5, waiting: -0.5 },
    reporters: { server: 0.7, proxy: 0.5, box: 1 },
    marks: { browser: 2, cancelled: 1, 'no-data': -1, 'health-check': 0.5 },
  },
  'late-packet-after-close': {
    why: 'a late packet of a connection that both sides had ended was reset',
    ends: { rst: -1 },
    stages: { idle: 0 },
    reporters: { box: 1 },
  },
  'health-check-reset': {
    why: 'a health check, scanner or spare connection: connected, and left without a byte',
    by: 'client',
    ends: { fin: 0.5, rst: 0, closed: 0, silence: -3, message: -1 },
    stages: { greeting: 2, tls: 0.5, waiting: -1.5 },
    reporters: { server: 1, proxy: 1, box: 0.5 },
    marks: { 'no-data': 5, 'health-check': 3.5, scanner: 3, balancer: 1, browser: 1.5 },
    impossible: neverConnected,
  },
  'server-reset-after-response': {
    why: 'the server reset the connection after the exchange was over',
    by: 'server',
    ends: { rst: -0.5 },
    stages: { idle: 0 },
    impossible: neverConnected,
  },
  'next-address-accepted': {
    why: 'one address of a name refused, and the client reached the next one',
    ends: { refused: -2, silence: -2.5, unreachable: -2 },
    stages: { connecting: 0.5 },
    marks: { localhost: 0.5 },
  },
  'blind-reset-ignored': {
    why: 'a forged or stray reset that its receiver did not obey',
    ends: { rst: -2 },
    stages: {},
  },
};
