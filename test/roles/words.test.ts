import { describe, expect, it } from 'vitest';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import { senderRoleOf } from '../../packages/whyreset/src/protocol/sender-role/index.ts';
import { Random } from '../helpers/random.ts';
import { timelineToPcap } from '../helpers/timeline.ts';

/**
 * What each side of a protocol sends in the middle of a connection. Ports and
 * addresses show nothing here: 20111 and 17171 are in no list and no ephemeral
 * range, and the server is seen first, where Zeek would take it for the client.
 */
const PROTOCOLS: readonly [name: string, server: string | null, client: string | null][] = [
  [
    'HTTP/1.1',
    'HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n',
    'POST /x HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n',
  ],
  ['a proxy', null, 'CONNECT example.com:443 HTTP/1.1\\r\\n\\r\\n'],
  [
    'HTTP/2 responses',
    '\\x00\\x00\\x04\\x08\\0\\0\\0\\0\\0\\0\\0\\x40\\0\\x00\\x00\\x01\\x01\\x04\\0\\0\\0\\x03\\x88',
    null,
  ],
  ['gRPC requests', null, '\\x00\\x00\\x02\\x01\\x04\\0\\0\\0\\x05\\x83\\x86'],
  ['TLS ClientHello', null, '\\x16\\x03\\x01\\x00\\x10\\x01\\x00\\x00\\x0c\\x03\\x03abcdefghij'],
  ['TLS ServerHello', '\\x16\\x03\\x03\\x00\\x10\\x02\\x00\\x00\\x0c\\x03\\x03abcdefghij', null],
  ['SMTP', '220 mx.example.com ESMTP\\r\\n', 'EHLO me.example.com\\r\\n'],
  ['SMTP, later', '354 go ahead\\r\\n', 'RCPT TO:<a@example.com>\\r\\n'],
  ['FTP', '230 logged in\\r\\n', 'RETR file.bin\\r\\n'],
  ['POP3', '+OK 3 messages\\r\\n', 'UIDL\\r\\n'],
  ['IMAP', '* OK [CAPABILITY IMAP4rev1] ready\\r\\n', 'a7 FETCH 1 (FLAGS)\\r\\n'],
  ['IMAP, tagged', 'A0012 OK FETCH completed\\r\\n', null],
  ['PostgreSQL startup', null, '\\0\\0\\0\\x09\\0\\x03\\0\\0\\0'],
  ['PostgreSQL authentication', 'R\\0\\0\\0\\x08\\0\\0\\0\\0Z\\0\\0\\0\\x05I', 'Q\\0\\0\\0\\x0dselect 1\\0'],
  ['PostgreSQL, extended', '1\\0\\0\\0\\x042\\0\\0\\0\\x04', 'P\\0\\0\\0\\x08\\0s1\\0'],
  ['MySQL greeting', '\\x0a\\0\\0\\0\\x0a8.0.36\\0a\\0', null],
  ['MySQL', '\\x07\\0\\0\\x01\\0\\0\\0\\x02\\0\\0\\0', '\\x09\\0\\0\\0\\x03select 1'],
  ['Redis', '$5\\r\\nhello\\r\\n', '*2\\r\\n$3\\r\\nGET\\r\\n$1\\r\\na\\r\\n'],
  ['Redis, numbers', ':1\\r\\n', null],
  ['Redis, error', '-ERR unknown command\\r\\n', null],
  ['memcached', 'VALUE k 0 2\\r\\nok\\r\\nEND\\r\\n', 'get k\\r\\n'],
  ['memcached, writes', 'STORED\\r\\n', 'set k 0 60 2\\r\\nok\\r\\n'],
  [
    'MongoDB',
    '\\x1a\\0\\0\\0\\x02\\0\\0\\0\\x01\\0\\0\\0\\xdd\\x07\\0\\0\\0\\0\\0\\0\\0\\x05\\0\\0\\0\\0',
    '\\x1a\\0\\0\\0\\x01\\0\\0\\0\\0\\0\\0\\0\\xdd\\x07\\0\\0\\0\\0\\0\\0\\0\\x05\\0\\0\\0\\0',
  ],
  [
    'Cassandra',
    '\\x84\\0\\0\\x01\\x08\\0\\0\\0\\x04\\0\\0\\0\\x01',
    '\\x04\\0\\0\\x01\\x07\\0\\0\\0\\x04abcd',
  ],
  ['AMQP', null, 'AMQP\\0\\0\\x09\\x01'],
  [
    'AMQP methods',
    '\\x01\\0\\x01\\0\\0\\0\\x04\\0\\x3c\\0\\x3c\\xce',
    '\\x01\\0\\x01\\0\\0\\0\\x04\\0\\x3c\\0\\x28\\xce',
  ],
  ['Kafka', null, '\\0\\0\\0\\x12\\0\\x01\\0\\x0b\\0\\0\\0\\x07\\0\\x08consumer'],
  ['MQTT', '\\x20\\x02\\0\\0', '\\xc0\\0'],
  ['NATS', 'MSG orders 1 2\\r\\nhi\\r\\n', 'PUB orders 2\\r\\nhi\\r\\n'],
  ['STOMP', 'MESSAGE\\nid:1\\n\\nx\\0', 'SEND\\ndestination:/q\\n\\nx\\0'],
  [
    'DNS over TCP',
    '\\0\\x1d\\x12\\x34\\x81\\x80\\0\\x01\\0\\0\\0\\0\\0\\0\\x07example\\x03com\\0\\0\\x01\\0\\x01',
    '\\0\\x1d\\x12\\x34\\x01\\0\\0\\x01\\0\\0\\0\\0\\0\\0\\x07example\\x03com\\0\\0\\x01\\0\\x01',
  ],
  [
    'LDAP',
    '0\\x0c\\x02\\x01\\x01\\x61\\x07\\x0a\\x01\\0\\x04\\0\\x04\\0',
    '0\\x0c\\x02\\x01\\x01\\x60\\x07\\x02\\x01\\x03\\x04\\0\\x80\\0',
  ],
  ['TDS', '\\x04\\x01\\0\\x0c\\0\\x35\\x01\\0abcd', '\\x01\\x01\\0\\x0c\\0\\0\\x01\\0abcd'],
  ['WebSocket', '\\x81\\x02hi', '\\x81\\x82abcd\\x09\\x0b'],
  ['syslog', null, '<34>1 2024-01-01T00:00:00Z host app - - - hi\\n'],
];

