import { describe, expect, it } from 'vitest';
import { LIMIT_WORDS, limitIn } from './limit-words.ts';

const head = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const found = (text: string) => limitIn(head(text), 0, text.length)?.program ?? null;

describe('words of a limit', () => {
  it.each([
    ['-ERR max number of clients reached\r\n', 'Redis'],
    ['-ERR max number of clients + cluster connections reached\r\n', 'Redis'],
    ['Exceeded MaxStartups\r\n', 'sshd'],
    ['Not allowed at this time\r\n', 'sshd'],
    ['E\0\0\0TSFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0', 'PostgreSQL'],
    ['E\0\0\0TSFATAL\0VFATAL\0C53300\0Mdésolé, trop de clients\0\0', 'PostgreSQL'],
    ['E\0\0\0\x48SFATAL\0C08P01\0Mno more connections allowed (max_client_conn)\0\0', 'PgBouncer'],
    ['\x17\0\0\0\xff\x10\x04Too many connections', 'MySQL or MariaDB'],
    ['\x40\0\0\0\xff\xb3\x04User a has already more than max_user_connections', 'MySQL or MariaDB'],
    ['ERROR Too many open connections\r\n', 'memcached'],
    ['421 4.7.0 mx.example Error: too many connections from 192.0.2.1\r\n', 'the mail or FTP server'],
    ['421 Too many connected users, please try later.\r\n', 'the mail or FTP server'],
    ['* BYE Maximum number of connections from user+IP exceeded\r\n', 'the IMAP server'],
  ])('%j', (text, program) => {
    expect(found(text)).toBe(program);
  });

  it.each([
    '-ERR unknown command\r\n',
    'SSH-2.0-OpenSSH_9.2\r\n',
    'E\0\0\0TSFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0',
    '\x4a\0\0\0\x0a8.0.36\0aaaaaaaaaaaa',
    '\x17\0\0\0\xff\x15\x04Access denied',
    '421 4.4.2 mx.example Error: timeout exceeded\r\n',
    '* BYE Autologout\r\n',
    'HTTP/1.1 503 Service Unavailable\r\n\r\n',
    'E',
    '',
  ])('not in %j', (text) => {
    expect(found(text)).toBeNull();
  });

  it('are found wherever the head stands in its pool', () => {
    const b = head(`xxxxExceeded MaxStartups\r\nyyyy`);
    expect(limitIn(b, 4, 22)?.program).toBe('sshd');
    expect(limitIn(b, 4, 8)).toBeNull();
  });

  it('say where they come from', () => {
    for (const { source, setting } of LIMIT_WORDS) expect(source.length * setting.length).toBeGreaterThan(0);
  });
});
