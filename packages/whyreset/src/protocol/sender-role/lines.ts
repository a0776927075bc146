import { client, latin1, type ReadSenderRole, server } from './sender-role.ts';

/** Bytes in which a line must show what it is. */
const READ = 96;

/**
 * Protocols of lines, in order. A pattern is held against the beginning of a
 * turn and has to be what the other side never sends; banners that both sides
 * send (SSH, RFB, rsync) show nothing and are not here.
 */
const LINES: readonly [RegExp, 'client' | 'server', string][] = [
  // RFC 9112 §3: a method, and a target of one of its four forms.
  [
    /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|REPORT|SEARCH|PURGE) (?:\/|https?:|\* |[\w.-]+:\d)/,
    'client',
    'an HTTP request',
  ],
  [/^HTTP\/1\.[01] \d{3}/, 'server', 'an HTTP response'],
  [/^PRI \* HTTP\/2/, 'client', 'the preface of an HTTP/2 client'],
  [/^PROXY (?:TCP|UNKNOWN)|^\r\n\r\n\0\r\nQUIT\n/, 'client', 'a PROXY header'],
  [/^RTSP\/1\.0 \d{3}/, 'server', 'an RTSP response'],
  [/^(?:DESCRIBE|SETUP|PLAY|PAUSE|TEARDOWN|ANNOUNCE|RECORD) rtsp:/, 'client', 'an RTSP request'],
  // Redis: a command is an array of bulk strings that begins with a word; only servers send the other types.
  [
    /^\*\d+\r\n\$\d+\r\n(?:get|set|del|auth|hello|ping|info|select|client|config|eval|evalsha|exists|expire|pexpire|ttl|incr|incrby|decr|mget|mset|setex|setnx|hget|hset|hmget|hmset|hgetall|hdel|lpush|rpush|lpop|rpop|blpop|brpop|llen|lrange|sadd|srem|smembers|zadd|zrange|zrangebyscore|zrem|publish|subscribe|psubscribe|multi|exec|xadd|xread|xreadgroup|xack|scan|keys|command|cluster|replconf|psync|quit)\r\n/i,
    'client',
    'a Redis command',
  ],
  [/^(?::-?\d+|\$-?\d+|\+PONG|\+QUEUED|\*-1|_|[%~>]\d+)\r\n/, 'server', 'a Redis reply'],
  [/^\*3\r\n\$7\r\nmessage\r\n/, 'server', 'a Redis message'],
  [/^\+OK|^-[A-Z]{3,}[ \r]/, 'server', 'a reply of a POP3 or Redis server'],
  // IMAP (RFC 9051 §7): untagged responses begin with an asterisk, tagged ones repeat the tag of the command.
  [
    /^\* (?:OK|PREAUTH|BYE|NO|BAD|CAPABILITY|LIST|SEARCH|FLAGS|STATUS|\d+ [A-Z])/,
    'server',
    'an IMAP response',
  ],
  [/^[A-Za-z]+\d+ (?:OK|NO|BAD) /, 'server', 'an IMAP response'],
  [
    /^[A-Za-z]*\d+ (?:LOGIN|AUTHENTICATE|CAPABILITY|SELECT|EXAMINE|FETCH|UID|NOOP|IDLE|LIST|STATUS|SEARCH|STARTTLS|LOGOUT|APPEND)[ \r]/i,
    'client',
    'an IMAP command',
  ],
  // Reply codes of SMTP (RFC 5321 §4.2), FTP (RFC 959 §4.2) and NNTP (RFC 3977 §3.2).
  [/^[1-5]\d\d[ -][\x20-\x7e]*\r\n/, 'server', 'a reply of an SMTP, FTP or NNTP server'],
  [/^(?:EHLO|HELO|LHLO) \S|^MAIL FROM:|^RCPT TO:/i, 'client', 'an SMTP command'],
  [
    /^(?:USER|PASS|RETR|STOR|CWD|TYPE|PORT|EPRT|SIZE|LIST|NLST|DELE|TOP|UIDL|AUTH|APOP|GROUP|ARTICLE) \S[^\r\n]*\r\n/,
    'client',
    'a command of an FTP, POP3 or NNTP client',
  ],
  [
    /^(?:QUIT|NOOP|STLS|STARTTLS|CAPA|PASV|EPSV|SYST|FEAT|PWD|UIDL|STAT|LIST|RSET|DATA)\r\n/i,
    'client',
    'a command of a mail or FTP client',
  ],
  // memcached, protocol.txt.
  [
    /^(?:VALUE \S+ \d+ \d+|STORED|NOT_STORED|EXISTS|NOT_FOUND|DELETED|TOUCHED|END|STAT \S+ [^\r\n]*|VERSION \d[^\r\n]*|ERROR|(?:CLIENT|SERVER)_ERROR[^\r\n]*)\r\n/,
    'server',
    'a memcached reply',
  ],
  [
    /^(?:(?:gets?|delete|incr|decr|touch|gats?|mg|md|ma) \S[^\r\n]*|(?:set|add|replace|append|prepend|cas|ms) \S+ \d[^\r\n]*|stats|version|flush_all)\r\n/,
    'client',
    'a memcached command',
  ],
  // NATS client protocol.
  [/^INFO \{/, 'server', 'the greeting of a NATS server'],
  [/^H?MSG \S+ \S+ /, 'server', 'a NATS message'],
  [/^CONNECT \{|^H?PUB \S+ |^SUB \S+ /, 'client', 'a NATS command'],
  // STOMP 1.2.
  [/^(?:CONNECTED|MESSAGE|RECEIPT|ERROR)\n/, 'server', 'a STOMP frame of a server'],
  [
    /^(?:CONNECT|STOMP|SEND|SUBSCRIBE|ACK|NACK|BEGIN|COMMIT|DISCONNECT)\n/,
    'client',
    'a STOMP frame of a client',
  ],
  // IRC (RFC 2812 §5): numeric replies come from servers alone.
  [/^:\S+ \d{3} \S/, 'server', 'an IRC reply'],
  [/^(?:NICK|JOIN|CAP LS)[ \r]/, 'client', 'an IRC command'],
  // ZooKeeper's four-letter words, syslog over TCP (RFC 6587).
  [/^(?:ruok|mntr|srvr|isro)\s?$/, 'client', 'a ZooKeeper command'],
  [/^(?:\d+ )?<\d{1,3}>(?:1 )?\S/, 'client', 'a syslog message'],
];

const CR = 0x0d;
const SPACE = 0x20;
const DELETE = 0x7f;

/** Reads protocols of lines. */
export const readLine: ReadSenderRole = (head) => {
  const first = head[0]!;
  // Most heads are records of TLS, and patterns are dear.
  if (first !== CR && (first < SPACE || first >= DELETE)) return null;
  const text = latin1(head, 0, READ);
  for (const [pattern, role, what] of LINES)
    if (pattern.test(text)) return role === 'client' ? client(what) : server(what);
  return null;
};
