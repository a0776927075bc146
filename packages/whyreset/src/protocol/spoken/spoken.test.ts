import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reasonInWebSocket, spokenReason } from './index.ts';
import { reasonInReset } from './reset-text.ts';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const field = (type: string, value: string) => `${type}${value}\0`;
const postgres = (code: string, message: string) => {
  const fields = `${field('S', 'FATAL')}${field('V', 'FATAL')}${field('C', code)}${field('M', message)}\0`;
  return `E\0\0\0${String.fromCharCode(fields.length + 4)}${fields}`;
};
const mysql = (code: number, state: string, message: string) => {
  const body = `\xff${String.fromCharCode(code & 255, code >> 8)}${state === '' ? '' : `#${state}`}${message}`;
  return `${String.fromCharCode(body.length)}\0\0\0${body}`;
};
const amqp = (code: number, words: string) => {
  const body = `\0\x0a\0\x32${String.fromCharCode(code >> 8, code & 255, words.length)}${words}\0\0\0\0`;
  return `\x01\0\0\0\0\0${String.fromCharCode(body.length)}${body}\xce`;
};
const bgp = (code: number, subcode: number) =>
  `${'\xff'.repeat(16)}\0\x15\x03${String.fromCharCode(code, subcode)}`;
const smb2 = (command: number) =>
  `\0\0\0\x44\xfeSMB${'\0'.repeat(8)}${String.fromCharCode(command, 0)}${'\0'.repeat(50)}`;

