import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'operating system',
    source: 'errno texts of Linux, macOS and BSD; strerror in German, French, Spanish',
    strength: 'cause',
  },
  [
    {
      id: 'posix-refused',
      class: 'REFUSED',
      strength: 'cause',
      verified: 'measured',
      regexp: /\bconnection refused\b/i,
      examples: ['nc: connect to 10.0.0.2 port 80 (tcp) failed: Connection refused'],
    },
    {
      id: 'posix-reset',
      class: 'RST-READ',
      strength: 'cause',
      verified: 'measured',
      regexp: /\bconnection reset by (?:peer|remote host)\b/i,
      examples: [
        'read: Connection reset by peer',
        'kex_exchange_identification: read: Connection reset by peer',
      ],
    },
    {
      id: 'posix-broken-pipe',
      class: 'EPIPE',
      strength: 'cause',
      verified: 'measured',
      regexp: /\bbroken pipe\b/i,
      examples: ['client_loop: send disconnect: Broken pipe'],
    },
    {
      id: 'posix-timeout',
      class: 'TIMEOUT',
      strength: 'cause',
      verified: 'measured',
      regexp: /\b(?:connection|operation) timed out\b/i,
      examples: ['ssh: connect to host 10.0.0.2 port 22: Connection timed out'],
    },
    {
      id: 'posix-unreachable',
      class: 'UNREACHABLE',
      strength: 'cause',
      verified: 'remembered',
      regexp: /\bno route to host\b|\bnetwork is unreachable\b/i,
      examples: ['ssh: connect to host 10.0.0.2 port 22: No route to host'],
    },
    {
      id: 'posix-aborted',
      class: 'LOCAL-ABORT',
      strength: 'cause',
      verified: 'measured',
      regexp: /\bsoftware caused connection abort\b/i,
      says: 'On Linux a socket that was ended with "ss -K" reads this.',
      examples: ['recv: Software caused connection abort'],
    },
    {
      id: 'posix-reset-localised',
      class: 'RST-READ',
      regexp:
        /Die Verbindung wurde vom Kommunikationspartner zurückgesetzt|Connexion ré-initialisée par le correspondant|Conexión reinicializada por la máquina remota|Соединение разорвано другой стороной|连接被对方重设|接続が相手からリセットされました|Conexão fechada pela outra ponta/,
      examples: [
        'Die Verbindung wurde vom Kommunikationspartner zurückgesetzt',
        'Connexion ré-initialisée par le correspondant',
        '连接被对方重设',
      ],
    },
    {
      id: 'posix-refused-localised',
      class: 'REFUSED',
      regexp:
        /Verbindungsaufbau abgelehnt|Connexion refusée|Conexión rehusada|В соединении отказано|拒绝连接|接続を拒否されました|Conexão recusada/,
      examples: ['Verbindungsaufbau abgelehnt', 'Connexion refusée', '拒绝连接'],
    },
    {
      id: 'posix-closed-by-peer',
      class: 'CLOSED',
      strength: 'cause',
      regexp:
        /\b[Cc]onnection (?:was )?closed by (?:the )?(?:remote|peer|server|foreign|remote host|remote peer|remote end)\b|\b[Pp]eer closed (?:the )?connection\b|\b[Rr]emote (?:host|peer|side|end)(?: has| unexpectedly)? closed (?:the )?connection\b|\b[Ss]erver (?:has )?closed the connection\b|\bconnection was closed (?:unexpectedly|prematurely)\b|\b[Cc]onnection (?:was )?(?:unexpectedly|prematurely) closed\b|\b[Cc]onnection closed (?:unexpectedly|prematurely)\b/,
      examples: [
        'Connection closed by remote host',
        'peer closed connection',
        'remote host closed connection',
        'The server closed the connection',
      ],
    },
    {
      id: 'posix-connection-lost',
      class: 'CLOSED',
      strength: 'hint',
      regexp:
        /\b[Cc]onnection (?:was |has been )?(?:lost|aborted|terminated|dropped)\b|\b[Ll]ost connection\b|\b[Cc]onnection closed\b/,
      examples: ['Connection lost', 'connection dropped', 'Connection closed'],
    },
    {
      id: 'posix-hung-up',
      class: 'CLOSED',
      strength: 'hint',
      regexp:
        /\bbroken connection\b|\bconnection is broken\b|\bSocket (?:is )?(?:closed|disconnected)\b|\bsocket closed\b|\bSocket error\b/,
      examples: ['Socket closed', 'Socket is closed'],
    },
    {
      id: 'posix-too-many-files',
      class: 'LIMIT',
      strength: 'exact',
      regexp: /\b[Tt]oo many open files\b/,
      marks: ['said-no-descriptors'],
      examples: ['accept: Too many open files'],
    },
    {
      id: 'posix-timeout-hint',
      class: 'TIMEOUT',
      strength: 'hint',
      regexp:
        /\b(?:request|read|connection|socket|response|gateway|operation|query|idle|handshake)[ _-]?(?:has )?(?:timed[ -]?out|timeout)\b|\btimed out\b/i,
      examples: ['Request timed out', 'read timeout', 'upstream timed out'],
    },
    {
      id: 'posix-unexpected-eof',
      class: 'EOF',
      strength: 'hint',
      regexp: /\b[Uu]nexpected (?:EOF|end of (?:file|stream|input))\b|\bEOFException\b|\bEOFError\b/,
      examples: ['unexpected end of stream', 'java.io.EOFException'],
    },
    {
      id: 'posix-reset-words',
      class: 'RST-READ',
      strength: 'hint',
      regexp: /\b[Cc]onnection (?:was |has been |is |being )?reset\b|\bTCP RST\b|\breset the connection\b/,
      examples: ['the connection was reset', 'Connection has been reset'],
    },
  ],
);
