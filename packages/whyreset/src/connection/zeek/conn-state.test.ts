import { describe, expect, test } from 'vitest';
import {
  CLOSED,
  ESTABLISHED,
  INACTIVE,
  PARTIAL,
  RESET_STATE,
  SYN_ACK_SENT,
  SYN_SENT,
} from '../store/layout.ts';
import { HANDSHAKE, outcomes } from '../testing/play.ts';
import { connState } from './conn-state.ts';

describe('connState by endpoint states', () => {
  test.each([
    [SYN_SENT, INACTIVE, 'S', 0, 'S0'],
    [ESTABLISHED, ESTABLISHED, 'ShA', 0, 'S1'],
    [CLOSED, CLOSED, 'ShAFf', 0, 'SF'],
    [SYN_SENT, RESET_STATE, 'Sr', 0, 'REJ'],
    [SYN_ACK_SENT, RESET_STATE, 'Hr', 0, 'REJ'],
    [RESET_STATE, RESET_STATE, 'SrR', 0, 'REJ'],
    [RESET_STATE, RESET_STATE, 'ShADrR', 9, 'RSTR'],
    [CLOSED, ESTABLISHED, 'ShAF', 0, 'S2'],
    [ESTABLISHED, CLOSED, 'ShAf', 0, 'S3'],
    [RESET_STATE, ESTABLISHED, 'ShAR', 0, 'RSTO'],
    [ESTABLISHED, RESET_STATE, 'ShAr', 0, 'RSTR'],
    [RESET_STATE, INACTIVE, 'SR', 0, 'RSTOS0'],
    [RESET_STATE, INACTIVE, '^SR', 0, 'RSTOS0'],
    [RESET_STATE, INACTIVE, 'STR', 0, 'RSTOS0'],
    [RESET_STATE, INACTIVE, 'R', 0, 'OTH'],
    [RESET_STATE, PARTIAL, 'SAR', 0, 'OTH'],
    [INACTIVE, RESET_STATE, '^hr', 0, 'RSTRH'],
    [PARTIAL, RESET_STATE, 'Ar', 0, 'RSTRH'],
    [CLOSED, INACTIVE, 'SF', 0, 'SH'],
    [INACTIVE, CLOSED, '^hf', 0, 'SHR'],
    [PARTIAL, PARTIAL, 'Aa', 0, 'OTH'],
    [SYN_SENT, ESTABLISHED, '^hS', 0, 'OTH'],
  ] as const)('%i, %i, %s, %i bytes: %5$s', (orig, resp, history, bytes, expected) => {
    expect(connState(orig, resp, history, bytes)).toBe(expected);
  });
});

describe('the thirteen states from packets', () => {
  test.each([
    ['S0', '0 > S 0', 'S0 S'],
    ['S1', HANDSHAKE, 'S1 ShA'],
    ['SF', `${HANDSHAKE}\n1 > F. 1 1\n1.1 < F. 1 2\n1.2 > . 2 2`, 'SF ShAFf'],
    ['REJ', '0 > S 0\n0.1 < R. 0 1', 'REJ Sr'],
    ['S2', `${HANDSHAKE}\n1 > F. 1 1\n1.1 < . 1 2`, 'S2 ShAFa'],
    ['S3', `${HANDSHAKE}\n1 < F. 1 1\n1.1 > . 1 2`, 'S3 ShAf'],
    ['RSTO', `${HANDSHAKE}\n1 > R. 1 1`, 'RSTO ShAR'],
    ['RSTR', `${HANDSHAKE}\n1 < R. 1 1`, 'RSTR ShAr'],
    ['RSTOS0', '0 > S 0\n1 > R 1', 'RSTOS0 SR'],
    ['SH', '0 > S 0\n1 > F. 1 0', 'SH SF'],
    ['OTH', '0 > P. 1 1 10\n0.1 < . 1 11', 'OTH Da'],
  ])('%s', (_, script, expected) => {
    expect(outcomes(script)).toEqual([expected]);
  });

  test('RSTRH: SYN-ACK from a server port, then its RST, the originator silent', () => {
    expect(outcomes('0 < S. 0 1\n0.1 < R 1', { serverPort: 443 })).toEqual(['RSTRH ^hr']);
  });

  test('SHR: SYN-ACK from a server port, then its FIN, the originator silent', () => {
    expect(outcomes('0 < S. 0 1\n0.1 < F. 1 1', { serverPort: 443 })).toEqual(['SHR ^hf']);
  });
});
