import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'reactor-netty',
    source: 'reactor-netty 1.x HttpClientOperations, netty 4.1 epoll transport',
    service: 'http',
    verified: 'documented',
    marks: ['pool'],
  },
  [
    {
      id: 'reactor-before',
      class: 'EOF',
      regexp: /\bConnection prematurely closed BEFORE response\b/,
      examples: [
        'reactor.netty.http.client.PrematureCloseException: Connection prematurely closed BEFORE response',
      ],
    },
    {
      id: 'reactor-during',
      class: 'EOF-MID',
      regexp: /\bConnection prematurely closed DURING response\b/,
      examples: [
        'reactor.netty.http.client.PrematureCloseException: Connection prematurely closed DURING response',
      ],
    },
    {
      id: 'netty-native-reset',
      class: 'RST-READ',
      program: 'Netty',
      service: 'any',
      regexp:
        /\b(?:recvAddress|readAddress|syscall:read|recv)\(\.\.\)(?: failed:|) ?[^\n]{0,40}?Connection reset by peer/,
      examples: [
        'io.netty.channel.unix.Errors$NativeIoException: readAddress(..) failed: Connection reset by peer',
        'io.netty.channel.unix.Errors$NativeIoException: recvAddress(..) failed: Connection reset by peer',
      ],
    },
    {
      id: 'netty-annotated-connect',
      class: 'REFUSED',
      program: 'Netty',
      service: 'any',
      regexp: /\bAnnotatedConnectException: (?:finishConnect\(\.\.\) failed: )?Connection refused\b/,
      examples: [
        'io.netty.channel.AbstractChannel$AnnotatedConnectException: Connection refused: /10.0.0.2:8080',
      ],
    },
    {
      id: 'netty-connect-timeout',
      class: 'TIMEOUT-CONNECT',
      program: 'Netty',
      service: 'any',
      regexp: /\bconnection timed out after \d{1,9} ms: |\bconnection timed out: \S{1,80}:\d{1,5}\b/,
      examples: [
        'io.netty.channel.ConnectTimeoutException: connection timed out: /10.0.0.2:8080',
        'connection timed out after 30000 ms: api.example.com/10.0.0.2:443',
      ],
    },
    {
      id: 'reactor-pool-acquire',
      class: 'LIMIT',
      reporter: 'client',
      regexp: /\bPoolAcquireTimeoutException\b|\bPoolAcquirePendingLimitException\b/,
      marks: ['pool', 'said-too-many'],
      says: 'The limit is in the client’s own pool.',
      examples: [
        'reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException: Pool#acquire(Duration) has been pending for more than the configured timeout of 45000ms',
      ],
    },
    {
      id: 'netty-stacktraceless-closed',
      class: 'EOF',
      program: 'Netty',
      service: 'any',
      regexp: /\bStacklessClosedChannelException\b|\bPrematureChannelClosureException\b/,
      ended: 'unclear',
      examples: [
        'io.netty.channel.StacklessClosedChannelException',
        'io.netty.handler.codec.PrematureChannelClosureException: channel gone inactive with 1 missing response(s)',
      ],
    },
    {
      id: 'netty-annotated-timeout',
      class: 'TIMEOUT-CONNECT',
      program: 'Netty',
      service: 'any',
      regexp:
        /\b(?:AnnotatedConnectException|ConnectException): (?:finishConnect\(\.\.\) failed: )?Connection timed out\b/,
      examples: [
        'io.netty.channel.AbstractChannel$AnnotatedConnectException: Connection timed out: no further information: /203.0.113.7:25565',
      ],
    },
  ],
);
