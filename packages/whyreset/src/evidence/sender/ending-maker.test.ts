import { describe, expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import endingMaker from './ending-maker.ts';

/** ClientHello, and a handshake_failure alert in clear (RFC 8446 §6). */
const HELLO = `\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03${'a'.repeat(40)}`;
const ALERT = '\x15\x03\x03\x00\x02\x02\x28';

const opened = () => build().handshake(0.05).client(0.051, 'P.', { data: HELLO });

function made(builder: ConnectionBuilder) {
  const fact = endingMaker.of(builder.subject());
  if (!fact.known) throw new Error(fact.why);
  return fact;
}

describe('the maker of an alert or a FIN', () => {
  test('is another one when it comes too soon and from another distance', () => {
    const fact = made(opened().server(0.056, 'P.', { data: ALERT, ttl: 62, ipId: 1, plain: true }));
    expect(fact).toMatchObject({ kind: 'alert', madeOutsideStack: 'likely' });
    expect(fact.against.map(({ fact: name }) => name)).toEqual(['ttl', 'ackTiming']);
  });

  test('is another one for a FIN as well', () => {
    const fact = made(opened().server(0.056, 'F.', { ttl: 62, ipId: 1, plain: true }));
    expect(fact).toMatchObject({ kind: 'fin', madeOutsideStack: 'likely' });
  });

  test('is the host when it is due and as far', () => {
    expect(made(opened().server(0.102, 'P.', { data: ALERT })).madeOutsideStack).toBe('unlikely');
    expect(made(opened().server(0.102, 'F.')).madeOutsideStack).toBe('unlikely');
  });

  test('is not told by one sign: a SYN proxy stands nearer than its server', () => {
    const fact = made(opened().server(0.102, 'F.', { ttl: 50, ipId: 1, plain: true }));
    expect(fact.madeOutsideStack).toBe('unclear');
  });

  test('is the host when its clock runs on, whichever way it came', () => {
    expect(made(opened().server(0.07, 'F.', { ttl: 62 })).madeOutsideStack).toBe('unlikely');
  });
});

test('a connection that no FIN and no alert ended has none', () => {
  expect(endingMaker.of(opened().subject()).known).toBe(false);
});
