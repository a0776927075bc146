import { spared } from '../evidence/around/unaffected-connections.ts';
import { seconds } from '../evidence/packets.ts';
import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

const says = {
  silence: (syns: number, span: number) =>
    `${syns} SYNs in ${seconds(span)} got no answer at the server host, as when a process that cannot accept lets its queue fill up`,
};

export default defineCause({
  id: 'descriptor-exhaustion',
  taxonomy: 'H6',
  family: 'closed-at-accept',
  baseRate: {
    is: 'rare',
    source: 'of the servers tried only libuv (Node) closes at accept; others leave clients in the queue',
  },
  title: 'Server out of file descriptors: accepts and closes at once, or accepts no more',
  resetBy: 'responder',
  benign: false,
  kernelReasons: [
    'SK_RST_REASON_TCP_ABORT_ON_CLOSE',
    'SK_RST_REASON_TCP_ABORT_ON_DATA',
    'SK_RST_REASON_TCP_TIMEWAIT_SOCKET',
  ],
  counters: ['TCPAbortOnClose', 'TCPAbortOnData', 'ListenOverflows'],
  references: [
    'Linux accept(2), EMFILE and ENFILE',
    'libuv src/unix/stream.c uv__emfile_trick',
    'Linux getrlimit(2), RLIMIT_NOFILE',
  ],
  explain:
    'The server process has no file descriptor left for one more connection (EMFILE, "too many open files"). ' +
    'libuv, and with it Node, gives up a spare descriptor, accepts each waiting connection and closes it at once, and tells the application nothing: the client sees a FIN, or a RST when its request was already there. ' +
    'Most other servers leave the connections in the accept queue: the handshake succeeds, the request is acknowledged by the kernel and never answered, and when the queue is full the SYNs meet silence. ' +
    'Connections that are already open go on working, because they have their descriptors. ' +
    'Clients report "socket hang up", EOF, curl 52, ECONNRESET right after connecting, or timeouts; a Node server logs nothing, others log EMFILE or "accept4() failed (24: Too many open files)".',
  refines: ['write-after-close'],
  requires: [],
  mayUse: ['acceptAndClose', 'unansweredSyn', 'unaffectedConnections', 'arrival', 'endpoints'],
  examine({ acceptAndClose: closed, unansweredSyn: silence, unaffectedConnections, arrival }) {
    if (silence !== null) {
      if (arrival !== null && arrival.clears !== null)
        return contradicted('arrival', arrival.clears, arrival.packets);
      const { syns, span, atServer, server } = silence;
      if (server === null || server.established === 0 || !atServer) return SILENT;
      const packets = syns.slice(0, 3).map((p) => p.number);
      return supported('weak', [cite('unansweredSyn', says.silence(syns.length, span), ...packets)]);
    }
    if (closed === null || !closed.atOnce) return SILENT;
    const because = [cite('acceptAndClose', closed.says, ...closed.packets)];
    if (unaffectedConnections === null || unaffectedConnections.count === 0)
      return supported('weak', because);
    because.push(cite('unaffectedConnections', spared(unaffectedConnections), closed.end.number));
    return supported('fair', because);
  },
  advice: ({ endpoints }) => [
    {
      who: 'server',
      do: `Count the descriptors of the process that listens on port ${endpoints?.server.port ?? 'PORT'}: ls /proc/PID/fd | wc -l against "Max open files" in /proc/PID/limits (many sockets in CLOSE_WAIT by ss -tnp: the program forgets to close). Raise the limit where the service is started (systemd LimitNOFILE=, ulimit -n, docker --ulimit nofile)`,
    },
  ],
  scenario: 'emfile-node',
  examples: {
    match: [
      String.raw`# at the client; one that was served goes before it
server ip 10.0.0.2 port 3000 ttl 57
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.081 > F.
+0.121 < F.
+0.121 > .
---
+1.000 handshake 40ms
+1.081 < F.
+1.081 > F.
+1.121 < .`,
      String.raw`# at the server: the request had left before the FIN came
client ip 10.0.0.1 port 39000 ttl 57
server ip 10.0.0.2 port 3000 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.042 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.082 > F.
+0.082 < F.
+0.122 > .
---
client port 40000
+1.000 > S
+1.000 < S.
+1.040 > .
+1.041 < F.
+1.060 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" ack 1
+1.060 < R passive`,
    ],
    miss: [
      `# it waited for a request
server ip 10.0.0.2 port 3000 ttl 57
handshake 40ms
+10.00 < R.`,
      String.raw`# it read and answered one
server ip 10.0.0.2 port 3000 ttl 57
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.082 < R.`,
    ],
  },
});
