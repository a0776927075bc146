import { type Pattern, patternsOf } from '../pattern.ts';

/** HTTP/2 and gRPC: their own kinds of reset, which are frames and not TCP. */
export const http2AndGrpc: Pattern[] = patternsOf({ program: 'HTTP/2', verified: 'measured' }, [
  {
    id: 'h2-too-many-pings',
    class: 'GOAWAY',
    strength: 'exact',
    verified: 'documented',
    regexp: /\btoo_many_pings\b|\bENHANCE_YOUR_CALM\b/gi,
    says: 'The server found this client too talkative; gRPC servers tolerate one keep-alive ping in 300 s unless told otherwise.',
    families: [
      {
        cause: 'P8',
        why: 'keep-alive pings more often than the server allows, or too many requests or resets',
      },
    ],
    examples: [
      'rpc error: code = Unavailable desc = closing transport due to: connection error: received goaway: code: ENHANCE_YOUR_CALM, debug data: "too_many_pings"',
    ],
  },
  {
    id: 'h2-goaway',
    class: 'GOAWAY',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bGOAWAY\b|\bERR_HTTP2_GOAWAY_SESSION\b|\bERR_HTTP2_SESSION_ERROR\b/gi,
    examples: [
      'http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR, debug=""',
      "code: 'ERR_HTTP2_GOAWAY_SESSION'",
    ],
  },
  {
    id: 'h2-refused-stream',
    class: 'STREAM-RESET',
    strength: 'exact',
    regexp: /\bNGHTTP2_REFUSED_STREAM\b|\bREFUSED_STREAM\b/g,
    says: 'The server did not process the request at all (RFC 9113 §8.7), so it is safe to send it again.',
    examples: ['Error [ERR_HTTP2_STREAM_ERROR]: Stream closed with error code NGHTTP2_REFUSED_STREAM'],
  },
  {
    id: 'h2-stream-reset',
    class: 'STREAM-RESET',
    strength: 'exact',
    regexp:
      /\bERR_HTTP2_STREAM_ERROR\b|\bNGHTTP2_[A-Z_]{4,30}\b|\bRST_STREAM\b|\bstream error: stream ID \d{1,10}; [A-Z_]{4,30}/g,
    examples: [
      "Error [ERR_HTTP2_STREAM_ERROR]: Stream closed with error code NGHTTP2_INTERNAL_ERROR {\n  code: 'ERR_HTTP2_STREAM_ERROR'\n}",
      'stream error: stream ID 5; INTERNAL_ERROR; received from peer',
      'Received RST_STREAM with error code 8 (CANCEL)',
    ],
  },
  {
    id: 'grpc-no-connection-reset',
    program: 'gRPC',
    class: 'RST-READ',
    strength: 'exact',
    regexp: /\bLast error: read ECONNRESET\b/g,
    examples: [
      'Error: 14 UNAVAILABLE: No connection established. Last error: read ECONNRESET (2026-11-21T01:02:05.227Z). Resolution note: ',
    ],
  },
  {
    id: 'grpc-connection-dropped',
    program: 'gRPC',
    class: 'EOF',
    strength: 'hint',
    ended: 'unclear',
    verified: 'remembered',
    regexp: /\bUNAVAILABLE: Connection dropped\b|\bDisconnected from server\b/g,
    examples: ['Error: 14 UNAVAILABLE: Connection dropped'],
  },
  {
    id: 'h2-http1-answer',
    class: 'HTTP-MISMATCH',
    strength: 'exact',
    regexp:
      /\bERR_HTTP2_ERROR\b|\bframe too large, note that the frame header looked like an HTTP\/1|\bbogus greeting\b|\bBad client magic\b/gi,
    examples: ["Error [ERR_HTTP2_ERROR]: Protocol error {\n  errno: -505,\n  code: 'ERR_HTTP2_ERROR'\n}"],
  },
]);
