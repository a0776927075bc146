import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Dart, Flutter',
    source: 'dart:io _http/http_parser.dart, _http_impl.dart',
    service: 'http',
    marks: ['pool'],
  },
  [
    {
      id: 'dart-before-header',
      class: 'EOF',
      regexp: /\bConnection closed before full header was received\b/,
      examples: [
        'HttpException: Connection closed before full header was received, uri = https://api.example.com/x',
      ],
    },
    {
      id: 'dart-while-receiving',
      class: 'EOF-MID',
      regexp: /\bConnection closed while receiving data\b/,
      examples: ['HttpException: Connection closed while receiving data, uri = https://api.example.com/x'],
    },
    {
      id: 'dart-handshake',
      class: 'TLS-EOF',
      regexp: /\bHandshakeException: Connection terminated during handshake\b/,
      examples: ['HandshakeException: Connection terminated during handshake'],
    },
    {
      id: 'dart-errno',
      class: 'RST-READ',
      regexp: /\bOS Error: Connection reset by peer, errno = (?:104|54)\b/,
      examples: [
        'SocketException: Read failed (OS Error: Connection reset by peer, errno = 104), address = api.example.com, port = 51230',
      ],
    },
    {
      id: 'dart-connect-timeout',
      class: 'TIMEOUT-CONNECT',
      regexp: /\bSocketException: (?:HTTP connection|Connection) timed out(?: after|,)/,
      examples: [
        'SocketException: HTTP connection timed out after 0:00:15.000000, host: api.example.com, port: 443',
      ],
    },
  ],
);