/** The server answers something that was before the capture, the client asks again, the server's host aborts. */
function timeline(server: string | null, client: string | null): string {
  const say = (text: string | null) => (text === null ? 'len 7' : `"${text}"`);
  return `
    client ip 10.0.0.1 port 20111
    server ip 10.0.0.2 port 17171
    +0.000 < P. ${say(server)}
    +0.001 > .
    +0.100 > P. ${say(client)}
    +0.120 < .
    +0.300 < R.
  `;
}

function rolesIn(text: string) {
  const [entry, more] = diagnose(timelineToPcap(text)).resets;
  expect(more).toBeUndefined();
  const { originator, roles } = entry!.connection;
  return { originator, ...roles };
}

describe('words of a side in a connection without a handshake and with ports that say nothing', () => {
  it.each(PROTOCOLS.filter(([, server]) => server !== null))('%s: the server’s alone', (_name, server) => {
    expect(rolesIn(timeline(server, null))).toMatchObject({ originator: '10.0.0.1:20111', basis: 'words' });
  });

  it.each(PROTOCOLS.filter(([, , client]) => client !== null))(
    '%s: the client’s alone',
    (_name, _server, client) => {
      expect(rolesIn(timeline(null, client))).toMatchObject({ originator: '10.0.0.1:20111', basis: 'words' });
    },
  );

  it('banners that both sides send show nothing', () => {
    const roles = rolesIn(timeline('SSH-2.0-OpenSSH_9.6\\r\\n', 'SSH-2.0-Go\\r\\n'));
    expect(roles).toMatchObject({ basis: 'none', certainty: 'unknown' });
  });

  it('words that contradict each other show nothing', () => {
    const roles = rolesIn(timeline('GET / HTTP/1.1\\r\\n\\r\\n', 'GET / HTTP/1.1\\r\\n\\r\\n'));
    expect(roles).toMatchObject({ basis: 'none', certainty: 'unknown' });
  });
});

describe('bytes that are no protocol', () => {
  const random = new Random(8);
  const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256));

  it('are taken for one at most once in a thousand times', () => {
    let taken = 0;
    for (let i = 0; i < 20_000; i++) {
      const head = bytes(1 + random.below(192));
      if (senderRoleOf(head, head.length + random.below(3000)) !== null) taken++;
    }
    expect(taken).toBeLessThan(20);
  });

  it('never are, inside a TLS record', () => {
    for (let i = 0; i < 20_000; i++) {
      const head = bytes(12 + random.below(180));
      const length = head.length - 5 + random.below(500);
      head.set([20 + random.below(4), 3, 3, length >> 8, length & 255]);
      // The first byte of an encrypted handshake message may be any but a whole hello.
      if (head[0] === 22) head[5] = 200;
      expect(senderRoleOf(head, length + 5)).toBeNull();
    }
  });

  it('of any length are read without an error', () => {
    for (const [, server, client] of PROTOCOLS)
      for (const text of [server, client]) {
        const whole = Uint8Array.from(unescaped(text ?? ''), (letter) => letter.charCodeAt(0));
        for (let length = 0; length <= whole.length; length++)
          expect(() => senderRoleOf(whole.subarray(0, length), whole.length)).not.toThrow();
      }
  });
});

function unescaped(text: string): string {
  return text
    .replace(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\([rnt0])/g, (_, letter) => ({ r: '\r', n: '\n', t: '\t', '0': '\0' })[letter as 'r']);
}
