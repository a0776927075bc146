import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Python',
    source: 'CPython 3.11 socket, http.client; requests 2.34, urllib3 2',
    verified: 'measured',
  },
  [
    {
      id: 'pyopenssl-handshake-eof',
      class: 'TLS-EOF',
      service: 'http',
      regexp: /\bbad handshake: SysCallError\(-1, ['"]Unexpected EOF/,
      examples: ['("bad handshake: SysCallError(-1, \'Unexpected EOF\')",)'],
    },
    {
      id: 'pyopenssl-handshake-reset',
      class: 'RST-READ',
      stage: 'tls',
      regexp: /\bbad handshake: SysCallError\((?:104|54|10054)\b/,
      examples: ['("bad handshake: SysCallError(104, \'ECONNRESET\')",)'],
    },
    {
      id: 'python-refused',
      class: 'REFUSED',
      regexp:
        /\bConnectionRefusedError\b|\[Errno 111\] Connection refused|\bNewConnectionError\b[^\n]{0,200}?Connection refused/,
      examples: [
        'ConnectionRefusedError: [Errno 111] Connection refused',
        'urllib.error.URLError: <urlopen error [Errno 111] Connection refused>',
        "requests.exceptions.ConnectionError: HTTPConnectionPool(host='127.0.0.1', port=9999): Max retries exceeded with url: / (Caused by NewConnectionError(\"HTTPConnection(host='127.0.0.1', port=9999): Failed to establish a new connection: [Errno 111] Connection refused\"))",
      ],
    },
    {
      id: 'python-reset',
      class: 'RST-READ',
      regexp: /\bConnectionResetError\b|\[Errno 104\] Connection reset by peer/,
      examples: [
        'ConnectionResetError: [Errno 104] Connection reset by peer',
        "requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
        'urllib.error.URLError: <urlopen error [Errno 104] Connection reset by peer>',
      ],
    },
    {
      id: 'python-reset-mid',
      class: 'RST-MID',
      regexp:
        /\bConnection broken: ConnectionResetError\b|\bChunkedEncodingError\b[^\n]{0,80}?ConnectionResetError/,
      examples: [
        "requests.exceptions.ChunkedEncodingError: (\"Connection broken: ConnectionResetError(104, 'Connection reset by peer')\", ConnectionResetError(104, 'Connection reset by peer'))",
      ],
    },
    {
      id: 'python-remote-disconnected',
      marks: ['pool'],
      class: 'EOF',
      regexp: /\bRemoteDisconnected\b|\bRemote end closed connection without response\b/,
      says: 'RemoteDisconnected is a kind of ConnectionResetError in Python’s class tree, yet no reset was read.',
      caveats: [
        'urllib3 and requests print this also when a reset arrives during an upload: they swallow the error of the send and then read the end of the stream.',
      ],
      examples: [
        'http.client.RemoteDisconnected: Remote end closed connection without response',
        "requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
      ],
    },
    {
      id: 'python-connection-aborted',
      class: 'RST-READ',
      strength: 'hint',
      regexp: /\bConnection aborted\b/,
      ended: 'unclear',
      says: 'The second half is missing: ConnectionResetError there means a reset, RemoteDisconnected a FIN.',
      examples: ["urllib3.exceptions.ProtocolError: ('Connection aborted.',"],
    },
    {
      id: 'python-incomplete',
      class: 'EOF-MID',
      regexp:
        /\bIncompleteRead\b|\bResponse ended prematurely\b|\bpeer closed connection without sending complete message body\b|\bResponse payload is not completed\b/,
      examples: [
        'http.client.IncompleteRead: IncompleteRead(7 bytes read, 993 more expected)',
        "requests.exceptions.ChunkedEncodingError: ('Connection broken: IncompleteRead(7 bytes read, 993 more expected)', IncompleteRead(7 bytes read, 993 more expected))",
        'requests.exceptions.ChunkedEncodingError: Response ended prematurely',
      ],
    },
    {
      id: 'python-broken-pipe',
      class: 'EPIPE',
      regexp: /\bBrokenPipeError\b|\[Errno 32\] Broken pipe/,
      examples: ['BrokenPipeError: [Errno 32] Broken pipe'],
    },
    {
      id: 'python-connect-timeout',
      class: 'TIMEOUT-CONNECT',
      verified: 'remembered',
      regexp: /\bConnectTimeout(?:Error)?\b(?=[^\n]{0,200}(?:timed out|HTTPS?Connection|\())/,
      examples: [
        "requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host='203.0.113.7', port=443): Max retries exceeded with url: / (Caused by ConnectTimeoutError(<urllib3.connection.HTTPSConnection object at 0x7f>, 'Connection to 203.0.113.7 timed out. (connect timeout=5)'))",
      ],
    },
    {
      id: 'python-timeout',
      marks: ['own-timeout'],
      class: 'TIMEOUT',
      regexp:
        /\bReadTimeout(?:Error)?\b|\bTimeoutError: |\[Errno 110\] Connection timed out|\bsocket\.timeout\b/,
      examples: [
        'TimeoutError: timed out',
        "requests.exceptions.ReadTimeout: HTTPConnectionPool(host='127.0.0.1', port=9110): Read timed out. (read timeout=1)",
      ],
    },
    {
      id: 'python-aborted',
      class: 'LOCAL-ABORT',
      verified: 'remembered',
      regexp: /\bConnectionAbortedError\b/,
      examples: ['ConnectionAbortedError: [Errno 103] Software caused connection abort'],
    },
    {
      id: 'python-pool-full',
      class: 'CLIENT-GONE',
      verified: 'documented',
      strength: 'hint',
      program: 'urllib3',
      service: 'http',
      reporter: 'client',
      regexp: /\bConnection pool is full, discarding connection\b/,
      ended: 'neither',
      says: 'The client throws away a connection of its own pool; nothing failed.',
      examples: ['Connection pool is full, discarding connection: api.example.com. Connection pool size: 10'],
    },
    {
      id: 'python-aborted-reset',
      class: 'RST-READ',
      verified: 'measured',
      program: 'requests',
      service: 'http',
      marks: ['pool'],
      regexp: /\bConnection aborted\.?['"], ?(?:ConnectionResetError|error)\(104/,
      examples: [
        "requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
        "ConnectionError(('Connection aborted.', error(104, 'Connection reset by peer')))",
      ],
    },
    {
      id: 'python-aborted-closed',
      class: 'EOF',
      verified: 'measured',
      program: 'requests',
      service: 'http',
      marks: ['pool'],
      regexp: /\bConnection aborted\.?['"], ?RemoteDisconnected\(/,
      examples: [
        "requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
      ],
    },
    {
      id: 'python-aborted-pipe',
      class: 'EPIPE',
      verified: 'documented',
      program: 'requests',
      service: 'http',
      marks: ['upload'],
      regexp: /\bConnection aborted\.?['"], ?(?:BrokenPipeError|error)\(32/,
      examples: [
        "ConnectionError: ('Connection aborted.', error(32, 'Broken pipe'))",
        "ConnectionError: ('Connection aborted.', BrokenPipeError(32, 'Broken pipe'))",
      ],
    },
    {
      id: 'python-aborted-protocol',
      class: 'EPIPE',
      verified: 'documented',
      program: 'requests',
      service: 'http',
      marks: ['upload'],
      regexp: /\bProtocol wrong type for socket\b/,
      says: 'macOS (errno 41) gives it for a write that races with the reset of the other side.',
      examples: ["ConnectionError: ('Connection aborted.', OSError(41, 'Protocol wrong type for socket'))"],
    },
    {
      id: 'python-no-address',
      class: 'NO-ADDRESS',
      verified: 'documented',
      regexp:
        /\bTemporary failure in name resolution\b|\bName or service not known\b|\bnodename nor servname provided\b|\bgaierror\b|\bNameResolutionError\b/,
      examples: ['socket.gaierror: [Errno -3] Temporary failure in name resolution'],
    },
    {
      id: 'python-too-many-files',
      class: 'LIMIT',
      verified: 'documented',
      regexp: /\[Errno 24\] Too many open files/,
      marks: ['said-no-descriptors'],
      examples: ['OSError: [Errno 24] Too many open files'],
    },
    {
      id: 'python-no-port',
      class: 'LIMIT',
      verified: 'documented',
      regexp: /\[Errno 99\] Cannot assign requested address/,
      marks: ['port-exhaustion'],
      examples: ['OSError: [Errno 99] Cannot assign requested address'],
    },
    {
      id: 'python-unreachable',
      class: 'UNREACHABLE',
      verified: 'documented',
      regexp: /\[Errno (?:113|101|65|51)\] (?:No route to host|Network is unreachable)/,
      examples: ['OSError: [Errno 113] No route to host'],
    },
    {
      id: 'python-certificate',
      class: 'TLS-ALERT',
      verified: 'documented',
      regexp: /\bCERTIFICATE_VERIFY_FAILED\b/,
      marks: ['certificate'],
      says: 'This side refused the server’s certificate.',
      examples: [
        'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1006)',
      ],
    },
  ],
);
