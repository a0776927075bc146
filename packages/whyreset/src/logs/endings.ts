import type { End, Ended, Reporter, Stage } from './observation.ts';

/** A kind of ending that texts tell apart: what is certain once a wording of it was read. */
export interface Ending {
  /** Noun phrase. */
  title: string;
  ended: Ended;
  end: End;
  stage: Stage | null;
  by?: 'client' | 'server';
  /** Who writes such a text, where it is not the client. */
  reporter?: Reporter;
  meaning: string;
}

const ending = (
  title: string,
  [ended, end, stage]: [Ended, End, Stage | null],
  meaning: string,
  more: Pick<Ending, 'by' | 'reporter'> = {},
): Ending => ({ title, ended, end, stage, meaning, ...more });

/** The endings that error texts tell apart (measured on Node, Python, Go, Java and curl; see docs of each wording). */
export const endings = {
  REFUSED: ending(
    'connection refused',
    ['rst', 'refused', 'connecting'],
    'The first packet (SYN) was answered by a reset, or by an ICMP "unreachable", so no connection ever existed.',
  ),
  'RST-CONNECT': ending(
    'reset right after the connection was made',
    ['rst', 'rst', 'greeting'],
    'A reset arrived before the program had sent its first byte: in answer to the handshake, or right behind it.',
  ),
  'RST-READ': ending(
    'reset while waiting for data',
    ['rst', 'rst', 'waiting'],
    'A reset arrived on an established connection while the program waited for data.',
  ),
  'RST-WRITE': ending(
    'reset while sending',
    ['rst', 'rst', 'sending'],
    'A reset arrived while the program was still sending, so the other side stopped reading before the end.',
  ),
  EOF: ending(
    'closed without an answer',
    ['fin', 'fin', 'waiting'],
    'The other side closed the connection in order (FIN) and sent no answer to this request.',
  ),
  'EOF-MID': ending(
    'closed in the middle of the answer',
    ['fin', 'fin', 'answering'],
    'The answer had begun, then the other side closed the connection in order (FIN) before all of it was sent.',
  ),
  'RST-MID': ending(
    'reset in the middle of the answer',
    ['rst', 'rst', 'answering'],
    'The answer had begun, then a reset arrived before all of it had been received.',
  ),
  'NO-BANNER': ending(
    'closed before the server’s greeting',
    ['fin', 'fin', 'greeting'],
    'TCP was connected, and the other side closed (FIN) before it sent the greeting of its protocol.',
  ),
  'TLS-VERSION': ending(
    'the answer was not TLS',
    ['neither', 'message', 'tls'],
    'The program began a TLS handshake and the bytes that came back were no TLS record: the port speaks plain text.',
  ),
  'TLS-ALERT': ending(
    'refused by a TLS alert',
    ['neither', 'message', 'tls'],
    'The other side refused the TLS handshake or session with an alert that names its reason.',
  ),
  'TLS-EOF': ending(
    'closed during the TLS handshake',
    ['fin', 'fin', 'tls'],
    'TCP was connected, then the other side closed in order (FIN) before the TLS handshake was complete.',
  ),
  'RST-TLS': ending(
    'reset during the TLS handshake',
    ['rst', 'rst', 'tls'],
    'TCP was connected, then a reset arrived before the TLS handshake was complete.',
  ),
  'TLS-TIMEOUT': ending(
    'no answer in the TLS handshake',
    ['neither', 'silence', 'tls'],
    'TCP was connected, then the TLS handshake did not go on. Neither a FIN nor a RST arrived.',
  ),
  'PLAIN→TLS': ending(
    'plain text sent to a TLS port',
    ['unclear', 'message', 'waiting'],
    'A client spoke plain text to a port that speaks TLS. The client sees a FIN or a reset, depending on what the server left unread.',
  ),
  'HTTP-MISMATCH': ending(
    'the two ends speak different protocols',
    ['neither', 'message', 'waiting'],
    'The connection works, but the first bytes were not the protocol that the reader expected.',
  ),
  EPIPE: ending(
    'write after the connection was closed',
    ['unclear', 'closed', 'sending'],
    'The program wrote to a connection that had already ended.',
  ),
  CLOSED: ending(
    'closed by the other side',
    ['unclear', 'closed', null],
    'The other side ended the connection. The text does not tell a FIN from a reset.',
  ),
  'FOUND-CLOSED': ending(
    'the connection was already closed when it was used',
    ['unclear', 'closed', 'idle'],
    'The program found a connection of its pool dead when it wanted to use it. It ended earlier, while nothing was outstanding.',
  ),
  TIMEOUT: ending(
    'no answer in time',
    ['neither', 'silence', 'waiting'],
    'The program gave up waiting. Neither a FIN nor a RST arrived.',
  ),
  'TIMEOUT-CONNECT': ending(
    'no answer to the connect',
    ['neither', 'silence', 'connecting'],
    'The connect packets (SYN) were not answered in time. Neither a FIN nor a RST arrived.',
  ),
  UNREACHABLE: ending(
    'host or network unreachable',
    ['neither', 'unreachable', 'connecting'],
    'A router, a firewall (ICMP) or this host’s own routing table said that the address cannot be reached.',
  ),
  'LOCAL-ABORT': ending(
    'ended on this side',
    ['neither', 'local', null],
    'This program, or this host, ended the connection itself.',
  ),
  'CLIENT-GONE': ending(
    'the client went away',
    ['unclear', 'closed', null],
    'Seen from a server or proxy: the client closed or reset the connection before the exchange was over.',
    { by: 'client', reporter: 'server' },
  ),
  'UPSTREAM-ENDED': ending(
    'the upstream ended the connection',
    ['unclear', 'closed', 'waiting'],
    'Seen from a proxy: the upstream ended the connection before its answer was complete. This text does not tell a FIN from a reset.',
    { by: 'server', reporter: 'proxy' },
  ),
  PROBE: ending(
    'connected, and sent nothing',
    ['fin', 'fin', 'greeting'],
    'Seen from a server: a client connected and left without a byte, as TCP health checks, port scanners and browsers’ spare connections do.',
    { by: 'client', reporter: 'server' },
  ),
  'NO-UPSTREAM': ending(
    'the proxy has no healthy server',
    ['neither', 'message', 'connecting'],
    'A proxy or balancer answered for the service, because it had no healthy server to send the request to.',
    { by: 'server', reporter: 'proxy' },
  ),
  'STREAM-RESET': ending(
    'one HTTP/2 stream was reset',
    ['neither', 'frame', null],
    'An HTTP/2 frame (RST_STREAM) ended one request. The TCP connection under it may be in good health.',
  ),
  GOAWAY: ending(
    'the HTTP/2 peer sent GOAWAY',
    ['neither', 'frame', null],
    'The peer announced in HTTP/2 that it takes no more requests on this connection, and usually closes it next.',
  ),
  'SESSION-KILL': ending(
    'the server ended the session',
    ['fin', 'message', null],
    'The server said that it ends this session, and closed the connection (FIN) after the message.',
    { by: 'server' },
  ),
  'NOT-ALLOWED': ending(
    'the server does not admit this client',
    ['fin', 'message', 'greeting'],
    'The server accepted the TCP connection and turned the client away before its session began.',
    { by: 'server' },
  ),
  ANSWERED: ending(
    'answered with an error status',
    ['neither', 'message', null],
    'An HTTP status says what happened. If the connection was reset or closed as well, that followed from it.',
    { by: 'server' },
  ),
  LIMIT: ending(
    'a limit of the host or program was reached',
    ['neither', 'limit', null],
    'A host or program says that one of its limits was reached. Connections beyond it are refused, dropped or closed.',
    { reporter: 'host' },
  ),
  'PROCESS-ENDED': ending(
    'a process ended',
    ['unclear', 'process', null],
    'A supervisor or the kernel ended a process, or it crashed. Its connections end with it: by FIN, or by RST where bytes were unread.',
    { by: 'server', reporter: 'host' },
  ),
  'MIDDLEBOX-LOG': ending(
    'a box on the path logged the end',
    ['unclear', 'closed', null],
    'A firewall or load balancer logged how the session ended as it saw it.',
    { reporter: 'box' },
  ),
  'RESET-CODE': ending(
    'a bare ECONNRESET code',
    ['unclear', 'closed', 'waiting'],
    'Only the code ECONNRESET is there. Node gives it to an orderly close ("socket hang up") and to a real reset ("read ECONNRESET") alike.',
  ),
  'NO-ADDRESS': ending(
    'the name was not resolved',
    ['neither', 'lookup', 'connecting'],
    'The name lookup (DNS) failed, so no packet was sent to the server. No connection existed.',
  ),
} as const satisfies Record<string, Ending>;

export type EndingId = keyof typeof endings;

export const endingOf = (id: EndingId): Ending => endings[id];
