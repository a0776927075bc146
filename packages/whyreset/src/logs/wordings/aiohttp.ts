import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'aiohttp',
    source: 'aiohttp 3.8 to 3.12 client_exceptions.py, client_proto.py',
    service: 'http',
    verified: 'documented',
    marks: ['pool'],
  },
  [
    {
      id: 'aiohttp-disconnected',
      class: 'EOF',
      regexp: /\bServerDisconnectedError\b|\bServer disconnected\b(?! without)/,
      examples: ['aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected'],
    },
    {
      id: 'aiohttp-os-error-reset',
      class: 'RST-READ',
      regexp: /\bClientOSError: \[Errno 104\]/,
      examples: ['aiohttp.client_exceptions.ClientOSError: [Errno 104] Connection reset by peer'],
    },
    {
      id: 'aiohttp-closing-transport',
      class: 'EPIPE',
      regexp: /\bCannot write to closing transport\b|\bClientConnectionResetError\b/,
      examples: [
        'aiohttp.client_exceptions.ClientConnectionResetError: Cannot write to closing transport',
        'ConnectionResetError: Cannot write to closing transport',
      ],
    },
    {
      id: 'aiohttp-connect-refused',
      class: 'REFUSED',
      regexp: /\bCannot connect to host \S{1,120} ssl:\S{1,20} \[(?:Connect call failed|Connection refused)/,
      examples: [
        "aiohttp.client_exceptions.ClientConnectorError: Cannot connect to host 10.0.0.2:8000 ssl:default [Connect call failed ('10.0.0.2', 8000)]",
      ],
    },
    {
      id: 'aiohttp-timeout',
      class: 'TIMEOUT',
      regexp: /\bServerTimeoutError\b|\bSocketTimeoutError\b/,
      marks: ['own-timeout'],
      examples: ['aiohttp.client_exceptions.ServerTimeoutError: Timeout on reading data from socket'],
    },
  ],
);
