import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'gRPC',
    source:
      'grpc-go 1.60 internal/transport, grpc-js 1.9, grpc C-core chttp2_transport.cc, grpc-java NettyClientTransport',
    service: 'grpc',
    verified: 'measured',
  },
  [
    {
      id: 'grpc-no-connection-reset',
      class: 'RST-READ',
      regexp: /\bLast error: read ECONNRESET\b/,
      examples: [
        'Error: 14 UNAVAILABLE: No connection established. Last error: read ECONNRESET (2026-11-21T01:02:05.227Z). Resolution note: ',
      ],
    },
    {
      id: 'grpc-connection-dropped',
      class: 'EOF',
      strength: 'hint',
      verified: 'remembered',
      regexp: /\bUNAVAILABLE: Connection dropped\b|\bDisconnected from server\b/,
      ended: 'unclear',
      examples: ['Error: 14 UNAVAILABLE: Connection dropped'],
    },
    {
      id: 'grpc-transport-closing',
      strength: 'cause',
      class: 'CLOSED',
      verified: 'documented',
      regexp:
        /\btransport is closing\b|\bclosing transport due to: connection error\b|\bthe (?:connection|client connection) is closing\b/,
      says: 'The server or a box ended the connection under this call; grpc-go gives the same words for GOAWAY and for a plain close.',
      examples: [
        'rpc error: code = Unavailable desc = transport is closing',
        'rpc error: code = Unavailable desc = closing transport due to: connection error: desc = "error reading from server: EOF"',
      ],
    },
    {
      id: 'grpc-error-reading',
      class: 'EOF',
      verified: 'documented',
      regexp: /\berror reading (?:from server|server preface): EOF\b/,
      examples: [
        'rpc error: code = Unavailable desc = error reading from server: EOF',
        'connection error: desc = "error reading server preface: EOF"',
      ],
    },
    {
      id: 'grpc-preface',
      class: 'HTTP-MISMATCH',
      verified: 'documented',
      regexp:
        /\berror reading server preface: (?:http2: frame too large|http2: failed reading)|\bhttp2Server\.HandleStreams received bogus greeting\b/,
      marks: ['http-version', 'said-wrong-protocol'],
      examples: ['connection error: desc = "error reading server preface: http2: frame too large"'],
    },
    {
      id: 'grpc-failed-to-connect',
      class: 'REFUSED',
      ended: 'unclear',
      verified: 'documented',
      strength: 'cause',
      regexp:
        /\bfailed to connect to all addresses\b|\bNo connection established\b|\ball SubConns are in TransientFailure\b/,
      examples: [
        '14 UNAVAILABLE: failed to connect to all addresses',
        '14 UNAVAILABLE: No connection established',
      ],
    },
    {
      id: 'grpc-deadline',
      class: 'TIMEOUT',
      verified: 'documented',
      regexp: /\bDEADLINE_EXCEEDED\b|\bcode = DeadlineExceeded\b|\bDeadline exceeded after \d/i,
      marks: ['own-timeout'],
      examples: [
        'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
        '4 DEADLINE_EXCEEDED: Deadline exceeded',
      ],
    },
    {
      id: 'grpc-keepalive',
      class: 'TIMEOUT',
      verified: 'documented',
      stage: 'idle',
      regexp:
        /\bkeepalive (?:ping|watchdog) (?:failed|timeout)|\bkeepalive ping failed to receive ACK\b|\bKeepalive failed\. The connection is likely gone\b|\bwatchdog timeout\b/i,
      marks: ['said-heartbeat'],
      says: 'The HTTP/2 pings of the client were not answered: the connection was dead without a FIN or a RST.',
      examples: [
        'keepalive ping failed to receive ACK within timeout',
        'io.grpc.StatusRuntimeException: UNAVAILABLE: Keepalive failed. The connection is likely gone',
      ],
    },
    {
      id: 'grpc-message-too-large',
      class: 'ANSWERED',
      verified: 'documented',
      strength: 'decisive',
      regexp:
        /\breceived message larger than max\b|\bRESOURCE_EXHAUSTED: (?:Received message|gRPC message)[^\n]{0,60}larger than max|\bgRPC message exceeds maximum size\b|\btrying to send message larger than max\b/i,
      marks: ['said-too-large'],
      examples: [
        'rpc error: code = ResourceExhausted desc = grpc: received message larger than max (5242881 vs. 4194304)',
      ],
    },
    {
      id: 'grpc-io-exception',
      class: 'CLOSED',
      verified: 'documented',
      strength: 'cause',
      regexp:
        /\bStatusRuntimeException: UNAVAILABLE\b|\b14 UNAVAILABLE\b|\bStatusCode\.UNAVAILABLE\b|\bcode = Unavailable\b/,
      examples: [
        'io.grpc.StatusRuntimeException: UNAVAILABLE: io exception',
        'grpc._channel._InactiveRpcError: StatusCode.UNAVAILABLE',
      ],
    },
    {
      id: 'grpc-network-closed',
      class: 'CLOSED',
      verified: 'documented',
      regexp:
        /\bNetwork closed for unknown reason\b|\bConnection closed by peer\b(?=[^\n]{0,80}(?:grpc|UNAVAILABLE))|\bSocket closed\b(?=[^\n]{0,120}(?:grpc_status|UNAVAILABLE))/,
      examples: [
        'io.grpc.StatusRuntimeException: UNAVAILABLE: Network closed for unknown reason',
        '{"description":"Error received from peer","grpc_message":"Socket closed","grpc_status":14}',
      ],
    },
  ],
);
