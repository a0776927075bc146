import { seconds, thousands, who } from '../evidence/packets.ts';
import { type Citation, cite, defineCause, type Handed, SILENT, supported } from './define.ts';

/** A filter decides as soon as it has read; a server that thinks longer has thought of something else. Seconds. */
const DECIDES_WITHIN = 1;

/** What ended it right behind the first request. */
function verdictOfBox({
  reset,
  promptClose,
  exchange,
  endings,
  endingMaker,
}: Handed<'exchange', 'reset' | 'promptClose' | 'endings' | 'endingMaker'>) {
  if (endings === null) return null;
  if (endingMaker !== null && endingMaker.against.length > 0 && exchange.requests === 1) {
    const { packet } = endingMaker;
    const after = packet.time - exchange.originator.lastDataTime;
    if (packet.from === 'responder' && after >= 0 && after <= DECIDES_WITHIN)
      return { end: packet, elapsed: after };
  }
  const closed = endings.responder;
  if (closed !== null && closed.number < exchange.originator.lastDataNumber) return null;
  const end = reset !== null ? reset.packet : promptClose !== null ? promptClose.end : null;
  if (end === null || exchange.requests !== 1 || exchange.responder.sent > 0) return null;
  const elapsed = end.time - exchange.originator.lastDataTime;
  return elapsed >= 0 && elapsed <= DECIDES_WITHIN ? { end, elapsed } : null;
}

