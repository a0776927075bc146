import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Python asyncio',
    source: 'CPython 3.11 asyncio/selector_events.py, sslproto.py, streams.py',
    service: 'any',
  },
  [
    {
      id: 'asyncio-connection-lost',
      class: 'CLOSED',
      regexp:
        /\bsocket\.send\(\) raised exception\b|\bFatal (?:read|write) error on socket transport\b|\bConnection lost\b(?=[^\n]{0,20}$)/,
      strength: 'cause',
      examples: ['asyncio: socket.send() raised exception.', 'Fatal read error on socket transport'],
    },
    {
      id: 'asyncio-incomplete',
      class: 'EOF',
      regexp: /\bIncompleteReadError: \d{1,12} bytes read on a total of \S{1,20} expected bytes\b/,
      examples: ['asyncio.exceptions.IncompleteReadError: 0 bytes read on a total of 4 expected bytes'],
    },
  ],
);
