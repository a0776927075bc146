import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'OkHttp',
    source: 'OkHttp 3 to 5 Http1ExchangeCodec.kt, Http1xStream.java, Http2Stream.kt',
    service: 'http',
    verified: 'documented',
    marks: ['pool'],
  },
  [
    {
      id: 'okhttp-end-of-stream',
      class: 'EOF',
      regexp: /\bunexpected end of stream on\b|\bunexpected end of stream\b/,
      caveats: [
        '"ProtocolException: unexpected end of stream" comes from a body that was cut, so the answer had begun.',
      ],
      examples: [
        'java.io.IOException: unexpected end of stream on http://10.0.0.2:8080/...',
        'java.net.ProtocolException: unexpected end of stream',
      ],
    },
    {
      id: 'okhttp-stream-reset',
      class: 'STREAM-RESET',
      verified: 'remembered',
      regexp: /\bStreamResetException: stream was reset\b/,
      examples: ['okhttp3.internal.http2.StreamResetException: stream was reset: CANCEL'],
    },
    {
      id: 'okhttp-shutdown',
      class: 'GOAWAY',
      regexp: /\bConnectionShutdownException\b/,
      marks: ['goaway'],
      examples: ['okhttp3.internal.http2.ConnectionShutdownException'],
    },
  ],
);
