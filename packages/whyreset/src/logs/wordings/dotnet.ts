import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: '.NET',
    source: 'dotnet/runtime System.Net.Http HttpConnection.cs, Strings.resx',
    verified: 'documented',
  },
  [
    {
      id: 'dotnet-ended-mid',
      class: 'EOF-MID',
      verified: 'remembered',
      regexp:
        /\bThe response ended prematurely, with at least \d{1,20} additional bytes expected\b|\bwhile copying content to a stream\b[\s\S]{0,400}?response ended prematurely/,
      examples: [
        'System.IO.IOException: The response ended prematurely, with at least 993 additional bytes expected.',
      ],
    },
    {
      id: 'dotnet-response-ended',
      class: 'EOF',
      regexp: /\bThe response ended prematurely\b\.|\(ResponseEnded\)|\bHttpRequestError\.ResponseEnded\b/,
      examples: ['System.Net.Http.HttpIOException: The response ended prematurely. (ResponseEnded)'],
    },
    {
      id: 'dotnet-timeout',
      marks: ['own-timeout'],
      class: 'TIMEOUT',
      verified: 'remembered',
      regexp: /\bHttpClient\.Timeout of \d/,
      examples: [
        'System.Threading.Tasks.TaskCanceledException: The request was canceled due to the configured HttpClient.Timeout of 100 seconds elapsing.',
      ],
    },
    {
      id: 'dotnet-read-failed',
      class: 'CLOSED',
      strength: 'hint',
      regexp: /\bUnable to (?:read|write) data (?:from|to) the transport connection\b/,
      says: 'The words after the colon and the nested SocketException decide.',
      examples: [
        'System.IO.IOException: Unable to read data from the transport connection: The connection was closed.',
      ],
    },
    {
      id: 'dotnet-write-reset',
      class: 'RST-WRITE',
      regexp:
        /\bUnable to write data to the transport connection: (?:An existing connection was forcibly closed|Connection reset by peer)/,
      examples: [
        'System.IO.IOException: Unable to write data to the transport connection: Connection reset by peer.',
      ],
    },
    {
      id: 'dotnet-underlying-closed',
      class: 'CLOSED',
      service: 'http',
      marks: ['pool'],
      regexp:
        /\bThe underlying connection was closed: (?:A connection that was expected to be kept alive was closed by the server|The connection was closed unexpectedly|An unexpected error occurred on a receive)/,
      examples: [
        'System.Net.WebException: The underlying connection was closed: A connection that was expected to be kept alive was closed by the server.',
      ],
    },
    {
      id: 'dotnet-send-closed',
      class: 'CLOSED',
      strength: 'hint',
      service: 'http',
      regexp: /\bThe underlying connection was closed: An unexpected error occurred on a send\b/,
      says: 'The first send of an HTTPS request is the TLS handshake; the nested exception decides.',
      examples: ['The underlying connection was closed: An unexpected error occurred on a send.'],
    },
    {
      id: 'dotnet-send-reset',
      class: 'RST-READ',
      service: 'http',
      stage: 'tls',
      regexp:
        /\bAn unexpected error occurred on a send\b[\s\S]{0,600}?\bUnable to read data from the transport connection: (?:An existing connection was forcibly closed|Connection reset)/,
      says: 'It read while it wanted to send: that is the TLS handshake.',
      examples: [
        'The underlying connection was closed: An unexpected error occurred on a send. ---> System.IO.IOException: Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host.',
      ],
    },
    {
      id: 'dotnet-ssl-eof',
      class: 'TLS-EOF',
      regexp:
        /\bReceived an unexpected EOF or 0 bytes from the transport stream\b|\bAuthentication failed because the remote party has closed the transport stream\b/,
      examples: [
        'System.IO.IOException: Received an unexpected EOF or 0 bytes from the transport stream.',
        'Authentication failed because the remote party has closed the transport stream.',
      ],
    },
    {
      id: 'dotnet-ssl-sent-alert',
      class: 'TLS-ALERT',
      regexp:
        /\bAuthentication failed because the remote party sent a TLS alert\b|\bThe remote certificate (?:is invalid|was rejected)\b/,
      marks: ['tls-alert', 'certificate'],
      examples: [
        "Authentication failed because the remote party sent a TLS alert: 'ProtocolVersion'.",
        'The remote certificate is invalid according to the validation procedure.',
      ],
    },
    {
      id: 'dotnet-sql-reset',
      class: 'RST-READ',
      service: 'database',
      program: 'SqlClient',
      marks: ['pool'],
      regexp: /\bTCP Provider, error: 0 - An existing connection was forcibly closed\b/,
      examples: [
        'A transport-level error has occurred when sending the request to the server. (provider: TCP Provider, error: 0 - An existing connection was forcibly closed by the remote host.)',
      ],
    },
    {
      id: 'dotnet-sql-semaphore',
      class: 'TIMEOUT',
      service: 'database',
      program: 'SqlClient',
      marks: ['pool', 'retransmission'],
      regexp:
        /\bThe semaphore timeout period has expired\b|\bThe specified network name is no longer available\b/,
      examples: [
        'A transport-level error has occurred when receiving results from the server. (provider: TCP Provider, error: 0 - The semaphore timeout period has expired.)',
      ],
    },
    {
      id: 'dotnet-sql-transport',
      class: 'CLOSED',
      service: 'database',
      program: 'SqlClient',
      strength: 'cause',
      marks: ['pool'],
      regexp: /\btransport-level error has occurred\b|\bPhysical connection is not usable\b/,
      examples: [
        'A transport-level error has occurred when receiving results from the server. (provider: Session Provider, error: 19 - Physical connection is not usable)',
      ],
    },
    {
      id: 'dotnet-sql-timeout',
      class: 'TIMEOUT',
      service: 'database',
      program: 'SqlClient',
      marks: ['long-request'],
      regexp: /\b(?:Connection|Execution) Timeout Expired\b/,
      examples: ['Microsoft.Data.SqlClient.SqlException (0x80131904): Execution Timeout Expired.'],
    },
    {
      id: 'dotnet-sql-pre-login',
      class: 'NO-BANNER',
      ended: 'unclear',
      service: 'database',
      program: 'SqlClient',
      regexp: /\bduring the pre-login handshake\b|\bpre-login initialization handshake\b/,
      examples: [
        'A connection was successfully established with the server, but then an error occurred during the pre-login handshake.',
      ],
    },
    {
      id: 'kestrel-aborted',
      class: 'CLIENT-GONE',
      program: 'Kestrel',
      service: 'http',
      reporter: 'server',
      regexp:
        /\bConnectionResetException\b|\bConnectionAbortedException\b|\bThe client (?:has disconnected|reset the request stream)\b/,
      examples: [
        'Microsoft.AspNetCore.Connections.ConnectionResetException: The client has disconnected',
        'The client reset the request stream.',
      ],
    },
    {
      id: 'kestrel-body',
      class: 'SESSION-KILL',
      program: 'Kestrel',
      service: 'http',
      reporter: 'server',
      strength: 'decisive',
      marks: ['said-slow-request'],
      regexp:
        /\bReading the request body timed out due to data arriving too slowly\b|\bMinRequestBodyDataRate\b/,
      examples: [
        'Microsoft.AspNetCore.Server.Kestrel.Core.BadHttpRequestException: Reading the request body timed out due to data arriving too slowly. See MinRequestBodyDataRate.',
      ],
    },
    {
      id: 'kestrel-too-large',
      class: 'ANSWERED',
      program: 'Kestrel',
      service: 'http',
      reporter: 'server',
      strength: 'decisive',
      marks: ['said-too-large'],
      regexp: /\bRequest body too large\b/,
      examples: [
        'BadHttpRequestException: Request body too large. The max request body size is 30000000 bytes.',
      ],
    },
    {
      id: 'iis-client',
      class: 'CLIENT-GONE',
      program: 'IIS',
      service: 'http',
      reporter: 'server',
      regexp:
        /\b0x80070040\b|\b0x800703E3\b|\bsc-win32-status 64\b|\bThe remote host closed the connection\. The error code is 0x8007\w{4}/,
      examples: ['The remote host closed the connection. The error code is 0x800703E3.'],
    },
    {
      id: 'iis-httperr',
      class: 'SESSION-KILL',
      program: 'http.sys',
      service: 'http',
      reporter: 'server',
      ended: 'unclear',
      regexp: /\bTimer_(?:ConnectionIdle|HeaderWait|EntityBody|MinBytesPerSecond|AppPool|Response)\b/,
      marks: ['said-idle-timeout'],
      says: 'httperr.log: Timer_ConnectionIdle is harmless; Timer_HeaderWait and Timer_EntityBody mean a slow client; Timer_MinBytesPerSecond a slow reader.',
      examples: ['2024-01-01 10:00:00 10.0.0.9 5123 10.0.0.2 80 - - - - - Timer_ConnectionIdle -'],
    },
    {
      id: 'iis-apppool',
      class: 'PROCESS-ENDED',
      program: 'http.sys',
      service: 'http',
      reporter: 'server',
      strength: 'decisive',
      regexp:
        /\bConnection_Abandoned_By_(?:ReqQueue|AppPool)\b|\bA process serving application pool '[^'\n]{1,120}' (?:terminated unexpectedly|exceeded time limits)/,
      marks: ['crash'],
      examples: [
        'Connection_Abandoned_By_ReqQueue DefaultAppPool',
        "A process serving application pool 'DefaultAppPool' terminated unexpectedly.",
      ],
    },
    {
      id: 'signalr-timeout',
      class: 'TIMEOUT',
      program: 'SignalR',
      service: 'websocket',
      stage: 'tunnel',
      marks: ['said-heartbeat'],
      regexp: /\bServer timeout elapsed without receiving a message from the server\b/,
      examples: ['Error: Server timeout elapsed without receiving a message from the server.'],
    },
    {
      id: 'dotnet-invalid-response',
      class: 'HTTP-MISMATCH',
      service: 'http',
      regexp:
        /\bThe server returned an invalid or unrecognized response\b|\bReceived an invalid status line\b/,
      marks: ['said-wrong-protocol'],
      examples: [
        'System.Net.Http.HttpRequestException: The server returned an invalid or unrecognized response.',
      ],
    },
    {
      id: 'dotnet-tls-channel',
      class: 'TLS-ALERT',
      regexp: /\bCould not create SSL\/TLS secure channel\b/,
      marks: ['tls-alert'],
      examples: [
        'System.Net.WebException: The request was aborted: Could not create SSL/TLS secure channel.',
      ],
    },
    {
      id: 'dotnet-tls-established',
      class: 'TLS-EOF',
      ended: 'unclear',
      strength: 'hint',
      regexp: /\bThe SSL connection could not be established, see inner exception\b/,
      says: 'The inner exception decides.',
      examples: ['The SSL connection could not be established, see inner exception.'],
    },
    {
      id: 'dotnet-netname',
      class: 'CLOSED',
      program: 'Windows',
      marks: ['windows'],
      strength: 'cause',
      regexp: /\[WinError 64\]/,
      says: 'Windows 64: the connection was dropped; mostly a reset, or a network that changed.',
      examples: ['OSError: [WinError 64] The specified network name is no longer available'],
    },
  ],
);
