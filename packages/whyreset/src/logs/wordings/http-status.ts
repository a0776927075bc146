import { defineProduct } from '../wording.ts';

/** A status as log fields, tools and error pages write it; each form holds the number with what stands before it. */
const status = (code: number, words: string): RegExp => {
  const fields = [': ', ':', '=', '": ', '":', '":"', '="', "='", ' ', ' = '];
  return new RegExp(
    [
      ...fields.map((sign) => `\\bstatus(?:[ _]?code)?${sign}${code}\\b`),
      `\\bHTTP/[\\d.]{1,3} ${code}\\b`,
      // Envoy's flag after the status says more.
      `\\bHTTP/[\\d.]{1,3}["'] ${code} (?!U[CRFOT]X?\\b)`,
      ...[' ', ' code = ', ' code ', ' response code ', ' response code: ', ' error: ', ' error '].map(
        (sign) => `\\bHTTP${sign}${code}\\b`,
      ),
      `\\b${code} (?:${words})`,
      `\\breturned error: ${code}\\b`,
    ].join('|'),
    'gi',
  );
};

/** The same forms as a search in a log begins them: with a letter. */
const inLogs = (code: number): string[] => [
  ...['1.0', '1.1', '2.0', '2', '3'].map((version) => `http/${version}" ${code}`),
  ...['":', '": ', '=', ': ', '="'].flatMap((sign) => [`status${sign}${code}`, `status_code${sign}${code}`]),
  `status code ${code}`,
  `http ${code}`,
  `http code = ${code}`,
];

