import { spared } from '../evidence/around/unaffected-connections.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

export default defineCause({
  id: 'client-not-allowed',
  taxonomy: 'H13',
  family: 'closed-at-accept',
  baseRate: { is: 'occasional', source: 'estimate: 1 of 31 public threads, 2017 to 2026 (sshd)' },
  title: 'Client address not allowed: accepted, then closed by an allow list of the program',
  resetBy: 'responder',
  benign: false,
  kernelReasons: [
    'SK_RST_REASON_TCP_STATE',
    'SK_RST_REASON_TCP_ABORT_ON_CLOSE',
    'SK_RST_REASON_TCP_ABORT_ON_DATA',
    'SK_RST_REASON_TCP_TIMEWAIT_SOCKET',
  ],
  counters: ['TCPAbortOnClose', 'TCPAbortOnData'],
  references: [
    'hosts_access(5), TCP wrappers: /etc/hosts.allow, /etc/hosts.deny',
    'HAProxy configuration manual, "tcp-request connection reject"',
    'nginx ngx_stream_access_module, allow and deny',
    'OpenSSH sshd_config(5), PerSourcePenalties',
  ],
  explain:
    'The program accepted the connection, looked at the address of the client, and closed it because an access list does not allow that address. ' +
    'TCP wrappers, stream modules of proxies, sshd penalties and the allow lists of databases and brokers work so: they can only look once the connection is accepted. ' +
    'It is a FIN, or a RST when something the client had sent was left unread or the program aborts on purpose. ' +
    'Every attempt from such an address fails in the same way, while other clients are served by the same port. ' +
    'Clients report "Connection closed by remote host", "kex_exchange_identification", EOF, "socket hang up", curl 52, or ECONNRESET right after connecting. ' +
    'Behind a NAT or a proxy the server sees the address of that box, not of the client.',
  refines: ['abort-by-linger-zero', 'write-after-close'],
  requires: ['acceptAndClose'],
  mayUse: ['unaffectedConnections'],
  examine({ acceptAndClose: closed, unaffectedConnections }) {
    if (!closed.atOnce) return SILENT;
    const because = [cite('acceptAndClose', closed.says, ...closed.packets)];
    if (unaffectedConnections !== null && unaffectedConnections.count > 0)
      because.push(cite('unaffectedConnections', spared(unaffectedConnections), closed.end.number));
    // From one client alone it is the same as a proxy without a target, or a limit.
    return supported('weak', because);
  },
  advice: () => [
    {
      who: 'server',
      do: 'Look in the access lists that apply after accept() for the address as the server sees it, a NAT or proxy included: /etc/hosts.allow and hosts.deny, HAProxy tcp-request connection, nginx stream allow and deny, sshd PerSourcePenalties, pg_hba.conf',
    },
  ],
  scenario: 'client-not-allowed',
  examples: {
    match: [
      `# at the client: every attempt ends at once
server ip 10.0.0.2 port 22 ttl 57
handshake 40ms
+0.081 < F.
+0.081 > F.
+0.121 < .
---
+1.000 handshake 40ms
+1.081 < F.
+1.081 > F.
+1.121 < .`,
      String.raw`# at the server: another client is served
client ip 10.0.0.8 port 39000 ttl 57
server ip 10.0.0.2 port 5000 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.042 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.082 > F.
+0.082 < F.
+0.122 > .
---
client ip 10.0.0.9 port 40000 ttl 57
+1.000 > S
+1.000 < S.
+1.040 > .
+1.041 < R.`,
    ],
    miss: [
      `# it waited for the client to speak
server ip 10.0.0.2 port 22 ttl 57
handshake 40ms
+10.00 < R.`,
    ],
  },
});
