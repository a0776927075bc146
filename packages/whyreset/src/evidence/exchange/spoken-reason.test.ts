import { describe, expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import goodbye from './goodbye.ts';
import spokenReason from './spoken-reason.ts';

const KILLED = 'E\0\0\0\x60SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0';
const session = () =>
  build()
    .handshake()
    .client(0.1, 'P.', { data: 'Q\0\0\0\x0eselect 1;\0' })
    .server(0.2, 'P.', { data: 'T\0\0\0\x06\0\0' });

test('the words of the side that ended it, and how soon the end followed', () => {
  const killed = session().server(600, 'P.', { data: KILLED }).server(600.001, 'F.');
  const fact = spokenReason.of(killed.subject());
  expect(fact).toMatchObject({
    known: true,
    class: 'administrator',
    side: 'responder',
    byEnding: true,
    number: 6,
  });
  expect(fact.known && fact.says).toContain('SQLSTATE 57P01');
});

test('words long before the end are not its reason', () => {
  const later = session().server(1, 'P.', { data: '421 Timeout.\r\n' }).server(60, 'F.');
  expect(spokenReason.of(later.subject()).known).toBe(false);
});

test('a client that closes on the words of the server', () => {
  const answered = session()
    .server(1.3, 'P.', { data: 'HTTP/1.1 400 Bad Request\r\n\r\n' })
    .client(1.31, 'F.');
  expect(spokenReason.of(answered.subject())).toMatchObject({ class: 'protocol-error', byEnding: false });
});

test('the payload of the RST speaks first', () => {
  const text = 'BIG-IP: [0x1f1e9b5:1234] Flow expired (sweeper)';
  const resetPayload = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const builder = session().server(300, 'R.').with({ resetPayload });
  expect(spokenReason.of(builder.subject())).toMatchObject({ class: 'idle-timeout', quote: text });
});

test('MP_FASTCLOSE ends the whole connection on purpose', () => {
  const builder = session().client(3, 'R.').with({ mptcpFastClose: true });
  expect(spokenReason.of(builder.subject())).toMatchObject({ class: 'goodbye', quote: 'MP_FASTCLOSE' });
});

describe('a goodbye before the end', () => {
  const record = (type: number, length: number) =>
    String.fromCharCode(type, 3, 3, length >> 8, length & 255) + 'x'.repeat(length);
  const tls = () =>
    build()
      .handshake()
      .client(0.1, 'P.', { data: record(22, 200) })
      .server(0.2, 'P.', { data: record(22, 900) })
      .client(0.3, 'P.', { data: record(23, 300) })
      .server(0.4, 'P.', { data: record(23, 800) });

  test('of the one who closes, and of the one who is asked to', () => {
    const own = session().client(2, 'P.', { data: 'X\0\0\0\x04' }).client(2, 'F.').server(2.02, 'R.');
    expect(goodbye.of(own.subject())).toMatchObject({ known: true, side: 'originator', number: 6 });
    const asked = session().client(2, 'P.', { data: 'quit\r\n' }).server(2.02, 'F.').client(2.03, 'R.');
    expect(goodbye.of(asked.subject())).toMatchObject({ side: 'originator', protocol: 'SMTP, FTP or POP3' });
  });

  test('close_notify, by its size right before the end', () => {
    const polite = tls()
      .client(5, 'P.', { data: record(23, 19) })
      .client(5, 'F.')
      .server(5.02, 'R.');
    expect(goodbye.of(polite.subject())).toMatchObject({
      quote: 'close_notify',
      number: 8,
      side: 'originator',
    });
  });

  test('a larger record, or one long before, is none', () => {
    expect(
      goodbye.of(
        tls()
          .client(5, 'P.', { data: record(23, 60) })
          .client(5, 'F.')
          .subject(),
      ).known,
    ).toBe(false);
    expect(
      goodbye.of(
        tls()
          .client(5, 'P.', { data: record(23, 19) })
          .server(9, 'R.')
          .subject(),
      ).known,
    ).toBe(false);
  });

  test('an alert in the handshake refuses it', () => {
    const refused = build()
      .handshake()
      .client(0.1, 'P.', { data: record(22, 200) })
      .server(0.2, 'P.', { data: record(22, 900) })
      .client(0.3, 'P.', { data: record(23, 19) })
      .client(0.3, 'F.');
    expect(goodbye.of(refused.subject()).known).toBe(false);
  });
});
