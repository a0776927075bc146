import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'PHP',
    source: 'php-src main/streams/xp_socket.c, sapi/fpm/fpm/fpm_children.c; Guzzle 7 CurlFactory',
    verified: 'documented',
  },
  [
    {
      id: 'php-fwrite-epipe',
      class: 'EPIPE',
      verified: 'remembered',
      regexp: /\berrno=32 Broken pipe\b/,
      examples: [
        'Notice: fwrite(): Send of 8192 bytes failed with errno=32 Broken pipe in /app/client.php on line 12',
      ],
    },
    {
      id: 'php-reset',
      class: 'RST-READ',
      verified: 'remembered',
      regexp: /\berrno=104 Connection reset by peer\b/,
      examples: ['fread(): read of 8192 bytes failed with errno=104 Connection reset by peer'],
    },
    {
      id: 'php-connect-refused',
      class: 'REFUSED',
      verified: 'remembered',
      regexp: /\bstream_socket_client\(\)[^\n]{0,120}?Connection refused/,
      examples: [
        'Warning: stream_socket_client(): Unable to connect to tcp://10.0.0.2:80 (Connection refused)',
      ],
    },
    {
      id: 'php-fpm-signal',
      class: 'PROCESS-ENDED',
      program: 'PHP-FPM',
      reporter: 'host',
      strength: 'decisive',
      marks: ['crash'],
      regexp: /\bchild \d{1,9} exited on signal (?:11|7|10|6|4|8)\b/,
      examples: [
        'WARNING: [pool www] child 79191 exited on signal 11 (SIGSEGV) after 18.827492 seconds from start',
      ],
    },
    {
      id: 'php-fpm-killed',
      class: 'PROCESS-ENDED',
      program: 'PHP-FPM',
      reporter: 'host',
      strength: 'decisive',
      marks: ['killed', 'out-of-memory'],
      regexp: /\bchild \d{1,9} exited on signal (?:9|15)\b/,
      examples: ['WARNING: [pool www] child 79191 exited on signal 9 (SIGKILL) after 3.1 seconds from start'],
    },
    {
      id: 'php-fpm-timeout',
      class: 'PROCESS-ENDED',
      program: 'PHP-FPM',
      reporter: 'host',
      strength: 'decisive',
      marks: ['worker-timeout'],
      regexp: /\bexecution timed out \([\d.]{1,12} sec\), terminating\b/,
      examples: [
        'WARNING: [pool www] child 4711, script \'/var/www/index.php\' (request: "GET /index.php") execution timed out (30.019520 sec), terminating',
      ],
    },
    {
      id: 'php-fpm-max-children',
      class: 'LIMIT',
      program: 'PHP-FPM',
      reporter: 'host',
      strength: 'decisive',
      marks: ['said-too-many', 'backlog'],
      regexp: /\bserver reached (?:pm\.)?max_children setting\b/,
      examples: ['WARNING: [pool www] server reached pm.max_children setting (5), consider raising it'],
    },
    {
      id: 'php-max-execution',
      class: 'PROCESS-ENDED',
      reporter: 'server',
      strength: 'decisive',
      marks: ['worker-timeout'],
      regexp: /\bMaximum execution time of \d{1,6} seconds exceeded\b/,
      examples: ['PHP Fatal error:  Maximum execution time of 30 seconds exceeded in /var/www/index.php'],
    },
    {
      id: 'php-memory',
      class: 'PROCESS-ENDED',
      reporter: 'server',
      strength: 'decisive',
      marks: ['out-of-memory'],
      regexp: /\bAllowed memory size of \d{1,15} bytes exhausted\b/,
      examples: [
        'PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)',
      ],
    },
    {
      id: 'php-upload',
      class: 'ANSWERED',
      reporter: 'server',
      strength: 'decisive',
      marks: ['said-too-large', 'upload'],
      regexp: /\bPOST Content-Length of \d{1,15} bytes exceeds the limit of \d{1,15} bytes\b/,
      examples: [
        'PHP Warning:  POST Content-Length of 31490000 bytes exceeds the limit of 8388608 bytes in Unknown on line 0',
      ],
    },
    {
      id: 'php-fgets-eof',
      class: 'CLOSED',
      strength: 'cause',
      regexp: /\bfailed to open stream: HTTP request failed!(?:\s{0,4}$|\s{1,4}in )/m,
      service: 'http',
      examples: [
        'Warning: file_get_contents(http://api.example.com/): failed to open stream: HTTP request failed!  in /app/x.php on line 3',
      ],
    },
    {
      id: 'php-predis',
      class: 'EOF',
      program: 'Predis, phpredis',
      service: 'cache',
      marks: ['pool'],
      regexp:
        /\bError while reading line from the server\b|\bread error on connection(?: to \S{1,253})?\b|\bConnection (?:lost|closed)\b(?=[^\n]{0,40}(?:RedisException|phpredis))/,
      ended: 'unclear',
      examples: [
        'Predis\\Connection\\ConnectionException: Error while reading line from the server. [tcp://10.0.0.5:6379]',
        'RedisException: read error on connection to 10.0.0.5:6379',
      ],
    },
    {
      id: 'php-packets-order',
      class: 'FOUND-CLOSED',
      program: 'mysqlnd',
      service: 'database',
      marks: ['idle-before'],
      regexp:
        /\bError while (?:sending|reading) (?:QUERY|greeting|STMT_PREPARE|STMT_EXECUTE) packet\b|\bPackets out of order\b/,
      examples: [
        'Warning: Error while sending QUERY packet. PID=4711',
        'Warning: Packets out of order. Expected 1 received 0. Packet size=145',
      ],
    },
  ],
);