export default defineCause({
  id: 'policy-reset',
  taxonomy: 'P7',
  family: 'box-reset',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Connection ended by a policy that read the request: firewall, IPS or WAF',
  resetBy: 'path',
  benign: false,
  kernelReasons: [],
  counters: [],
  references: [
    'Palo Alto Networks, session end reasons policy-deny, threat (reset-both, reset-client, reset-server)',
    'Sundara Raman et al.: Global, Passive Detection of Connection Tampering, SIGCOMM 2023',
    'RFC 3360 (inappropriate TCP resets considered harmful)',
  ],
  explain:
    'A box between client and server, or a proxy in front of the server, read the first request and did not like it: a name in SNI or Host, a signature, a category, a country. ' +
    'It ended the connection in the name of the server, with a RST to one or both sides or, when it is a proxy, with a FIN. ' +
    'The handshake is always let through, because only the request shows what is wanted. ' +
    'It is repeatable: the same request fails every time, another name or path to the same address does not. ' +
    'The packets alone seldom tell it from other resets made by a box; the log of the box does. ' +
    'Clients report ECONNRESET or "socket hang up" in the TLS handshake or right after the request, curl 35 or 56.',
  requires: ['application', 'exchange', 'handshake'],
  mayUse: [
    'reset',
    'promptClose',
    'maker',
    'endingMaker',
    'endings',
    'serverName',
    'unaffectedConnections',
    'neighbours',
    'endpoints',
  ],
  refines: ['injected-reset'],
  examine(facts) {
    const { reset, application, handshake, maker, endingMaker } = facts;
    const { serverName, unaffectedConnections, neighbours } = facts;
    if (!handshake.complete) return SILENT;
    const { firstRequest: request } = application;
    if (request?.protocol !== 'http-request' && request?.protocol !== 'tls-handshake') return SILENT;
    const ending = verdictOfBox(facts);
    if (ending === null) return SILENT;
    const { end, elapsed } = ending;
    const blamed = maker !== null && (maker.middlebox === 'proven' || maker.middlebox === 'likely');
    // A client that resets, and a stack that lost the connection, are told elsewhere unless a box is in it.
    const elsewhere = endingMaker !== null && endingMaker.packet === end ? endingMaker : null;
    const boxed = blamed || (elsewhere !== null && elsewhere.against.length > 0);
    if (!boxed && (end.from === 'originator' || (reset !== null && reset.shape === 'passive'))) return SILENT;
    const how = elsewhere?.kind === 'alert' ? ' with a TLS alert' : ', before a byte of an answer';
    const what = request.protocol === 'http-request' ? 'HTTP request' : 'ClientHello';
    const name = serverName !== null ? ` for ${serverName.name} (${serverName.by})` : '';
    const because: Citation[] = [
      cite(
        'exchange',
        `${seconds(elapsed)} after the first ${what}${name} the connection was ended in the name of the ${who(end.from)}${how}`,
        request.number,
        end.number,
      ),
    ];
    if (blamed)
      for (const { says, packets } of [...maker.proofs, ...maker.against])
        because.push(cite('maker', says, ...packets));
    if (elsewhere !== null)
      for (const { says, packets } of elsewhere.against) because.push(cite('endingMaker', says, ...packets));
    // Content decides when all that failed asked for one name, again and again, and others got through. What fell in
    // one instant fell by the moment.
    const repeated =
      neighbours !== null &&
      neighbours.sameName >= 2 &&
      neighbours.sameName === neighbours.troubled &&
      neighbours.sameInstant < neighbours.troubled;
    const spared = unaffectedConnections !== null && unaffectedConnections.count > 0;
    if (repeated && spared && serverName !== null) {
      because.push(
        cite(
          'unaffectedConnections',
          `all ${thousands(neighbours.sameName)} connections to this server that ended so asked for ${serverName.name}, while ${thousands(unaffectedConnections.count)} others came to no harm`,
          request.number,
          end.number,
        ),
      );
    }
    const byContent = repeated && spared && serverName !== null;
    if (elsewhere?.madeOutsideStack === 'likely') return supported('strong', because, 'middlebox');
    if (elsewhere?.madeOutsideStack === 'unclear') return supported('fair', because, 'undetermined');
    if (elsewhere !== null && elsewhere.against.length > 0) return supported('weak', because, 'undetermined');
    if (blamed && maker !== null) return supported(byContent ? 'strong' : 'weak', because, maker.sender);
    if (maker !== null && maker.middlebox === 'unlikely') {
      // A proxy that ends it is itself the host the client talks to.
      return byContent ? supported('fair', because, 'responder') : supported('weak', because, 'responder');
    }
    return supported(byContent ? 'fair' : 'weak', because);
  },
  advice({ serverName, endpoints }) {
    const name = serverName !== null ? serverName.name : 'NAME';
    const where =
      endpoints !== null ? `${endpoints.server.address}:${endpoints.server.port}` : 'ADDRESS:PORT';
    return [
      {
        who: 'path',
        do: `Search the logs of your own boxes for ${name} at that moment: firewall session end reason (policy-deny, threat), IPS signature, URL filter category, WAF rule id; then add an exception or correct the signature`,
      },
      {
        who: 'client',
        do: `Show that content decides: openssl s_client -connect ${where} -servername ${name}, then with another name; if the other works, it is a filter. If the box is not yours, another network, a VPN or encrypted server names (ECH) go round it`,
      },
      {
        who: 'server',
        do: 'Take a capture at the same moment: no request there, or a RST that this host did not send (OutRsts unchanged), shows that it was ended before; if a WAF or ingress of yours stands in front, its log has the reason',
      },
    ];
  },
  scenario: 'policy-reset',
  examples: {
    match: [
      String.raw`# at the client: one name is reset again and again, in threes; another is served
server ip 10.0.0.2 port 80 ttl 50
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: good.example\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.082 > F.
+0.122 < F.
+0.122 > .
---
+1.000 handshake 40ms
+1.041 request "GET / HTTP/1.1\r\nHost: bad.example\r\n\r\n"
+1.045 < R. ttl 61 win 0 nots id 4660
+1.045 < R. ttl 61 win 0 nots id 4661 seq 1461
+1.045 < R. ttl 61 win 0 nots id 4662 seq 4381
---
+2.000 handshake 40ms
+2.041 request "GET / HTTP/1.1\r\nHost: bad.example\r\n\r\n"
+2.045 < R. ttl 61 win 0 nots id 4660
+2.045 < R. ttl 61 win 0 nots id 4661 seq 1461
+2.045 < R. ttl 61 win 0 nots id 4662 seq 4381`,
      String.raw`# at the server: the reset comes in the client’s name, by the same content
client ip 10.0.0.1 port 40000 ttl 50
server ip 10.0.0.2 port 80 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 request "GET / HTTP/1.1\r\nHost: good.example\r\n\r\n"
+0.042 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.082 > F.
+0.082 < F.
+0.122 > .
---
client port 40001
+1.000 > S
+1.000 < S.
+1.040 > .
+1.041 request "GET / HTTP/1.1\r\nHost: bad.example\r\n\r\n"
+1.042 > R. ttl 61 win 0 nots id 4660
+1.042 > R. ttl 61 win 0 nots id 4661 seq 1498
+1.042 > R. ttl 61 win 0 nots id 4662 seq 4418
---
client port 40002
+2.000 > S
+2.000 < S.
+2.040 > .
+2.041 request "GET / HTTP/1.1\r\nHost: bad.example\r\n\r\n"
+2.042 > R. ttl 61 win 0 nots id 4660
+2.042 > R. ttl 61 win 0 nots id 4661 seq 1498
+2.042 > R. ttl 61 win 0 nots id 4662 seq 4418`,
      String.raw`# at the client: a proxy on the path made the FIN
server ip 10.0.0.2 port 80 ttl 50
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: bad.example\r\n\r\n"
+0.046 < F. ttl 62 nots id 0
+0.047 > F.
+0.052 < . ttl 62 nots id 0`,
    ],
    miss: [
      String.raw`# the server answered
server ip 10.0.0.2 port 80 ttl 50
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
+0.082 < R.`,
      String.raw`# it thought for half a minute
server ip 10.0.0.2 port 80 ttl 50
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 < .
+30.00 < R.`,
    ],
  },
});
