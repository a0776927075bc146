import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Jetty',
    source: 'jetty.project HttpConnectionOverHTTP, AbstractEndPoint, IdleTimeout',
    service: 'http',
  },
  [
    {
      id: 'jetty-client-eof',
      class: 'EOF',
      marks: ['pool'],
      regexp: /\bEOFException: HttpConnectionOverHTTP@/,
      says: 'The Jetty client read the end of the stream while it waited for a response.',
      examples: [
        'java.io.EOFException: HttpConnectionOverHTTP@43e5a4db::DecryptedEndPoint@6e415863{api.example.com/10.34.25.208:443<->/172.17.0.4:56240,CLOSED,fill=-,flush=C,to=3/20000}',
      ],
    },
    {
      id: 'jetty-idle-expired',
      class: 'TIMEOUT',
      ended: 'neither',
      marks: ['said-idle-timeout'],
      regexp: /\bIdle timeout expired: \d{1,9}\/\d{1,9} ms\b/,
      says: 'Jetty’s own idle timeout expired: "waited/limit".',
      examples: ['java.util.concurrent.TimeoutException: Idle timeout expired: 30001/30000 ms'],
    },
    {
      id: 'jetty-h2-shutdown',
      class: 'EOF',
      stage: 'idle',
      marks: ['pool'],
      regexp: /\bHTTP2Session\.onShutdown\b/,
      says: 'The other side ended the HTTP/2 connection, and Jetty failed the streams on it.',
      examples: ['at org.eclipse.jetty.http2.HTTP2Session.onShutdown(HTTP2Session.java:1122)'],
    },
    {
      id: 'jetty-asynchronous-close',
      class: 'LOCAL-ABORT',
      strength: 'cause',
      regexp: /\bAsynchronousCloseException\b/,
      says: 'Another thread of this program closed the connection while it was in use: a stopped client, an idle timeout, or a session that the server had ended.',
      examples: ['java.nio.channels.AsynchronousCloseException'],
    },
    {
      id: 'jetty-early-eof',
      class: 'CLIENT-GONE',
      reporter: 'server',
      regexp: /\bEofException: Early EOF\b|\borg\.eclipse\.jetty\.io\.EofException\b/,
      examples: ['org.eclipse.jetty.io.EofException: Early EOF', 'org.eclipse.jetty.io.EofException'],
    },
  ],
);
