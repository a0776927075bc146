import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'httpx',
    source: 'httpcore 1.x, httpx 0.27 _exceptions.py',
    service: 'http',
    verified: 'documented',
    marks: ['pool'],
  },
  [
    {
      id: 'httpx-disconnected',
      class: 'EOF',
      verified: 'remembered',
      regexp: /\bServer disconnected without sending a response\b/,
      examples: ['httpx.RemoteProtocolError: Server disconnected without sending a response.'],
    },
    {
      id: 'httpx-read-error',
      class: 'RST-READ',
      regexp: /\bhttp(?:x|core)\.(?:ReadError|CloseError)\b/,
      ended: 'unclear',
      examples: ['httpx.ReadError: [Errno 104] Connection reset by peer', 'httpcore.ReadError'],
    },
    {
      id: 'httpx-write-error',
      class: 'EPIPE',
      regexp: /\bhttp(?:x|core)\.WriteError\b/,
      examples: ['httpx.WriteError: [Errno 32] Broken pipe'],
    },
    {
      id: 'httpx-connect-error',
      class: 'REFUSED',
      ended: 'unclear',
      strength: 'cause',
      regexp: /\bAll connection attempts failed\b|\bhttp(?:x|core)\.ConnectError\b/,
      examples: ['httpx.ConnectError: All connection attempts failed'],
    },
    {
      id: 'httpx-timeout',
      class: 'TIMEOUT',
      regexp: /\bhttp(?:x|core)\.ReadTimeout\b/,
      marks: ['own-timeout'],
      examples: ['httpx.ReadTimeout: The read operation timed out'],
    },
    {
      id: 'httpx-connect-timeout',
      class: 'TIMEOUT-CONNECT',
      regexp: /\bhttp(?:x|core)\.ConnectTimeout\b/,
      examples: ['httpx.ConnectTimeout: timed out'],
    },
    {
      id: 'httpx-pool-timeout',
      class: 'LIMIT',
      reporter: 'client',
      regexp: /\bhttp(?:x|core)\.PoolTimeout\b/,
      marks: ['pool', 'said-too-many'],
      says: 'The limit is in the client’s own pool.',
      examples: ['httpx.PoolTimeout'],
    },
  ],
);