export default defineProduct(
  {
    program: 'HTTP',
    source: 'RFC 9110 §15; the pages of nginx, HAProxy, Apache, docker, git',
    service: 'http',
  },
  [
    {
      id: 'http-413',
      logNeedles: inLogs(413),
      class: 'ANSWERED',
      strength: 'decisive',
      marks: ['said-too-large', 'upload'],
      regexp: status(
        413,
        'Request Entity Too Large|Payload Too Large|Content Too Large|Request Too Large|Request body too large',
      ),
      says: '413: the server or a proxy in front of it refuses a body of this size. A broken pipe or reset beside it follows from that.',
      examples: [
        'error parsing HTTP 413 response body: invalid character',
        'error: RPC failed; result=22, HTTP code = 413',
        '<h1>413 Request Entity Too Large</h1>',
        'Request failed with status code 413',
      ],
    },
    {
      id: 'http-431',
      class: 'ANSWERED',
      strength: 'decisive',
      marks: ['said-too-large'],
      regexp: status(431, 'Request Header Fields Too Large'),
      examples: ['HTTP/1.1 431 Request Header Fields Too Large'],
    },
    {
      id: 'http-414',
      class: 'ANSWERED',
      strength: 'decisive',
      marks: ['said-too-large'],
      regexp: status(414, 'Request-URI Too (?:Large|Long)|URI Too Long'),
      examples: ['414 Request-URI Too Large'],
    },
    {
      id: 'http-408',
      logNeedles: inLogs(408),
      class: 'ANSWERED',
      ended: 'neither',
      marks: ['said-slow-request'],
      regexp: status(408, 'Request Time-?out'),
      says: '408: the server did not receive the whole request in time. Either the client was slow, or its packets did not arrive.',
      examples: [
        '<h1>408 Request Time-out</h1>',
        'error parsing HTTP 408 response body: invalid character',
        'Request failed with status code 408',
      ],
    },
    {
      id: 'http-426',
      class: 'ANSWERED',
      strength: 'decisive',
      marks: ['http-version', 'said-wrong-protocol'],
      regexp: status(426, 'Upgrade Required'),
      examples: ['HTTP/1.1 426 Upgrade Required'],
    },
    {
      id: 'http-429',
      class: 'ANSWERED',
      marks: ['said-too-many'],
      regexp: status(429, 'Too Many Requests'),
      examples: ['HTTP/1.1 429 Too Many Requests'],
    },
    {
      id: 'http-502',
      logNeedles: inLogs(502),
      class: 'UPSTREAM-ENDED',
      strength: 'hint',
      reporter: 'client',
      regexp: status(502, 'Bad Gateway|Proxy Error'),
      says: '502: a proxy got no valid answer from the server behind it. Its error log says whether the server refused, closed or reset.',
      examples: [
        '10.0.0.9 - - [21/Nov/2026:13:55:12 +0000] "POST /v1/orders HTTP/1.1" 502 157 "-" "okhttp/4.9"',
        '502 Bad Gateway',
        'Request failed with status code 502',
      ],
    },
    {
      id: 'http-503',
      logNeedles: inLogs(503),
      class: 'NO-UPSTREAM',
      strength: 'hint',
      reporter: 'client',
      marks: ['said-no-upstream'],
      regexp: status(503, 'Service (?:Temporarily )?Unavailable'),
      says: '503: a proxy has no server to send to, or the server sheds load.',
      examples: [
        '{"level":"info","method":"GET","status":503,"path":"/"}',
        '503 Service Unavailable',
        'Request failed with status code 503',
      ],
    },
    {
      id: 'http-504',
      logNeedles: inLogs(504),
      class: 'TIMEOUT',
      strength: 'hint',
      reporter: 'client',
      marks: ['long-request'],
      regexp: status(504, 'Gateway Time-?out'),
      says: '504: a proxy waited for the server behind it until its own limit.',
      examples: [
        '10.0.0.9 - - [21/Nov/2026:13:55:12 +0000] "GET /report HTTP/2.0" 504 167 "-" "curl/8"',
        '504 Gateway Time-out',
        'Request failed with status code 504',
      ],
    },
    {
      id: 'http-websocket-upgrade',
      class: 'ANSWERED',
      marks: ['http-version'],
      service: 'websocket',
      regexp:
        /\bUnexpected server response: \d{3}\b|\bError during WebSocket handshake: (?:Unexpected response code: \d{3}|net::\w{3,60})|\bwebsocket: bad handshake\b/,
      says: 'The upgrade to WebSocket was answered with a plain HTTP status: a proxy on the way does not pass Upgrade, or the path is wrong.',
      examples: [
        'Error: Unexpected server response: 502',
        'WebSocket connection to wss://example.com/ws failed: Error during WebSocket handshake: Unexpected response code: 400',
        'websocket: bad handshake',
      ],
    },
    {
      id: 'http-heroku',
      class: 'TIMEOUT',
      program: 'Heroku router',
      reporter: 'proxy',
      strength: 'decisive',
      marks: ['long-request'],
      regexp: /\bcode=H12\b/,
      says: 'H12: no first byte within 30 s.',
      examples: ['at=error code=H12 desc="Request timeout" method=GET path="/"'],
    },
    {
      id: 'http-heroku-closed',
      class: 'UPSTREAM-ENDED',
      program: 'Heroku router',
      reporter: 'proxy',
      marks: ['pool'],
      regexp: /\bcode=H1[38]\b/,
      says: 'H13: the dyno closed the connection without a response.',
      examples: ['at=error code=H13 desc="Connection closed without response" method=GET path="/"'],
    },
    {
      id: 'http-heroku-idle',
      class: 'TIMEOUT',
      program: 'Heroku router',
      reporter: 'proxy',
      strength: 'decisive',
      stage: 'tunnel',
      marks: ['said-idle-timeout', 'idle-before'],
      regexp: /\bcode=H(?:15|28)\b/,
      examples: ['at=error code=H15 desc="Idle connection" method=GET path="/ws"'],
    },
    {
      id: 'http-heroku-crash',
      class: 'PROCESS-ENDED',
      program: 'Heroku',
      reporter: 'host',
      strength: 'decisive',
      marks: ['crash', 'out-of-memory'],
      regexp: /\bcode=H10\b|\bError R1[45] \(Memory quota/,
      examples: [
        'at=error code=H10 desc="App crashed" method=GET path="/"',
        'Error R14 (Memory quota exceeded)',
      ],
    },
    {
      id: 'http-heroku-refused',
      class: 'REFUSED',
      program: 'Heroku router',
      reporter: 'proxy',
      regexp: /\bcode=H(?:20|21|19|99)\b/,
      ended: 'unclear',
      examples: ['at=error code=H21 desc="Backend connection refused" method=GET path="/"'],
    },
    {
      id: 'http-heroku-client',
      class: 'CLIENT-GONE',
      program: 'Heroku router',
      reporter: 'proxy',
      regexp: /\bcode=H27\b/,
      examples: ['at=info code=H27 desc="Client Request Interrupted" method=POST path="/"'],
    },
  ],
);
