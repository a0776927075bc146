import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'HTTP/2',
    source: 'RFC 9113 §7; nghttp2; Go net/http2; Node lib/internal/http2',
    service: 'http',
    verified: 'measured',
  },
  [
    {
      id: 'h2-too-many-pings',
      marks: ['too-many-pings', 'goaway'],
      strength: 'decisive',
      class: 'GOAWAY',
      verified: 'documented',
      regexp: /\btoo_many_pings\b|\bENHANCE_YOUR_CALM\b/i,
      says: 'The server found this client too talkative; gRPC servers tolerate one keep-alive ping in 300 s unless told otherwise.',
      examples: [
        'rpc error: code = Unavailable desc = closing transport due to: connection error: received goaway: code: ENHANCE_YOUR_CALM, debug data: "too_many_pings"',
      ],
    },
    {
      id: 'h2-goaway-drain',
      marks: ['goaway', 'said-max-age'],
      class: 'GOAWAY',
      ended: 'fin',
      verified: 'documented',
      regexp:
        /\bserver sent GOAWAY and closed the connection; LastStreamID=\d{1,10}, ErrCode=NO_ERROR\b|\bGOAWAY\b[^\n]{0,80}\b(?:max_age|graceful_stop|session_timed_out|server_shutting_down)\b/i,
      says: 'GOAWAY with NO_ERROR: the server ends the connection in an orderly way, at its limit of requests or age, or because it stops.',
      examples: [
        'http2: server sent GOAWAY and closed the connection; LastStreamID=1999, ErrCode=NO_ERROR, debug=""',
        'received GOAWAY with NO_ERROR, debug data: "max_age"',
      ],
    },
    {
      id: 'h2-goaway-session',
      marks: ['goaway', 'said-max-age'],
      class: 'GOAWAY',
      verified: 'documented',
      regexp: /\bERR_HTTP2_GOAWAY_SESSION\b|\bNew streams cannot be created after receiving a GOAWAY\b/,
      says: 'A request was opened on a session that the server is draining: open a new session on the event "goaway".',
      examples: ["code: 'ERR_HTTP2_GOAWAY_SESSION'"],
    },
    {
      id: 'h2-goaway',
      marks: ['goaway'],
      class: 'GOAWAY',
      verified: 'documented',
      regexp: /\bGOAWAY\b|\bERR_HTTP2_SESSION_ERROR\b/i,
      examples: [
        'http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=INTERNAL_ERROR, debug=""',
      ],
    },
    {
      id: 'h2-refused-stream',
      marks: ['stream-refused'],
      class: 'STREAM-RESET',
      regexp: /\bNGHTTP2_REFUSED_STREAM\b|\bREFUSED_STREAM\b/,
      says: 'The server did not process the request at all (RFC 9113 §8.7), so it is safe to send it again.',
      examples: ['Error [ERR_HTTP2_STREAM_ERROR]: Stream closed with error code NGHTTP2_REFUSED_STREAM'],
    },
    {
      id: 'h2-stream-reset',
      marks: ['stream-error'],
      class: 'STREAM-RESET',
      regexp:
        /\bERR_HTTP2_STREAM_ERROR\b|\bNGHTTP2_[A-Z_]{4,30}\b|\bRST_STREAM\b|\bstream error: stream ID \d{1,10}; [A-Z_]{4,30}/,
      examples: [
        "Error [ERR_HTTP2_STREAM_ERROR]: Stream closed with error code NGHTTP2_INTERNAL_ERROR {\n  code: 'ERR_HTTP2_STREAM_ERROR'\n}",
        'stream error: stream ID 5; INTERNAL_ERROR; received from peer',
        'Received RST_STREAM with error code 8 (CANCEL)',
      ],
    },
    {
      id: 'h2-http1-answer',
      marks: ['http-version'],
      class: 'HTTP-MISMATCH',
      regexp:
        /\bERR_HTTP2_ERROR\b|\bframe too large, note that the frame header looked like an HTTP\/1|\bbogus greeting\b|\bBad client magic\b/i,
      examples: ["Error [ERR_HTTP2_ERROR]: Protocol error {\n  errno: -505,\n  code: 'ERR_HTTP2_ERROR'\n}"],
    },
    {
      id: 'h2-max-age',
      class: 'GOAWAY',
      verified: 'documented',
      strength: 'decisive',
      regexp:
        /\bmax_age\b(?=[^\n]{0,60}(?:goaway|GOAWAY|debug data))|debug data: "max_age"|\bConnection max age\b/,
      marks: ['goaway', 'said-max-age'],
      examples: ['received prior goaway: code: NO_ERROR, debug data: "max_age"'],
    },
    {
      id: 'h2-chrome-refused',
      class: 'STREAM-RESET',
      verified: 'documented',
      regexp: /\bERR_HTTP2_SERVER_REFUSED_STREAM\b/,
      marks: ['stream-refused', 'browser'],
      says: 'The server refused the stream before it looked at the request; such a request may be repeated.',
      examples: ['net::ERR_HTTP2_SERVER_REFUSED_STREAM'],
    },
    {
      id: 'h2-chrome-protocol',
      class: 'STREAM-RESET',
      verified: 'documented',
      regexp:
        /\bERR_HTTP2_PROTOCOL_ERROR\b|\bERR_SPDY_PROTOCOL_ERROR\b|\bERR_QUIC_PROTOCOL_ERROR\b|\bERR_HTTP2_PING_FAILED\b/,
      marks: ['stream-error', 'browser'],
      examples: [
        'net::ERR_HTTP2_PROTOCOL_ERROR 200 (OK)',
        'Failed to load resource: net::ERR_HTTP2_PING_FAILED',
      ],
    },
  ],
);
