import type { Side } from '../connection/connection.ts';
import { seconds, who } from '../evidence/packets.ts';
import { PEACEFUL_ALERTS, TLS_ALERTS } from '../protocol/tls-alerts.ts';
import {
  type Citation,
  cite,
  defineCause,
  type Handed,
  type KnownFacts,
  SILENT,
  supported,
} from './define.ts';

/** The end belongs to the alert when it follows this soon, seconds. */
const FOLLOWS = 1;
/** A TLS 1.3 record that holds an alert and nothing else (RFC 8446 §5.2): header 5, alert 2, type 1, tag 16. */
const HIDDEN_ALERT = 24;

const says = {
  alert: (name: string, { name: alert, code }: Alert) =>
    `the ${name} sent the TLS alert ${alert} (${code})${TLS_ALERTS[code] === undefined ? '' : `: ${TLS_ALERTS[code].means}`}`,
  ended: (elapsed: number, name: string) => `${seconds(elapsed)} later the ${name} ended the connection`,
  refusal: (length: number) =>
    `the client answered the ServerHello with one encrypted record of ${length} bytes: the size of an alert (a Finished has at least 58)`,
  hidden: `right after the handshake the server sent one encrypted record of ${HIDDEN_ALERT} bytes, the size of an alert, and ended the connection`,
};

interface Alert {
  side: Side;
  number: number;
  code: number;
  name: string;
}

/** The alert that ended it, if one was sent in the clear. */
function alertOf({ application }: Pick<KnownFacts, 'application'>): Alert | null {
  if (application === null) return null;
  const { firstRequest, lastRequest, lastResponse } = application;
  // An alert that answers plain text complains about the lack of TLS: plaintext-to-tls-port.
  if (firstRequest?.protocol === 'http-request' || firstRequest?.protocol === 'other') return null;
  for (const [side, message] of [
    ['responder', lastResponse] as const,
    ['originator', lastRequest] as const,
  ]) {
    if (message?.protocol !== 'tls-alert' || message.level === 'encrypted') continue;
    if (PEACEFUL_ALERTS.has(message.code)) continue;
    return { side, number: message.number, code: message.code, name: message.name };
  }
  return null;
}

/** Frame of the only encrypted record that the server sent after the handshake, when it has the size of an alert. */
function hiddenAlert({ application, exchange }: Handed<'exchange', 'application'>): number | null {
  if (application === null || exchange.responses !== 2) return null;
  const { firstRequest, firstResponse, lastResponse, responseLength } = application;
  const handshake = firstRequest?.protocol === 'tls-handshake' && firstResponse?.protocol === 'tls-handshake';
  return handshake && lastResponse?.protocol === 'tls-data' && responseLength === HIDDEN_ALERT
    ? lastResponse.number
    : null;
}

