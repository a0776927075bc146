/** How TCP ended the connection, as far as the text says. `neither`: no FIN and no RST was involved. */
export type Ended = 'fin' | 'rst' | 'neither' | 'unclear';

/** Letter and number of the taxonomy: H handshake, P first data, D in flight, I idle, B benign. */
export type TaxonomyId = `${'H' | 'P' | 'D' | 'I' | 'B'}${number}` | 'P7L';

/** A cause that may lie behind the text. */
export interface Family {
  cause: TaxonomyId;
  /** One line, no final stop. */
  why: string;
}

export interface ErrorClass {
  /** Noun phrase. */
  title: string;
  ended: Ended;
  meaning: string;
  /** What cannot have happened, given this text; sentences. */
  rulesOut: readonly string[];
  /** Most likely first. */
  families: readonly Family[];
}

const family = (cause: TaxonomyId, why: string): Family => ({ cause, why });

const notRefused =
  'The port was not closed and the connect was not rejected: the connection had been established.';
const notSilent = 'No silent drop on the path: a packet that ended the connection did arrive.';

/** The classes of endings that error texts tell apart. */
export const classes = {
  REFUSED: {
    title: 'connection refused',
    ended: 'rst',
    meaning:
      'The first packet (SYN) was answered by a reset, or by an ICMP "unreachable", so no connection ever existed.',
    rulesOut: [
      'No keep-alive race and no idle timeout: there was no connection to lose.',
      'Not a network that drops packets: something answered at once.',
    ],
    families: [
      family('H1', 'nothing listens on that address and port, or it listens on another address'),
      family('H2', 'a firewall rejects instead of dropping'),
      family('H11', 'a load balancer without a healthy target answers for the service'),
      family('D1', 'the service has just crashed or is restarting'),
    ],
  },
  'RST-CONNECT': {
    title: 'reset right after the connection was made',
    ended: 'rst',
    meaning: 'The handshake was answered and a reset followed before the program had sent its first byte.',
    rulesOut: [
      'Not a closed port: that would read "connection refused".',
      'Not a keep-alive race: the connection was new.',
      notSilent,
    ],
    families: [
      family('H4', 'the accept queue is full and tcp_abort_on_overflow is set'),
      family('H7', 'the listener was closed with this connection still waiting to be accepted'),
      family('H11', 'a load balancer without a healthy target accepts and resets'),
      family('D18', 'the server is at its own limit of connections and closes what it accepts'),
      family('H6', 'the server is out of file descriptors and closes what it accepts'),
      family('D3', 'the server closes with SO_LINGER 0 as soon as it has accepted (bans)'),
      family('P7', 'a policy box lets the handshake pass and resets what follows'),
    ],
  },
  'RST-READ': {
    title: 'reset while waiting for data',
    ended: 'rst',
    meaning:
      'A reset arrived on an established connection while the program waited for data. Most programs print the same during the TLS handshake and when the answer had already begun.',
    rulesOut: [notRefused, notSilent, 'Not an orderly close: a FIN alone reads differently in this program.'],
    families: [
      family('I2', 'the server closed an idle connection with the new request unread in its buffer'),
      family('I1', 'the request crossed the server’s FIN on the wire'),
      family('I4', 'a NAT, firewall or load balancer forgot the idle flow and resets its next packet'),
      family('D2', 'the server closed with request bytes unread'),
      family('D1', 'the server process died with bytes unread'),
      family('D5', 'the server answered early (413, 401, redirect) without reading the body'),
      family('I7', 'the server restarted or failed over and no longer knows the connection'),
      family('H7', 'the listener closed with the connection still in its queue'),
      family('D3', 'the server closes with SO_LINGER 0'),
      family('P1', 'plain HTTP was sent to a TLS port'),
      family('P6', 'a box on the path injected the reset'),
      family('P7', 'an IPS, WAF or firewall policy reset it'),
      family('P7L', 'a firewall rule began to reject the living connection'),
    ],
  },
  'RST-WRITE': {
    title: 'reset while sending',
    ended: 'rst',
    meaning:
      'A reset arrived while the program was still sending, so the other side stopped reading before the end.',
    rulesOut: [notRefused, notSilent],
    families: [
      family('D5', 'the server answered early (413, 401, redirect) without reading the body'),
      family('D2', 'the server closed with request bytes unread'),
      family('D7', 'seen on a server: the client gave up while the answer was being sent'),
      family('D1', 'the server process died during the upload'),
      family('I4', 'a box on the path forgot the idle flow and reset the first packet after the pause'),
      family('D6', 'the server’s timeout for slow uploads expired'),
    ],
  },
  EOF: {
    title: 'closed without an answer',
    ended: 'fin',
    meaning: 'The other side closed the connection in order (FIN) and sent no answer to this request.',
    rulesOut: [
      notRefused,
      notSilent,
      'No reset was the first to arrive: an injected RST or a box that resets forgotten flows reads differently.',
    ],
    families: [
      family('I1', 'the request crossed the server’s FIN on the wire (keep-alive race)'),
      family(
        'I3',
        'the FIN had arrived earlier, but this program was too busy to notice before it reused the socket',
      ),
      family('I10', 'the server ends connections after a number of requests or an age'),
      family('D1', 'the server process died or was killed with nothing unread'),
      family('D9', 'a supervisor killed the worker that held the request'),
      family('D6', 'a server timeout (header, request) expired'),
      family('P1', 'plain HTTP was sent to a TLS port'),
      family('P5', 'one side speaks the PROXY protocol and the other does not'),
      family('D18', 'on a new connection: the server is at its own limit of connections'),
      family('H6', 'on a new connection: the server is out of file descriptors'),
    ],
  },
  'EOF-MID': {
    title: 'closed in the middle of the answer',
    ended: 'fin',
    meaning:
      'The answer had begun, then the other side closed the connection in order (FIN) before all of it was sent.',
    rulesOut: [
      'Not a keep-alive race: the server had read this request and begun to answer.',
      notSilent,
      'Not a firewall that refuses the connection.',
    ],
    families: [
      family('D9', 'a supervisor or request limit killed the worker during the answer'),
      family('D1', 'the server process died with nothing unread'),
      family('D6', 'a proxy or server timeout cut a slow answer'),
      family('D14', 'a deploy or drain ended connections that were still busy'),
    ],
  },
  'RST-MID': {
    title: 'reset in the middle of the answer',
    ended: 'rst',
    meaning: 'The answer had begun, then a reset arrived before all of it had been received.',
    rulesOut: ['Not a keep-alive race: the server had read this request and begun to answer.', notSilent],
    families: [
      family('D1', 'the server process died with bytes unread'),
      family('D2', 'the server closed with request bytes unread'),
      family('D5', 'the server answered early (413, 401, redirect) without reading the body'),
      family('D9', 'a supervisor killed the worker during the answer'),
      family('D10', 'conntrack called packets INVALID and the client’s own kernel reset the flow'),
      family('P7', 'an IPS or WAF reset the connection because of its content'),
      family('D14', 'someone or something ended the connection on purpose'),
    ],
  },
  'TLS-VERSION': {
    title: 'the answer was not TLS',
    ended: 'neither',
    meaning:
      'The program began a TLS handshake and the bytes that came back were no TLS record: the port speaks plain text.',
    rulesOut: [
      'Neither a FIN nor a RST caused this; the close came after the misunderstanding.',
      'Not a certificate problem.',
    ],
    families: [
      family('P2', 'https (TLS) to a plaintext port; also a proxy that answers with an HTTP error page'),
    ],
  },
  'TLS-ALERT': {
    title: 'refused by a TLS alert',
    ended: 'neither',
    meaning: 'The other side refused the TLS handshake or session with an alert that names its reason.',
    rulesOut: ['Not a network fault: the alert is an answer of the other TLS end.'],
    families: [
      family('P3', 'certificate, server name, version or cipher was not accepted; the alert says which'),
    ],
  },
  'TLS-EOF': {
    title: 'closed during the TLS handshake',
    ended: 'fin',
    meaning:
      'TCP was connected, then the other side closed in order (FIN) before the TLS handshake was complete.',
    rulesOut: [notRefused, 'Not a keep-alive race: the connection was new.', notSilent],
    families: [
      family(
        'P3',
        'the server did not accept the server name, version or cipher and closed without an alert',
      ),
      family('H11', 'a load balancer without a healthy target closes at once'),
      family('P7', 'a proxy or policy box closed it by server name'),
      family('H6', 'the server is out of file descriptors and closes what it accepts'),
      family('P5', 'the server expects the PROXY protocol before TLS'),
    ],
  },
  'RST-TLS': {
    title: 'reset during the TLS handshake',
    ended: 'rst',
    meaning: 'TCP was connected, then a reset arrived before the TLS handshake was complete.',
    rulesOut: [notRefused, 'Not a keep-alive race: the connection was new.', notSilent],
    families: [
      family('P6', 'a box on the path injected the reset when it saw the server name'),
      family('P7', 'an IPS, WAF or firewall policy reset it'),
      family('P3', 'the server sent an alert and closed; the reset overtook the alert'),
      family('H4', 'the accept queue is full and tcp_abort_on_overflow is set'),
      family('H7', 'the listener closed with the connection still in its queue'),
      family('P4', 'the two ends do not agree on the protocol (ALPN)'),
    ],
  },
  'PLAIN→TLS': {
    title: 'plain text sent to a TLS port',
    ended: 'unclear',
    meaning:
      'A client spoke plain HTTP to a port that speaks TLS. The client sees a FIN or a reset, depending on what the server left unread.',
    rulesOut: ['Not a network fault: both ends were reached.', 'Not a timeout.'],
    families: [family('P1', 'http:// where https:// was meant, or TLS switched on for one side only')],
  },
  'HTTP-MISMATCH': {
    title: 'the two ends speak different protocols',
    ended: 'neither',
    meaning: 'The connection works, but the first bytes were not the protocol that the reader expected.',
    rulesOut: ['Not a network fault: both ends were reached.', 'Neither a FIN nor a RST caused this.'],
    families: [
      family('P4', 'HTTP/2 to an HTTP/1 port or the reverse (ALPN, h2c)'),
      family('P1', 'plain HTTP was sent to a TLS port'),
      family('P5', 'the PROXY protocol is switched on at one side only'),
    ],
  },
  EPIPE: {
    title: 'write after the connection was closed',
    ended: 'unclear',
    meaning:
      'The program wrote to a connection that had already ended: the other side’s FIN came first, and a reset answered the data sent after it.',
    rulesOut: [
      notRefused,
      notSilent,
      'The close was not a surprise at this moment: it had arrived before this write.',
    ],
    families: [
      family('D4', 'the other side closed and this side went on writing'),
      family('D5', 'the server answered early (413, 401, redirect) and closed while the body was being sent'),
      family('D7', 'seen on a server: the client gave up before the answer was written'),
      family('I1', 'the request crossed the server’s FIN on the wire (keep-alive race)'),
      family('D15', 'the half-closed connection was held longer than tcp_fin_timeout'),
    ],
  },
  TIMEOUT: {
    title: 'no answer in time',
    ended: 'neither',
    meaning: 'The program gave up waiting. Neither a FIN nor a RST arrived.',
    rulesOut: [
      'Nobody reset or closed the connection before the program gave up.',
      'Not refused: nothing answered.',
    ],
    families: [
      family('I6', 'a box on the path silently forgot an idle connection'),
      family('D16', 'packets were lost until the sender gave up'),
      family('D13', 'large packets vanish (path MTU), small ones pass'),
      family('I8', 'the peer is gone and keep-alive probes were not answered'),
      family('H3', 'the accept queue is full, so the server ignores new connections'),
      family('H12', 'a firewall drops the packets'),
    ],
  },
  'TIMEOUT-CONNECT': {
    title: 'no answer to the connect',
    ended: 'neither',
    meaning: 'The connect packets (SYN) were not answered in time. Neither a FIN nor a RST arrived.',
    rulesOut: [
      'Not refused: nothing answered.',
      'No idle timeout and no keep-alive race: there was no connection yet.',
    ],
    families: [
      family('H12', 'a firewall or security group drops the packets, or there is no route back'),
      family('H3', 'the accept queue is full, so the server ignores new connections'),
      family('H9', 'the NAT has no source port left, or reuses one that is still known'),
      family('H5', 'the SYN queue is full'),
    ],
  },
  UNREACHABLE: {
    title: 'host or network unreachable',
    ended: 'neither',
    meaning:
      'A router, a firewall (ICMP) or this host’s own routing table said that the address cannot be reached.',
    rulesOut: ['Neither a FIN nor a RST was involved.', 'No keep-alive race.'],
    families: [
      family('H2', 'a firewall rejects with ICMP (administratively prohibited)'),
      family('H12', 'there is no route, or the host is down'),
    ],
  },
  'LOCAL-ABORT': {
    title: 'ended on this side',
    ended: 'neither',
    meaning: 'This program, or this host, ended the connection itself; the other side did not.',
    rulesOut: ['The peer did not reset the connection.'],
    families: [
      family('D7', 'this side gave up: a timeout, a cancelled request, a closed page'),
      family('D14', 'someone ended the socket on this host (ss -K, a shutdown, a security product)'),
    ],
  },
  'CLIENT-GONE': {
    title: 'the client went away',
    ended: 'unclear',
    meaning:
      'Seen from a server or proxy: the client closed or reset the connection before it had the whole answer.',
    rulesOut: ['The server or upstream did not end this connection.'],
    families: [
      family('D7', 'the client’s own timeout or a cancelled request'),
      family('B1', 'the client had what it wanted and left'),
      family('I4', 'a box between client and proxy ended the idle connection'),
    ],
  },
  'UPSTREAM-ENDED': {
    title: 'the upstream ended the connection',
    ended: 'unclear',
    meaning:
      'Seen from a proxy: the upstream ended the connection before its answer was complete. This log does not tell a FIN from a reset.',
    rulesOut: ['The client did not end it.', 'The upstream was reached: it is not a refused connection.'],
    families: [
      family('I1', 'the proxy’s request crossed the upstream’s FIN (keep-alive race)'),
      family('I2', 'the upstream closed an idle connection with the request unread'),
      family('D1', 'the upstream process died'),
      family('D9', 'a supervisor killed the upstream worker'),
      family('D2', 'the upstream closed with request bytes unread'),
      family('I10', 'the upstream ends connections after a number of requests or an age'),
    ],
  },
  'STREAM-RESET': {
    title: 'one HTTP/2 stream was reset',
    ended: 'neither',
    meaning:
      'An HTTP/2 frame (RST_STREAM) ended one request. The TCP connection under it may be in good health.',
    rulesOut: ['This is not a TCP reset, and no firewall made it out of packets.'],
    families: [family('P8', 'the peer or a proxy ended the stream; the HTTP/2 error code says why')],
  },
  GOAWAY: {
    title: 'the HTTP/2 peer sent GOAWAY',
    ended: 'neither',
    meaning:
      'The peer announced in HTTP/2 that it takes no more requests on this connection, and usually closes it next.',
    rulesOut: ['This is not a TCP reset.', 'Not a network fault: the peer said so itself.'],
    families: [
      family('P8', 'the code in GOAWAY says why: drain, too many pings, protocol error'),
      family('I10', 'the server ends connections at a maximum age'),
    ],
  },
  'SESSION-KILL': {
    title: 'the server ended the session',
    ended: 'fin',
    meaning:
      'The server said that it ends this session, and closed the connection in order (FIN) after the message.',
    rulesOut: ['Not a network fault: the server said so itself.', 'No middlebox timeout.'],
    families: [
      family('I9', 'the server’s idle or session timeout expired'),
      family('D14', 'an administrator, a failover or a restart ended it'),
    ],
  },
  'MIDDLEBOX-LOG': {
    title: 'a box on the path logged the end',
    ended: 'unclear',
    meaning: 'A firewall or load balancer logged how the session ended as it saw it.',
    rulesOut: [],
    families: [],
  },
  'RESET-CODE': {
    title: 'a bare ECONNRESET code',
    ended: 'unclear',
    meaning:
      'Only the code ECONNRESET is there. Node gives it to an orderly close ("socket hang up") and to a real reset ("read ECONNRESET") alike.',
    rulesOut: [notRefused],
    families: [
      family('I1', 'the request crossed the server’s FIN on the wire (keep-alive race)'),
      family('I2', 'the server closed an idle connection with the new request unread'),
      family('I4', 'a box on the path forgot the idle flow and reset its next packet'),
      family('D1', 'the server process died'),
      family('D2', 'the server closed with request bytes unread'),
    ],
  },
} as const satisfies Record<string, ErrorClass>;

export type ClassId = keyof typeof classes;
