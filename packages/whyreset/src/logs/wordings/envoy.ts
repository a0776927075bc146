import { defineProduct } from '../wording.ts';

// A response flag after the status in the default access log, alone or in a list, or as a JSON field.
const flag = (flags: string): RegExp =>
  new RegExp(
    flags
      .split('|')
      .flatMap((each) => [
        `" \\d{1,3} ${each} `,
        `" \\d{1,3} ${each},[A-Z,]{2,20} `,
        `" \\d{1,3} [A-Z,]{2,20},${each} `,
        `" \\d{1,3} [A-Z,]{2,20},${each},[A-Z,]{2,20} `,
      ])
      .concat(
        `(?:response_flags|RESPONSE_FLAGS|responseFlags)["']?\\s?[:=]\\s?["']?(?:[A-Z]{2,5},){0,3}(?:${flags})\\b`,
      )
      .join('|'),
    'g',
  );
const either = (flags: string, words: string): RegExp => new RegExp(`${flag(flags).source}|${words}`, 'g');
const line = (status: number, flags: string, details: string): string =>
  `[2026-11-21T01:00:00.000Z] "POST /orders HTTP/1.1" ${status} ${flags} ${details} - "-" 128 95 12 - "10.0.0.9"`;

export default defineProduct(
  {
    program: 'Envoy',
    source:
      'envoy docs access log response flags 1.30, source/common/http/utility.cc, source/common/upstream; Istio access log',
    service: 'http',
    reporter: 'proxy',
    logNeedles: ['response_flags', '" 0 ', '" 000 '],
  },
  [
    {
      id: 'envoy-uc',
      class: 'UPSTREAM-ENDED',
      marks: ['pool'],
      regexp: either(
        'UC',
        'reset reason: connection termination|\\bupstream_reset_(?:before|after)_response_started\\{connection_termination',
      ),
      says: 'UC: the upstream ended the connection while a request was on it.',
      examples: [
        line(503, 'UC', 'upstream_reset_before_response_started{connection_termination}'),
        'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
        '{"response_code":503,"response_flags":"UC","method":"POST"}',
      ],
    },
    {
      id: 'envoy-uf-refused',
      class: 'REFUSED',
      regexp: /\bdelayed_?\s?connect_?\s?error:_?\s?111\b/,
      says: 'UF with errno 111: the connect was refused.',
      examples: [
        'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure, transport failure reason: delayed connect error: 111',
        'upstream_reset_before_response_started{remote_connection_failure,delayed_connect_error:_111}',
      ],
    },
    {
      id: 'envoy-uf-timeout',
      class: 'TIMEOUT-CONNECT',
      regexp:
        /\breset reason: connection timeout\b|\bupstream_reset_before_response_started\{connection_timeout|\bdelayed_?\s?connect_?\s?error:_?\s?110\b/,
      says: 'UF: the connect timeout of the cluster expired.',
      examples: [
        'upstream connect error or disconnect/reset before headers. reset reason: connection timeout',
        'upstream_reset_before_response_started{connection_timeout}',
      ],
    },
    {
      id: 'envoy-uf-tls',
      class: 'TLS-VERSION',
      ended: 'unclear',
      regexp:
        /\btransport failure reason: ?TLS(?:_|\s)error:|TLS_error:\|268435703|\bupstream_reset_before_response_started\{[^}\n]{0,80}TLS_error/,
      marks: ['tls-to-plain', 'said-wrong-protocol'],
      says: 'The TLS handshake with the upstream failed: plain text behind a TLS setting (mTLS on one side only), or a certificate.',
      examples: [
        'reset reason: remote connection failure, transport failure reason: TLS error: 268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER',
        'upstream_reset_before_response_started{remote_connection_failure,TLS_error:|268435703',
      ],
    },
    {
      id: 'envoy-uf',
      class: 'REFUSED',
      ended: 'unclear',
      strength: 'cause',
      regexp: either('UF', 'reset reason: (?:remote |local )?connection failure'),
      says: 'UF: Envoy could not connect to the upstream: refused, timed out, or TLS failed; the details after it say which.',
      examples: [
        line(503, 'UF', 'upstream_reset_before_response_started{connection_failure}'),
        line(503, 'URX,UF', 'upstream_reset_before_response_started{connection_failure}'),
        'upstream connect error or disconnect/reset before headers. reset reason: connection failure',
      ],
    },
    {
      id: 'envoy-ur',
      class: 'STREAM-RESET',
      marks: ['stream-error'],
      regexp: either('UR', 'reset reason: remote reset'),
      says: 'UR: the upstream reset the stream (an HTTP/2 frame, not a TCP reset).',
      examples: [
        line(503, 'UR', 'upstream_reset_before_response_started{remote_reset}'),
        'reset reason: remote reset',
      ],
    },
    {
      id: 'envoy-refused-stream',
      class: 'STREAM-RESET',
      marks: ['stream-refused'],
      regexp: /\bremote_refused_stream_reset\b|\breset reason: remote refused stream reset\b/,
      examples: ['upstream_reset_before_response_started{remote_refused_stream_reset}'],
    },
    {
      id: 'envoy-protocol-error',
      class: 'HTTP-MISMATCH',
      marks: ['http-version', 'said-wrong-protocol'],
      regexp: either(
        'UPE',
        'reset reason: protocol error|\\bupstream_reset_before_response_started\\{protocol_error',
      ),
      says: 'UPE: the upstream’s bytes were not the protocol that Envoy speaks to it (HTTP/2 to an HTTP/1 port, or the reverse).',
      examples: [
        line(502, 'UPE', 'upstream_reset_before_response_started{protocol_error}'),
        'upstream connect error or disconnect/reset before headers. reset reason: protocol error',
      ],
    },
    {
      id: 'envoy-downstream-protocol',
      class: 'HTTP-MISMATCH',
      marks: ['said-wrong-protocol'],
      regexp: either('DPE', '\\bdpe\\.\\w{3,40}|\\bcodec_error:\\w{3,60}'),
      says: 'DPE: the client’s bytes were not HTTP.',
      examples: [line(400, 'DPE', 'http1.codec_error'), '{"response_flags":"DPE"}'],
    },
    {
      id: 'envoy-dc',
      class: 'CLIENT-GONE',
      regexp: either('DC', '\\bdownstream_remote_disconnect\\b'),
      says: 'DC: the client disconnected.',
      examples: [line(0, 'DC', 'downstream_remote_disconnect')],
    },
    {
      id: 'envoy-timeout',
      class: 'TIMEOUT',
      marks: ['long-request'],
      regexp: either(
        'UT|UMSDR',
        '\\bupstream request timeout\\b|\\bresponse_timeout\\b|\\bupstream_per_try_timeout\\b|\\bupstream_response_timeout\\b',
      ),
      says: 'UT: the upstream did not answer within the route timeout (15 s unless set).',
      examples: [line(504, 'UT', 'response_timeout'), 'upstream request timeout'],
    },
    {
      id: 'envoy-idle',
      class: 'TIMEOUT',
      strength: 'decisive',
      stage: 'tunnel',
      marks: ['said-idle-timeout', 'idle-before'],
      regexp: either('SI', '\\bstream_idle_timeout\\b|\\bstream timeout\\b'),
      says: 'SI: nothing passed on the stream for stream_idle_timeout (5 min unless set).',
      examples: [line(504, 'SI', 'stream_idle_timeout'), 'stream timeout'],
    },
    {
      id: 'envoy-duration',
      class: 'SESSION-KILL',
      strength: 'decisive',
      ended: 'unclear',
      marks: ['said-max-age'],
      regexp: either('DT', '\\bmax_duration_timeout\\b'),
      says: 'DT: the stream reached max_connection_duration or max_stream_duration.',
      examples: [line(0, 'DT', 'max_duration_timeout')],
    },
    {
      id: 'envoy-lr',
      class: 'LOCAL-ABORT',
      regexp: either('LR', 'reset reason: local reset'),
      says: 'LR: Envoy itself reset the stream.',
      examples: [line(503, 'LR', 'upstream_reset_before_response_started{local_reset}')],
    },
    {
      id: 'envoy-uh',
      class: 'NO-UPSTREAM',
      strength: 'decisive',
      marks: ['said-no-upstream'],
      regexp: either(
        'UH|NC|NR',
        '\\bno healthy upstream\\b|\\bno_healthy_upstream\\b|\\broute_not_found\\b|\\bcluster_not_found\\b',
      ),
      says: 'UH: no healthy host. NR: no route. NC: no such cluster. Envoy answered itself; no connection to an upstream was made.',
      examples: [
        line(503, 'UH', 'no_healthy_upstream'),
        'no healthy upstream',
        line(404, 'NR', 'route_not_found'),
      ],
    },
    {
      id: 'envoy-overflow',
      class: 'LIMIT',
      strength: 'decisive',
      marks: ['said-too-many'],
      regexp: either('UO|RL|OM|RLSE', 'reset reason: overflow\\b|\\boverload\\b(?=[^\\n]{0,40}envoy)'),
      says: 'UO: a circuit breaker (max_connections, max_pending_requests) was open. RL, OM: Envoy limited or shed load itself.',
      examples: [
        line(503, 'UO', 'overflow'),
        'upstream connect error or disconnect/reset before headers. reset reason: overflow',
      ],
    },
    {
      id: 'envoy-denied',
      class: 'NOT-ALLOWED',
      strength: 'decisive',
      marks: ['said-not-allowed'],
      regexp: either(
        'UAEX|UAX',
        '\\brbac_access_denied\\w{0,60}|\\bRBAC: access denied\\b|\\bext_authz_denied\\b',
      ),
      says: 'An authorization filter turned the request away.',
      examples: [line(403, 'UAEX', 'ext_authz_denied'), 'RBAC: access denied'],
    },
    {
      id: 'envoy-disconnect',
      class: 'CLOSED',
      strength: 'hint',
      regexp: /\bupstream connect error or disconnect\/reset before headers\b/,
      says: 'The "reset reason" behind these words decides; it is missing here.',
      examples: ['upstream connect error or disconnect/reset before headers'],
    },
  ],
);
