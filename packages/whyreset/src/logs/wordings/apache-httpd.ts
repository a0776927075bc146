import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Apache httpd',
    source:
      'httpd 2.4 modules/proxy/mod_proxy_http.c, proxy_util.c, mod_proxy_fcgi.c, server/mpm, modules/filters/mod_reqtimeout.c; docs log-message-tags',
    service: 'http',
    reporter: 'proxy',
  },
  [
    {
      id: 'httpd-read-reset',
      class: 'RST-READ',
      regexp: /\(104\)Connection reset by peer: (?:\[[^\]\n]{1,80}\] )?(?:AH01102|AH01110|AH01075|AH02609)\b/,
      examples: [
        '(104)Connection reset by peer: [client 10.0.0.9:5123] AH01102: error reading status line from remote server 127.0.0.1:8080',
      ],
    },
    {
      id: 'httpd-read-eof',
      class: 'EOF',
      regexp: /\(70014\)End of file found: (?:\[[^\]\n]{1,80}\] )?(?:AH01102|AH01110|AH01075|AH02609)\b/,
      examples: [
        '(70014)End of file found: [client 10.0.0.9:5123] AH01102: error reading status line from remote server 127.0.0.1:8080',
      ],
    },
    {
      id: 'httpd-read-timeout',
      class: 'TIMEOUT',
      regexp:
        /\((?:70007\)The timeout specified has expired|110\)Connection timed out): (?:\[[^\]\n]{1,80}\] )?(?:AH01102|AH01110|AH01075|AH02609)\b/,
      marks: ['long-request'],
      examples: [
        '(70007)The timeout specified has expired: [client 10.0.0.9:5123] AH01102: error reading status line from remote server 127.0.0.1:8080',
      ],
    },
    {
      id: 'httpd-read',
      class: 'CLOSED',
      stage: 'waiting',
      strength: 'cause',
      regexp: /\b(?:AH01102|AH00898|AH01110|AH01075|AH02609)\b/,
      marks: ['pool'],
      says: 'AH01102, AH00898: no status line came from the backend; the errno in front says FIN (70014), RST (104) or silence (70007).',
      examples: [
        'AH01102: error reading status line from remote server 127.0.0.1:8080',
        'AH00898: Error reading from remote server returned by /orders',
      ],
    },
    {
      id: 'httpd-connect-refused',
      class: 'REFUSED',
      regexp: /\(111\)Connection refused: (?:\[[^\]\n]{1,80}\] )?(?:AH00957|AH00958|AH01079|AH02454)\b/,
      examples: [
        '(111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:8080 (127.0.0.1) failed',
      ],
    },
    {
      id: 'httpd-connect-timeout',
      class: 'TIMEOUT-CONNECT',
      regexp: /\((?:110|70007)\)[^\n]{0,60}?(?:AH00957|AH00958|AH01079|AH02454)\b/,
      examples: [
        '(110)Connection timed out: AH00957: HTTP: attempt to connect to 10.0.0.2:8080 (10.0.0.2) failed',
      ],
    },
    {
      id: 'httpd-connect',
      class: 'REFUSED',
      ended: 'unclear',
      strength: 'cause',
      regexp: /\b(?:AH00957|AH01114|AH01079|AH00959|AH00940|AH02454)\b/,
      says: 'The backend could not be reached; the errno in front of AH00957 says why.',
      examples: [
        'AH01114: HTTP: failed to make connection to backend: 127.0.0.1',
        'AH00959: ap_proxy_connect_backend disabling worker for (127.0.0.1) for 60s',
      ],
    },
    {
      id: 'httpd-send-body',
      class: 'EPIPE',
      regexp: /\b(?:AH01084|AH01097|AH01098)\b/,
      marks: ['upload'],
      examples: [
        '(32)Broken pipe: [client 10.0.0.9:5123] AH01084: pass request body failed to 127.0.0.1:8080 (127.0.0.1)',
      ],
    },
    {
      id: 'httpd-client-body',
      class: 'CLIENT-GONE',
      reporter: 'server',
      regexp: /\b(?:AH01095|AH01093|AH00587)\b|\bAH01220: Timeout waiting for output\b/,
      examples: ['AH01095: prefetch request body failed to 127.0.0.1:8080 from 10.0.0.9 ()'],
    },
    {
      id: 'httpd-reqtimeout',
      class: 'SESSION-KILL',
      strength: 'decisive',
      reporter: 'server',
      regexp: /\b(?:AH01382|AH01383)\b/,
      marks: ['said-slow-request'],
      says: 'mod_reqtimeout: the client sent its headers or body too slowly.',
      examples: ['AH01382: Request header read timeout', 'AH01383: Request body read timeout'],
    },
    {
      id: 'httpd-max-workers',
      class: 'LIMIT',
      strength: 'decisive',
      reporter: 'server',
      regexp: /\b(?:AH00484|AH00161|AH03490|AH00288|AH00286)\b|\bserver reached MaxRequestWorkers\b/,
      marks: ['said-too-many'],
      examples: [
        'AH00484: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting',
        'AH00161: server reached MaxRequestWorkers setting',
      ],
    },
    {
      id: 'httpd-crash',
      class: 'PROCESS-ENDED',
      strength: 'decisive',
      reporter: 'host',
      regexp: /\b(?:AH00051|AH00052): child pid \d{1,9} exit signal\b/,
      marks: ['crash'],
      examples: ['AH00052: child pid 4711 exit signal Segmentation fault (11)'],
    },
    {
      id: 'httpd-too-large',
      class: 'ANSWERED',
      strength: 'decisive',
      reporter: 'server',
      regexp:
        /\b(?:AH00588|AH01587|AH00589)\b|\blarger than the configured limit of \d{1,15}\b|\bRequest body no files data length is larger\b/,
      marks: ['said-too-large'],
      examples: [
        'AH01587: Requested content-length of 33020000 is larger than the configured limit of 1048576',
      ],
    },
    {
      id: 'httpd-plain-to-tls',
      class: 'PLAIN→TLS',
      strength: 'decisive',
      reporter: 'server',
      regexp: /\bAH01996\b|\bAH02542\b/,
      marks: ['plain-to-tls'],
      examples: ['AH01996: SSL handshake failed: HTTP spoken on HTTPS port; trying to send HTML error page'],
    },
    {
      id: 'httpd-tls-handshake',
      class: 'TLS-EOF',
      ended: 'unclear',
      reporter: 'server',
      strength: 'cause',
      regexp: /\b(?:AH02008|AH01998|AH02003|AH02039)\b/,
      marks: ['tls-alert'],
      examples: ['AH02008: SSL library error 1 in handshake (server www.example.com:443)'],
    },
    {
      id: 'httpd-proxy-protocol',
      class: 'HTTP-MISMATCH',
      strength: 'decisive',
      reporter: 'server',
      regexp:
        /\b(?:AH03500|AH03501|AH03502|AH03503|AH03504|AH03505|AH03506|AH03507|AH03508|AH03509)\b|\bRemoteIPProxyProtocol: (?:error|unsupported)\b/,
      marks: ['proxy-protocol'],
      examples: ['AH03507: RemoteIPProxyProtocol: unsupported command or missing header'],
    },
    {
      id: 'httpd-no-protocol',
      class: 'NO-UPSTREAM',
      strength: 'cause',
      regexp: /\b(?:AH01144|AH01167)\b|\bAH01170\b/,
      marks: ['said-no-upstream'],
      examples: ['AH01167: balancer://app: All workers are in error state for route ()'],
    },
    {
      id: 'httpd-malformed',
      logNeedles: ['x16\\\\x03', 'x16\\x03'],
      class: 'HTTP-MISMATCH',
      reporter: 'server',
      regexp: /\b(?:AH00566|AH00126|AH00127|AH03448|AH02430)\b|"\\{1,4}x16\\{1,4}x03\S{0,400}" 400\b/,
      marks: ['tls-to-plain', 'scanner'],
      says: 'The request line was no HTTP: TLS to the plain port (\\x16\\x03), or a scanner.',
      examples: [
        'AH00126: Invalid URI in request \\x16\\x03\\x01',
        '10.0.0.9 - - [21/Nov/2026:01:00:00 +0000] "\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc\\x03\\x03" 400 226',
      ],
    },
  ],
);
