import { type Pattern, patternsOf } from '../pattern.ts';

/** Go's net and net/http, as url.Error and net.OpError print them. */
export const go: Pattern[] = patternsOf({ program: 'Go', verified: 'measured' }, [
  {
    id: 'go-dial-refused',
    class: 'REFUSED',
    strength: 'exact',
    regexp: /\bdial (?:tcp|tcp4|tcp6) [^\n]{1,120}?: connection refused\b/g,
    examples: ['Get "http://127.0.0.1:9999/": dial tcp 127.0.0.1:9999: connect: connection refused'],
  },
  {
    id: 'go-dial-reset',
    class: 'RST-CONNECT',
    strength: 'exact',
    regexp: /\bdial (?:tcp|tcp4|tcp6) [^\n]{1,120}?: connection reset by peer\b/g,
    examples: ['Get "http://127.0.0.1:9104/": dial tcp 127.0.0.1:9104: connect: connection reset by peer'],
  },
  {
    id: 'go-read-reset',
    class: 'RST-READ',
    strength: 'exact',
    regexp: /\bread (?:tcp|tcp4|tcp6) [^\n]{1,120}?: connection reset by peer\b/g,
    examples: [
      'Get "http://10.0.0.2:8080/": read tcp 10.0.0.9:51230->10.0.0.2:8080: read: connection reset by peer',
      'Post "http://10.0.0.2:8080/orders": read tcp 10.0.0.9:51230->10.0.0.2:8080: read: connection reset by peer',
    ],
  },
  {
    id: 'go-write-reset',
    class: 'RST-WRITE',
    strength: 'exact',
    regexp: /\bwrite (?:tcp|tcp4|tcp6) [^\n]{1,120}?: connection reset by peer\b/g,
    examples: [
      'Post "http://10.0.0.2:8080/upload": write tcp 10.0.0.9:51230->10.0.0.2:8080: write: connection reset by peer',
    ],
  },
  {
    id: 'go-broken-pipe',
    class: 'EPIPE',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bwrite (?:tcp|tcp4|tcp6) [^\n]{1,120}?: broken pipe\b/g,
    examples: ['write tcp 10.0.0.2:8080->10.0.0.9:51230: write: broken pipe'],
  },
  {
    id: 'go-idle-closed',
    class: 'EOF',
    strength: 'exact',
    regexp: /\bserver closed idle connection\b/g,
    says: 'Go saw the close on a pooled connection before any byte of the answer.',
    families: [
      { cause: 'I1', why: 'the request crossed the server’s FIN on the wire (keep-alive race)' },
      { cause: 'I10', why: 'the server ends connections after a number of requests or an age' },
      {
        cause: 'I3',
        why: 'the FIN had arrived earlier, but was noticed only when the connection was reused',
      },
      { cause: 'D14', why: 'a deploy or drain closes idle connections' },
    ],
    examples: ['Post "http://10.0.0.2:8080/orders": http: server closed idle connection'],
  },
  {
    id: 'go-unexpected-eof',
    class: 'EOF-MID',
    strength: 'exact',
    regexp: /\bunexpected EOF\b/g,
    examples: ['read body: unexpected EOF', 'Get "http://10.0.0.2:8080/": unexpected EOF'],
  },
  {
    id: 'go-eof',
    class: 'EOF',
    strength: 'exact',
    regexp: /["\w)]: EOF(?=["'}\],]|\s{0,4}$)|^[ \t]{0,4}EOF[ \t]{0,4}$|"EOF"(?=[,}])/gm,
    examples: ['Get "http://127.0.0.1:9101/": EOF', 'Post "http://10.0.0.2:8080/orders": EOF', 'EOF'],
  },
  {
    id: 'go-connect-timeout',
    class: 'TIMEOUT-CONNECT',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bdial (?:tcp|tcp4|tcp6) [^\n]{1,120}?: (?:i\/o timeout|connect: connection timed out)/g,
    examples: ['Get "https://203.0.113.7/": dial tcp 203.0.113.7:443: i/o timeout'],
  },
  {
    id: 'go-timeout',
    class: 'TIMEOUT',
    strength: 'exact',
    verified: 'documented',
    regexp:
      /\bi\/o timeout\b|\bClient\.Timeout exceeded\b|\bcontext deadline exceeded\b|\bTLS handshake timeout\b/g,
    examples: [
      'read tcp 10.0.0.9:51230->10.0.0.2:8080: i/o timeout',
      'Get "http://10.0.0.2/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ],
  },
  {
    id: 'go-use-closed',
    class: 'LOCAL-ABORT',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\buse of closed network connection\b|\bcontext canceled\b/g,
    examples: [
      'read tcp 10.0.0.9:51230->10.0.0.2:8080: use of closed network connection',
      'Get "http://10.0.0.2/": context canceled',
    ],
  },
  {
    id: 'go-unreachable',
    class: 'UNREACHABLE',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bdial (?:tcp|tcp4|tcp6) [^\n]{1,120}?: (?:no route to host|network is unreachable)/g,
    examples: ['dial tcp 10.0.0.7:80: connect: no route to host'],
  },
]);
