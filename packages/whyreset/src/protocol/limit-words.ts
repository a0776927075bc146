/** How one kind of server says that it takes no more connections. */
export interface LimitWords {
  program: string;
  /** The setting that the words are about. */
  setting: string;
  /** Bytes that must stand somewhere in the head; one character each. */
  says: string;
  /** The head begins so; checked first, because nearly all heads end the question there. */
  begins: string;
  /** Where it comes from. */
  source: string;
}

/**
 * What is sent right before the close, by the program that sends it. MySQL's
 * and PostgreSQL's are packets: the number of the error stands in them whatever
 * the language of its text.
 */
export const LIMIT_WORDS: readonly LimitWords[] = [
  {
    program: 'Redis',
    setting: 'maxclients',
    begins: '-ERR max number of clients',
    says: 'max number of clients',
    source: 'redis src/networking.c acceptCommonHandler',
  },
  {
    program: 'sshd',
    setting: 'MaxStartups',
    begins: 'Exceeded MaxStartups',
    says: 'Exceeded MaxStartups',
    source: 'openssh sshd.c server_accept_loop',
  },
  {
    program: 'sshd',
    setting: 'PerSourcePenalties, or MaxStartups',
    begins: 'Not allowed at this time',
    says: 'Not allowed at this time',
    source: 'openssh 9.8 release notes',
  },
  {
    program: 'PostgreSQL',
    setting: 'max_connections (or the CONNECTION LIMIT of the role or database)',
    begins: 'E',
    says: 'C53300\0',
    source: 'PostgreSQL protocol ErrorResponse, SQLSTATE 53300 too_many_connections',
  },
  {
    program: 'PgBouncer',
    setting: 'max_client_conn',
    begins: 'E',
    says: 'no more connections allowed',
    source: 'pgbouncer src/client.c, max_client_conn',
  },
  {
    program: 'MySQL or MariaDB',
    setting: 'max_connections',
    begins: '',
    says: '\xff\x10\x04',
    source: 'MySQL server error reference, 1040 ER_CON_COUNT_ERROR',
  },
  {
    program: 'MySQL or MariaDB',
    setting: 'max_user_connections',
    begins: '',
    says: '\xff\xb3\x04',
    source: 'MySQL server error reference, 1203 ER_TOO_MANY_USER_CONNECTIONS',
  },
  {
    program: 'memcached',
    setting: '-c (maxconns)',
    begins: 'ERROR Too many open connections',
    says: 'Too many open connections',
    source: 'memcached memcached.c drive_machine, maxconns_fast',
  },
  {
    program: 'the mail or FTP server',
    setting: 'its limit of connections per client or in all',
    begins: '421',
    says: 'oo many',
    source: 'RFC 5321 §3.8 and RFC 959 §4.2: reply 421, closing the channel',
  },
  {
    program: 'the IMAP server',
    setting: 'mail_max_userip_connections',
    begins: '* BYE',
    says: 'aximum number of connections',
    source: 'RFC 9051 §7.1.5 BYE; Dovecot mail_max_userip_connections',
  },
];

function standsAt(b: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (b[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** MySQL's packets are told by their header: three bytes of length, then number and 0xff for an error. */
const isMysqlError = (b: Uint8Array, at: number, length: number) =>
  length >= 7 && b[at + 1] === 0 && b[at + 2] === 0 && b[at + 4] === 0xff;

function holds(b: Uint8Array, at: number, length: number, { begins, says }: LimitWords): boolean {
  if (begins === '' ? !isMysqlError(b, at, length) : !standsAt(b, at, begins)) return false;
  for (let i = at; i + says.length <= at + length; i++) if (standsAt(b, i, says)) return true;
  return false;
}

/** The limit that the head of a server's turn speaks of; null when it speaks of none. */
export function limitIn(b: Uint8Array, at: number, length: number): LimitWords | null {
  for (const words of LIMIT_WORDS) {
    if (length >= Math.max(7, words.begins.length) && holds(b, at, length, words)) return words;
  }
  return null;
}
