import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Python servers',
    source:
      'django core/servers/basehttp.py, starlette requests.py, tornado iostream.py, twisted internet/error.py, anyio',
    service: 'http',
    reporter: 'server',
  },
  [
    {
      id: 'django-broken-pipe',
      program: 'Django',
      class: 'CLIENT-GONE',
      regexp: /\bBroken pipe from \(/,
      examples: ['- Broken pipe from (\u0027127.0.0.1\u0027, 51234)'],
    },
    {
      id: 'starlette-disconnect',
      program: 'Starlette',
      class: 'CLIENT-GONE',
      regexp: /\bClientDisconnect\b|\bClientDisconnected\b/,
      examples: ['starlette.requests.ClientDisconnect'],
    },
    {
      id: 'tornado-closed',
      program: 'Tornado',
      class: 'CLOSED',
      reporter: 'client',
      regexp: /\bStreamClosedError\b/,
      examples: ['tornado.iostream.StreamClosedError: Stream is closed'],
    },
    {
      id: 'twisted-lost',
      program: 'Twisted',
      service: 'any',
      class: 'CLOSED',
      reporter: 'client',
      regexp: /\bConnection to the other side was lost in a non-clean fashion\b/,
      examples: [
        'twisted.internet.error.ConnectionLost: Connection to the other side was lost in a non-clean fashion.',
      ],
    },
    {
      id: 'twisted-done',
      program: 'Twisted',
      service: 'any',
      class: 'EOF',
      reporter: 'client',
      regexp: /\bConnectionDone: Connection was closed cleanly\b/,
      examples: ['twisted.internet.error.ConnectionDone: Connection was closed cleanly.'],
    },
    {
      id: 'anyio-broken',
      program: 'anyio',
      class: 'CLOSED',
      reporter: 'client',
      regexp: /\banyio\.(?:BrokenResourceError|ClosedResourceError|EndOfStream)\b/,
      examples: ['anyio.BrokenResourceError'],
    },
    {
      id: 'not-connected',
      program: 'operating system',
      service: 'any',
      class: 'CLIENT-GONE',
      marks: ['no-data'],
      regexp: /\bENOTCONN\b|\[Errno 107\]|\bTransport endpoint is not connected\b/,
      says: 'The peer had left before the program asked for its address: a probe that connects and closes, or a client that gave up at once.',
      examples: ['OSError: [Errno 107] Transport endpoint is not connected', 'Error: read ENOTCONN'],
    },
  ],
);