export default defineCause({
  id: 'tls-alert',
  taxonomy: 'P3',
  family: 'tls-refused',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'TLS handshake refused with an alert',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE', 'SK_RST_REASON_TCP_ABORT_ON_DATA'],
  counters: ['TCPAbortOnClose', 'TCPAbortOnData'],
  references: ['RFC 8446 §6', 'RFC 5246 §7.2', 'RFC 7301 §3.2'],
  explain:
    'One side refused the TLS handshake and said why in an alert, then closed the connection. ' +
    'The TCP ending, FIN or RST, is only the consequence; the number in the alert is the cause. ' +
    "If the other side was still sending, or bytes were left unread, the close turns into a RST, and that RST can overtake the alert in the receiver's queue. " +
    'Then the application reports ECONNRESET or "socket hang up" instead of the TLS error, and the reason seems to be lost although it was on the wire. ' +
    'In TLS 1.3 most alerts are encrypted; only those before the keys are agreed can be read in a capture.',
  requires: ['exchange'],
  mayUse: ['application', 'reset', 'closing', 'endingMaker', 'tlsRefusal'],
  refines: [
    'early-response-unread-body',
    'unread-data-at-close',
    'abort-by-linger-zero',
    'write-after-close',
    'client-reset-after-response',
    'late-packet-after-close',
    'client-gave-up',
  ],
  examine({ application, exchange, reset, closing, endingMaker, tlsRefusal }) {
    const fin = closing !== null && (reset === null || closing.fin.number < reset.packet.number);
    const end = fin ? closing.fin : (reset?.packet ?? null);
    const follows = (since: number): Citation[] => {
      const elapsed = end === null ? -1 : end.time - since;
      if (end === null || elapsed < 0 || elapsed > FOLLOWS) return [];
      return [cite(fin ? 'closing' : 'reset', says.ended(elapsed, who(end.from)), end.number)];
    };
    const alert = alertOf({ application });
    if (alert === null && tlsRefusal !== null) {
      const { number, refused, length } = tlsRefusal;
      const ended = follows(exchange.originator.lastDataTime);
      const because = [cite('tlsRefusal', says.refusal(length), refused, number), ...ended];
      return supported(ended.length > 0 ? 'strong' : 'fair', because, 'originator');
    }
    if (end === null) return SILENT;
    if (alert === null) {
      const hidden = hiddenAlert({ application, exchange });
      if (hidden === null || end.from !== 'responder' || hidden > end.number) return SILENT;
      if (end.time - exchange.responder.lastDataTime > FOLLOWS) return SILENT;
      return supported('fair', [cite('application', says.hidden, hidden, end.number)], 'responder');
    }
    const because = [cite('application', says.alert(who(alert.side), alert), alert.number)];
    const made = endingMaker?.packet.number === alert.number ? endingMaker : null;
    // A filter that reads server names can write an alert as well: the first messages carry no signature.
    if (made !== null && made.against.length > 0) {
      because.push(...made.against.map((sign) => cite('endingMaker', sign.says, ...sign.packets)));
      return supported(made.madeOutsideStack === 'likely' ? 'weak' : 'fair', because, 'undetermined');
    }
    const last = exchange[alert.side].lastDataNumber === alert.number;
    const ended = last ? follows(exchange[alert.side].lastDataTime) : [];
    if (ended.length === 0) return supported('fair', because, alert.side);
    because.push(...ended);
    // Unless the alert is known to come from as far as that side's other packets, a filter may have written it.
    return supported(end.from === alert.side && made !== null ? 'proof' : 'strong', because, alert.side);
  },
  advice(facts) {
    const alert = alertOf(facts);
    if (alert !== null) {
      const received = alert.side === 'responder' ? 'client' : 'server';
      const remedy = TLS_ALERTS[alert.code]?.remedy;
      return remedy === undefined
        ? []
        : [{ who: received, do: `For ${alert.name} (${alert.code}): ${remedy}` }];
    }
    if (facts.tlsRefusal !== null)
      return [
        {
          who: 'server',
          do: 'Check what the client was shown: openssl s_client -connect HOST:PORT -servername NAME -showcerts: the full chain, the name (subjectAltName), the dates; an authority of your own must be in the trust store of the client',
        },
      ];
    return [
      {
        who: 'client',
        do: 'The usual reasons are "certificate required" (116: give the client a certificate), "unknown ca" (48) and "no application protocol" (120)',
      },
    ];
  },
  headline: (facts) =>
    facts.tlsRefusal === null || alertOf(facts) !== null
      ? null
      : 'The client refuses the TLS handshake with an encrypted alert: mostly an unknown CA, a wrong name or an expired certificate',
  scenario: 'tls-version',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 response "\x15\x03\x03\x00\x02\x02\x28"
+0.041 < R.`,
      String.raw`server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 response "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.045 request "\x15\x03\x03\x00\x02\x02\x30"
+0.045 > R.`,
      String.raw`# TLS 1.3: the client believes to be through, the server misses its certificate
server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 response "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.045 > P. len 900
+0.066 response "\x17\x03\x03\x00\x13ccccccccccccccccccc"
+0.066 < R.`,
      String.raw`# TLS 1.3: the client refuses the certificate, and its alert is encrypted
server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 response "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.045 request "\x17\x03\x03\x00\x13ccccccccccccccccccc"
+0.045 > F.
+0.066 < F.`,
    ],
    miss: [
      String.raw`# close_notify is a normal goodbye
server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 response "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.050 response "\x15\x03\x03\x00\x02\x01\x00"
+0.050 < F.
+0.051 > R.`,
      String.raw`# a record of 58 bytes is a Finished
server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 response "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.045 request "\x17\x03\x03\x00\x35ccccccccccccccccccccccccccccccccccccccccccccccccccccc"
+0.045 > R.`,
    ],
  },
});
