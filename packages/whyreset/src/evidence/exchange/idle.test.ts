import { describe, expect, test } from 'vitest';
import { build, type ConnectionBuilder, near } from '../testing/connection.ts';
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
    expect(fact.wait).toBeCloseTo(0.1);
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

describe('silence is silence of packets', () => {
  const repeated = () =>
    served()
      .client(1, 'P.', { data: 100 })
      .client(1.5, 'P.', { data: 100, seq: 101 })
      .client(30, 'P.', { data: 100, seq: 101 });

  test('payload that is repeated and never acknowledged is no idleness', () => {
    expect(silenceOf(repeated().client(121, 'R.'))).toMatchObject({ idle: false });
  });

  test('once acknowledged, the silence begins behind the repetitions', () => {
    const fact = silenceOf(repeated().server(30.01, '.').server(60, 'F.'));
    expect(fact).toMatchObject({ idle: true, sinceFrom: 'originator', brokenBy: 'fin' });
    expect(fact.gap).toBeCloseTo(29.99, 1);
  });

  test('a program that still reads is not idle: its window opens', () => {
    const fact = silenceOf(served().client(7.2, '.', { window: 900 }).server(8.2, 'F.'));
    expect(fact.gap).toBeCloseTo(1);
    expect(fact.timer).toBeCloseTo(8);
  });

  test('a closed window that is probed holds payload back', () => {
    const stuck = served()
      .client(0.3, '.', { window: 0 })
      .server(2, '.', { seq: 200, probe: true })
      .client(2.02, '.', { window: 0 })
      .server(20, 'R.');
    expect(silenceOf(stuck)).toMatchObject({ silent: false, idle: false });
  });

  test('a delayed acknowledgement belongs to what it acknowledges', () => {
    expect(silenceOf(served().client(0.4, '.').server(5.2, 'F.')).gap).toBeCloseTo(5);
  });

  test('what was not kept of an upload is no silence', () => {
    const upload = build().handshake();
    for (let i = 0; i < 20; i++) upload.client(0.1 + i * 0.03, '.', { data: 1448 });
    for (let i = 0; i < 20; i++) upload.client(31 + i * 0.03, '.', { data: 1448 });
    upload.server(31.6, 'R.').with({ elided: 1000, elidedAt: 23 });
    const subject = upload.subject();
    // The packets that were not kept came every 30 ms, so no turn began behind them.
    subject.connection.originator.lastTurn = subject.connection.originator.firstTurn;
    expect(idle.of(subject)).toMatchObject({ known: true, silent: false });
  });

  test('a turn remembers the silence before it where the packets were not kept', () => {
    const asked = served().client(60.2, 'P.', { data: 50 }).server(60.3, 'R.');
    const fact = silenceOf(asked.with({ elided: 1000, elidedAt: 6 }));
    expect(fact).toMatchObject({ idle: true, brokenBy: 'originator', since: 5 });
    expect(fact.gap).toBeCloseTo(60);
  });
});

describe('below a second it takes other connections to call it a timer', () => {
  const short = () => served().server(0.5, 'F.');
  const shared = (sameSilence: number, silent: number) => {
    const fact = idle.of(short().subject({ neighbours: () => near({ sameSilence, silent }) }));
    return fact.known && fact.idle;
  };

  test('alone it is a pause', () => {
    expect(silenceOf(short())).toMatchObject({ silent: true, idle: false });
  });

  test('three connections, most of all that were silent', () => {
    expect(shared(3, 4)).toBe(true);
    expect(shared(2, 2)).toBe(false);
    expect(shared(3, 30)).toBe(false);
  });
});
