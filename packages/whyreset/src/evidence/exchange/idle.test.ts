import { describe, expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import idle from './idle.ts';

function silenceOf(builder: ConnectionBuilder) {
  const fact = idle.of(builder.subject());
  if (!fact.known) throw new Error(fact.why);
  return fact;
}

const record = (type: number, length: number) =>
  `${String.fromCharCode(type, 3, 3, 0, length)}${'x'.repeat(length)}`;
const served = (request: string | number = 100, response: string | number = 200) =>
  build()
    .handshake()
    .client(0.1, 'P.', { data: request })
    .server(0.2, 'P.', { data: response })
    .client(0.2, '.');

describe('what broke the silence', () => {
  test('the FIN itself', () => {
    const fact = silenceOf(served().server(5.2, 'F.'));
    expect(fact).toMatchObject({ brokenBy: 'fin', since: 5, until: 7, sinceFrom: 'responder', idle: true });
    expect(fact.gap).toBeCloseTo(5);
  });

  test('a request that got no answer; the timer still runs to the end', () => {
    const fact = silenceOf(served().client(5.1, 'P.', { data: 100 }).server(5.2, 'F.', { ack: 101 }));
    expect(fact).toMatchObject({ brokenBy: 'originator', until: 7, ended: 8 });
    expect(fact.gap).toBeCloseTo(4.9);
    expect(fact.timer).toBeCloseTo(5);
  });

  test('a request that was repeated into silence counts from its first copy', () => {
    const repeated = served()
      .client(50.2, 'P.', { data: 100 })
      .client(50.5, 'P.', { data: 100, seq: 101 })
      .client(51.1, 'P.', { data: 100, seq: 101 });
    expect(silenceOf(repeated)).toMatchObject({ brokenBy: 'originator', until: 7, idle: true });
    expect(silenceOf(repeated).gap).toBeCloseTo(50);
  });

  test('a message of the server that says goodbye', () => {
    const fact = silenceOf(served().server(30.2, 'P.', { data: 80 }).server(30.2, 'F.'));
    expect(fact).toMatchObject({ brokenBy: 'responder', until: 7, parting: true, idle: true });
  });

  test('a close_notify of TLS belongs to its FIN', () => {
    const fact = silenceOf(
      served(record(22, 90), record(22, 90))
        .server(30.2, 'P.', { data: record(23, 19) })
        .server(30.2, 'F.'),
    );
    expect(fact).toMatchObject({ brokenBy: 'fin', until: 8, parting: false });
    expect(fact.gap).toBeCloseTo(30);
  });
});

describe('what is no idleness', () => {
  test('a slow answer, and the FIN right behind it', () => {
    const fact = silenceOf(
      build().handshake().client(0.1, 'P.', { data: 9 }).server(5, 'P.', { data: 9 }).server(5, 'F.'),
    );
    expect(fact).toMatchObject({ brokenBy: 'fin', idle: false, parting: false });
  });

  test('a pause of a server that pushes now and then', () => {
    const fact = silenceOf(
      served().server(15, 'P.', { data: 20 }).server(30, 'P.', { data: 20 }).server(30.1, 'F.'),
    );
    expect(fact.parting).toBe(false);
  });

  test('less than a few round trips', () => {
    const far = build()
      .handshake(0.3)
      .client(0.3, 'P.', { data: 9 })
      .server(0.6, 'P.', { data: 9 })
      .server(1.2, 'F.');
    expect(silenceOf(far).idle).toBe(false);
  });
});

test('keep-alive probes do not break a silence', () => {
  const probed = served()
    .client(20, '.', { data: 1, seq: 100, probe: true })
    .server(20.02, '.')
    .server(40.2, 'R.');
  expect(silenceOf(probed).gap).toBeCloseTo(40);
});

test('without payload there is nothing to be silent after', () => {
  expect(idle.of(build().handshake().server(5, 'F.').subject())).toMatchObject({ known: false });
});
