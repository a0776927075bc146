import { decidingFrame, type Http2End, http2Code, PEACEFUL_CODES } from '../evidence/exchange/http2.ts';
import { who } from '../evidence/packets.ts';
import { HTTP2_CODES } from '../protocol/http2-codes.ts';
import { type AdviceLine, cite, defineCause, SILENT, supported } from './define.ts';

const says = {
  frame: ({ kind, stream, code, from }: Http2End) => {
    const about = kind === 'RST_STREAM' ? `for stream ${stream}` : `with last stream ${stream}`;
    const meaning = HTTP2_CODES[code];
    return `the ${who(from)} sent ${kind} ${about} and code ${http2Code(code)}${meaning === undefined ? '' : `: ${meaning}`}`;
  },
  fin: 'the TCP connection ended with a FIN: no TCP reset took part',
  open: 'the TCP connection went on: no TCP reset took part',
  reset: 'the TCP reset came only after it',
};

const REFUSED_STREAM = 7;
const ENHANCE_YOUR_CALM = 11;

export default defineCause({
  id: 'http2-stream-reset',
  taxonomy: 'P8',
  family: 'http2-ended',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'HTTP/2 stream reset or GOAWAY, which is no TCP reset',
  resetBy: 'either',
  benign: false,
  kernelReasons: [],
  counters: [],
  references: [
    'RFC 9113 §6.4, §6.8, §7 and §8.7',
    'gRPC keepalive guide, ENHANCE_YOUR_CALM "too_many_pings"',
  ],
  explain:
    'What the program calls a reset is a frame of HTTP/2: RST_STREAM ends one request, GOAWAY announces the end of the connection and names the last request that will still be served. ' +
    'TCP has nothing to do with it; the connection goes on, or closes with a FIN in its own time. ' +
    'The code in the frame is the reason (RFC 9113 §7): REFUSED_STREAM means that the request was not processed and is safe to repeat, ENHANCE_YOUR_CALM that the client pings or asks too much, INTERNAL_ERROR that the server failed. ' +
    'A GOAWAY with NO_ERROR is a polite shutdown, after a maximum age or at a deployment. ' +
    'Programs report NGHTTP2_REFUSED_STREAM, ERR_HTTP2_STREAM_ERROR, "stream error: stream ID 1; INTERNAL_ERROR", "server sent GOAWAY and closed the connection", "too_many_pings". ' +
    'Inside TLS none of it can be read from a capture.',
  requires: ['http2'],
  mayUse: ['reset', 'closing', 'endpoints'],
  refines: [
    'abort-by-linger-zero',
    'unread-data-at-close',
    'write-after-close',
    'client-gave-up',
    'client-reset-after-response',
    'late-packet-after-close',
    'max-requests-or-age',
    'process-died',
  ],
  examine({ http2, reset, closing }) {
    const frame = decidingFrame(http2);
    if (frame === null) return SILENT;
    const { code, from, number } = frame;
    const because = [cite('http2', says.frame(frame), number)];
    if (reset !== null) {
      if (reset.packet.number < number) return SILENT;
      because.push(cite('reset', says.reset, number, reset.packet.number));
    } else if (closing !== null) because.push(cite('closing', says.fin, closing.fin.number));
    else because.push(cite('http2', says.open, number));
    // A polite end explains that the connection closed, but not a RST behind it.
    if (PEACEFUL_CODES.has(code)) return supported(reset !== null ? 'weak' : 'strong', because, from);
    return supported(reset !== null ? 'strong' : 'proof', because, from);
  },
  advice({ http2 }): AdviceLine[] {
    const frame = http2 === null ? null : decidingFrame(http2);
    const code = frame?.code ?? -1;
    const sender = frame === null ? 'server' : who(frame.from);
    const lines: AdviceLine[] = [
      {
        who: 'client',
        do: 'Honour GOAWAY: open a new connection for new requests, and send again those above the last stream it names, and those refused with REFUSED_STREAM; they were not processed (RFC 9113 §8.7)',
      },
    ];
    if (code === ENHANCE_YOUR_CALM || frame === null)
      lines.push({
        who: 'client',
        do: 'Ping less: gRPC keepalive time at or above what the server permits (5 minutes by default), none without running calls; and bound how many streams are opened and reset at a time',
      });
    lines.push({
      who: sender,
      do:
        code === REFUSED_STREAM
          ? 'Allow more streams at once (SETTINGS_MAX_CONCURRENT_STREAMS: Node settings.maxConcurrentStreams, nginx http2_max_concurrent_streams, Envoy max_concurrent_streams) or add capacity'
          : `Look up the ${frame === null ? 'code of the frame' : http2Code(code)} in the log of the ${sender} at that time; shut down in two steps, GOAWAY first and the close after the last stream`,
    });
    return lines;
  },
  scenario: 'h2-refused',
  examples: {
    match: [
      String.raw`# at the client: a stream is refused, and TCP goes on
server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x01\x01\x05\0\0\0\x01\x82"
+0.041 response "\0\0\0\x04\0\0\0\0\0\0\0\x04\x03\0\0\0\0\x01\0\0\0\x07"
+0.041 > .`,
      String.raw`# at the server: too many pings, then the close
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 8080 ttl 64
+0.000 > S
+0.000 < S.
+0.020 > .
+0.021 request "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"
+0.022 response "\0\0\0\x04\0\0\0\0\0"
+1.000 request "\0\0\x08\x06\0\0\0\0\0aaaaaaaa"
+1.001 response "\0\0\x16\x07\0\0\0\0\0\0\0\0\x01\0\0\0\x0btoo_many_pings"
+1.001 < F.
+1.021 > F.
+1.021 < .`,
    ],
    miss: [
      String.raw`# HTTP/1 to an HTTP/2 server
server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "\0\0\0\x04\0\0\0\0\0\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01"
+0.041 < F.
+0.060 > F.`,
      String.raw`# HTTP/2, and a RST out of nowhere
server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"
+0.041 response "\0\0\0\x04\0\0\0\0\0"
+1.000 < R.`,
    ],
  },
});
