import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'C++ clients',
    source: 'boost 1.8x asio/error.hpp; Qt 6 QNetworkReply; Windows WinHTTP error messages; Indy IdException',
    service: 'any',
  },
  [
    {
      id: 'asio-eof',
      program: 'Boost.Asio',
      class: 'EOF',
      regexp: /\bEnd of file \[asio\.misc:2\]|\bend of file \[asio\.misc:2[^\]\n]{0,80}\]/i,
      examples: ['End of file [asio.misc:2]'],
    },
    {
      id: 'asio-truncated',
      program: 'Boost.Asio',
      class: 'EOF-MID',
      regexp: /\bstream truncated \[asio\.ssl\.stream:1/,
      examples: ['stream truncated [asio.ssl.stream:1]'],
    },
    {
      id: 'qt-closed',
      program: 'Qt',
      class: 'EOF',
      regexp: /\bRemoteHostClosedError\b|\bThe remote host closed the connection\b(?!\. The error code)/,
      examples: [
        'QAbstractSocket::RemoteHostClosedError',
        'QNetworkReply: The remote host closed the connection',
      ],
    },
    {
      id: 'winhttp-terminated',
      program: 'WinHTTP',
      class: 'CLOSED',
      marks: ['windows'],
      regexp:
        /\b(?:[Ee]rror|[Ff]ailed|[Cc]ode)[ :(]{1,3}(?:12030|12152)\b|\b(?:0x80072EFE|0x80072F78)\b|\bThe connection with the server was (?:terminated abnormally|reset)\b/i,
      examples: [
        'The connection with the server was terminated abnormally (0x80072EFE)',
        'WinHttpReceiveResponse failed: 12030',
      ],
    },
    {
      id: 'winhttp-timeout',
      program: 'WinHTTP',
      class: 'TIMEOUT',
      marks: ['windows'],
      regexp: /\b(?:[Ee]rror|[Ff]ailed|[Cc]ode)[ :(]{1,3}12002\b|\b0x80072EE2\b/i,
      examples: ['The operation timed out (0x80072EE2)'],
    },
    {
      id: 'winhttp-connect',
      program: 'WinHTTP',
      class: 'REFUSED',
      ended: 'unclear',
      marks: ['windows'],
      regexp:
        /\b(?:[Ee]rror|[Ff]ailed|[Cc]ode)[ :(]{1,3}12029\b|\b0x80072EFD\b|\bA connection with the server could not be established\b/i,
      examples: ['A connection with the server could not be established (0x80072EFD)'],
    },
    {
      id: 'indy-closed',
      program: 'Indy',
      class: 'CLOSED',
      regexp: /\bConnection Closed Gracefully\b/,
      ended: 'fin',
      examples: ['EIdConnClosedGracefully: Connection Closed Gracefully.'],
    },
    {
      id: 'perl-lwp-closed',
      program: 'LWP',
      service: 'http',
      class: 'EOF',
      regexp: /\bServer closed connection without sending any data back\b/,
      examples: ['500 Server closed connection without sending any data back'],
    },
    {
      id: 'perl-lwp-timeout',
      program: 'LWP',
      service: 'http',
      class: 'TIMEOUT',
      regexp: /\b500 read timeout\b/,
      examples: ['500 read timeout at ./fetch.pl line 12.'],
    },
  ],
);