describe('what the last message gives as the reason', () => {
  test.each([
    ['administrator', postgres('57P01', 'terminating connection due to administrator command')],
    ['shutdown', postgres('57P02', 'terminating connection because of crash of another server process')],
    ['shutdown', postgres('57P03', 'the database system is shutting down')],
    ['idle-timeout', postgres('57P05', 'terminating connection due to idle-session timeout')],
    ['limit', postgres('53300', 'sorry, too many clients already')],
    ['limit', postgres('08P01', 'no more connections allowed (max_client_conn)')],
    ['protocol-error', postgres('08P01', 'invalid frontend message type')],
    ['limit', mysql(1040, '', 'Too many connections')],
    ['shutdown', mysql(1053, '08S01', 'Server shutdown in progress')],
    [
      'idle-timeout',
      mysql(4031, 'HY000', 'The client was disconnected by the server because of inactivity.'),
    ],
    ['administrator', mysql(1927, '70100', 'Connection was killed')],
    ['refused-policy', mysql(1130, '', "Host '10.0.0.1' is not allowed to connect")],
    ['request-timeout', 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n'],
    ['too-large', 'HTTP/1.1 413 Payload Too Large\r\n\r\n'],
    ['too-large', 'HTTP/1.1 431 Request Header Fields Too Large\r\n\r\n'],
    ['protocol-error', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['upstream', 'HTTP/1.1 502 Bad Gateway\r\n\r\n'],
    ['idle-timeout', '421 4.4.2 mx.example Error: timeout exceeded\r\n'],
    ['idle-timeout', '421 Timeout.\r\n'],
    ['limit', '421 4.7.0 mx.example Error: too many connections from 192.0.2.1\r\n'],
    ['limit', '421 There are too many connections from your internet address.\r\n'],
    ['shutdown', '421 4.3.2 Service shutting down\r\n'],
    ['limit', '-ERR max number of clients reached\r\n'],
    ['protocol-error', '-ERR Protocol error: invalid bulk length\r\n'],
    ['refused-policy', '-DENIED Redis is running in protected mode\r\n'],
    ['idle-timeout', '* BYE Disconnected for inactivity.\r\n'],
    ['limit', 'Exceeded MaxStartups\r\n'],
    ['limit', 'ERROR Too many open connections\r\n'],
    ['shutdown', amqp(320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'")],
    ['administrator', amqp(320, 'CONNECTION_FORCED - Closed via management plugin')],
    ['protocol-error', amqp(501, 'FRAME_ERROR')],
    ['idle-timeout', '\xe0\x02\x8d\0'],
    ['shutdown', '\xe0\x01\x8b'],
    ['idle-timeout', "<stream:error><connection-timeout xmlns='urn:x'/></stream:error></stream:stream>"],
    ['administrator', bgp(6, 2)],
    ['idle-timeout', bgp(4, 0)],
    ['limit', '\0\x5a\0\0\x04\0\0\0\x22\0\0\x4e(DESCRIPTION=(TMP=)(VSNNUM=1)(ERR=12519)(ERROR_STACK=))'],
  ])('%s', (kind, text) => {
    expect(spokenReason(bytes(text))).toMatchObject({ class: kind });
  });

  test('is quoted, and harmless to print', () => {
    expect(spokenReason(bytes('421 4.4.2 \x1b[2J timeout\r\n'))?.quote).toBe('421 4.4.2 \\x1b[2J timeout');
    expect(spokenReason(bytes(postgres('57P01', 'by command')))?.quote).toBe('SQLSTATE 57P01: by command');
  });
});

describe('a goodbye', () => {
  test.each([
    ['SMTP', 'QUIT\r\n'],
    ['memcached', 'quit\r\n'],
    ['Redis', '*1\r\n$4\r\nQUIT\r\n'],
    ['IMAP', 'a003 LOGOUT\r\n'],
    ['SMTP', '221 2.0.0 Bye\r\n'],
    ['PostgreSQL', 'X\0\0\0\x04'],
    ['MySQL', '\x01\0\0\0\x01'],
    ['MQTT', '\xe0\0'],
    ['LDAP', '\x30\x05\x02\x01\x03\x42\0'],
    ['AMQP', '\x01\0\0\0\0\0\x04\0\x0a\0\x33\xce'],
    ['SMB', smb2(2)],
    ['XMPP', '</stream:stream>'],
  ])('of %s', (_, text) => {
    expect(spokenReason(bytes(text))).toMatchObject({ class: 'goodbye' });
  });

  test('of WebSocket, masked or not; other codes are no goodbye', () => {
    expect(reasonInWebSocket(bytes('\x88\x02\x03\xe8'))).toMatchObject({
      class: 'goodbye',
      quote: 'close 1000',
    });
    expect(reasonInWebSocket(bytes('\x81\x02hi\x88\x82\x01\x02\x03\x04\x02\xea'))).toMatchObject({
      class: 'goodbye',
    });
    expect(reasonInWebSocket(bytes('\x88\x0c\x03\xe9restarting'))).toMatchObject({
      class: 'shutdown',
      quote: 'close 1001 restarting',
    });
    expect(reasonInWebSocket(bytes('\x81\x02hi'))).toBeNull();
  });
});

describe('what gives no reason', () => {
  test.each([
    'HTTP/1.1 200 OK\r\n\r\n',
    'GET /quit HTTP/1.1\r\n\r\n',
    '250 2.1.5 Ok\r\n',
    '-ERR unknown command\r\n',
    '+OK\r\n',
    'SSH-2.0-OpenSSH_9.6\r\n',
    'X\0\0\0\x05a',
    smb2(8),
    postgres('42P01', 'relation does not exist'),
    mysql(1146, '42S02', 'no such table'),
    '\x16\x03\x03\0\x05hello',
  ])('%j', (text) => {
    expect(spokenReason(bytes(text))).toBeNull();
  });

  test('no bytes make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 192 }), (head) => {
        spokenReason(head);
        reasonInWebSocket(head);
      }),
    );
  });
});

test('what boxes write into the payload of a RST', () => {
  const text = (words: string) => reasonInReset({ kind: 'text', text: words })?.class;
  expect(text('BIG-IP: [0x1f1e9b5:1234] Flow expired (sweeper)')).toBe('idle-timeout');
  expect(text('BIG-IP: [0x2409a71:952] No local listener')).toBe('refused-policy');
  expect(text('BIG-IP: [0x2409a71:952] Unable to obtain local port')).toBe('limit');
  expect(text('hello')).toBeUndefined();
  expect(reasonInReset({ kind: 'opaque', length: 9 })).toBeNull();
  expect(
    reasonInReset({ kind: 'diagnostic', code: 10, meaning: 'a resource limit was exceeded', enterprise: 0 }),
  ).toMatchObject({ class: 'limit' });
});
