import { type Pattern, patternsOf } from '../pattern.ts';

// A response flag after the status in the default access log, or as a JSON field.
const flag = (flags: string): RegExp =>
  new RegExp(`" \\d{3} (?:${flags}) |response_flags["']?\\s?[:=]\\s?["']?(?:${flags})\\b`, 'g');
const line = (status: number, flags: string, details: string): string =>
  `[2026-11-21T01:00:00.000Z] "POST /orders HTTP/1.1" ${status} ${flags} ${details} - "-" 128 95 12 - "10.0.0.9"`;

const envoy: Pattern[] = patternsOf({ program: 'Envoy', verified: 'documented' }, [
  {
    id: 'envoy-uc',
    class: 'UPSTREAM-ENDED',
    strength: 'exact',
    regexp: new RegExp(
      `${flag('UC').source}|reset reason: connection termination|\\bupstream_reset_(?:before|after)_response_started\\{connection_termination`,
      'g',
    ),
    says: 'UC: the upstream ended the connection while a request was on it.',
    examples: [
      line(503, 'UC', 'upstream_reset_before_response_started{connection_termination}'),
      'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
      '{"response_code":503,"response_flags":"UC","method":"POST"}',
    ],
  },
  {
    id: 'envoy-uf',
    class: 'REFUSED',
    strength: 'exact',
    ended: 'unclear',
    regexp: new RegExp(`${flag('UF').source}|reset reason: (?:remote |local )?connection failure`, 'g'),
    says: 'UF: Envoy could not connect to the upstream: refused, timed out, or TLS failed; the details after it say which.',
    examples: [
      line(503, 'UF', 'upstream_reset_before_response_started{connection_failure}'),
      'upstream connect error or disconnect/reset before headers. reset reason: connection failure',
    ],
  },
  {
    id: 'envoy-ur',
    class: 'STREAM-RESET',
    strength: 'exact',
    regexp: new RegExp(`${flag('UR').source}|reset reason: remote reset`, 'g'),
    says: 'UR: the upstream reset the stream (an HTTP/2 frame, not a TCP reset).',
    examples: [line(503, 'UR', 'upstream_reset_before_response_started{remote_reset}')],
  },
  {
    id: 'envoy-dc',
    class: 'CLIENT-GONE',
    strength: 'exact',
    regexp: new RegExp(`${flag('DC').source}|\\bdownstream_remote_disconnect\\b`, 'g'),
    says: 'DC: the client disconnected.',
    examples: [line(0, 'DC', 'downstream_remote_disconnect').replace('" 0 DC', '" 000 DC')],
  },
  {
    id: 'envoy-timeout',
    class: 'TIMEOUT',
    strength: 'exact',
    regexp: flag('UT|SI|UMSDR'),
    says: 'UT: the upstream did not answer within the route timeout. SI: the stream was idle for too long.',
    examples: [line(504, 'UT', 'response_timeout')],
  },
  {
    id: 'envoy-lr',
    class: 'LOCAL-ABORT',
    strength: 'exact',
    regexp: flag('LR'),
    says: 'LR: Envoy itself reset the stream.',
    examples: [line(503, 'LR', 'upstream_reset_before_response_started{local_reset}')],
  },
  {
    id: 'envoy-uh',
    class: 'REFUSED',
    strength: 'exact',
    ended: 'neither',
    regexp: new RegExp(`${flag('UH').source}|\\bno healthy upstream\\b`, 'g'),
    says: 'UH: Envoy had no healthy host to send to and answered itself.',
    families: [{ cause: 'H11', why: 'no healthy target' }],
    examples: [line(503, 'UH', 'no_healthy_upstream'), 'no healthy upstream'],
  },
]);

const alb: Pattern[] = patternsOf({ program: 'AWS Application Load Balancer', verified: 'documented' }, [
  {
    id: 'alb-502-no-target-answer',
    class: 'UPSTREAM-ENDED',
    strength: 'exact',
    regexp: /\bapp\/\S{1,120} \S{1,60} \S{1,60} -?[\d.]{1,12} -?[\d.]{1,12} -1 502 - /g,
    says: 'The balancer made the 502 itself: no status and no response time from the target, which closed or reset the connection.',
    examples: [
      'https 2026-11-21T01:00:00.186641Z app/my-lb/50dc6c495c0c9188 10.0.0.9:2817 10.0.0.2:3000 0.001 0.004 -1 502 - 34 366 "POST https://example.com:443/orders HTTP/1.1" "curl/8.0" - -',
      'https 2026-11-21T01:00:00.186641Z app/my-lb/50dc6c495c0c9188 10.0.0.9:2817 10.0.0.2:3000 -1 -1 -1 502 - 34 366 "POST https://example.com:443/orders HTTP/1.1" "curl/8.0" - -',
    ],
  },
  {
    id: 'alb-460',
    class: 'CLIENT-GONE',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bapp\/\S{1,120} \S{1,60} \S{1,60} -?[\d.]{1,12} -?[\d.]{1,12} -?[\d.]{1,12} 460 /g,
    says: '460: the client closed before the balancer could answer.',
    examples: [
      'https 2026-11-21T01:00:00.186641Z app/my-lb/50dc6c495c0c9188 10.0.0.9:2817 10.0.0.2:3000 0.001 4.000 -1 460 - 34 366 "GET https://example.com:443/ HTTP/1.1" "curl/8.0" - -',
    ],
  },
  {
    id: 'alb-504',
    class: 'TIMEOUT',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bapp\/\S{1,120} \S{1,60} \S{1,60} -?[\d.]{1,12} -?[\d.]{1,12} -1 504 - /g,
    says: '504: the target did not connect or answer in time.',
    examples: [
      'https 2026-11-21T01:00:00.186641Z app/my-lb/50dc6c495c0c9188 10.0.0.9:2817 10.0.0.2:3000 0.001 60.000 -1 504 - 34 366 "GET https://example.com:443/ HTTP/1.1" "curl/8.0" - -',
    ],
  },
]);

const firewalls: Pattern[] = patternsOf({ program: 'firewall', verified: 'documented' }, [
  {
    id: 'firewall-rst-from-client',
    class: 'MIDDLEBOX-LOG',
    strength: 'exact',
    ended: 'rst',
    regexp: /\btcp-rst-from-client\b|\bclient-rst\b|\bTCP Reset-I\b/g,
    says: 'The box saw the reset come from the client’s side (for a Cisco ASA: from the inside) and did not make it.',
    families: [
      { cause: 'D7', why: 'the client gave up: a timeout or a cancelled request' },
      { cause: 'B1', why: 'the client had what it wanted and left' },
      { cause: 'D10', why: 'the client’s kernel reset packets that came from an address it never dialled' },
      { cause: 'B3', why: 'a health check or scanner that always ends so' },
    ],
    examples: [
      'TRAFFIC,end,2049,10.0.0.9,10.0.0.2,session_end_reason=tcp-rst-from-client',
      'type="traffic" subtype="forward" srcip=10.0.0.9 dstip=10.0.0.2 dstport=443 action="client-rst"',
      '%ASA-6-302014: Teardown TCP connection 12345 for outside:10.0.0.9/52044 to inside:10.0.0.2/443 duration 0:00:30 bytes 1234 TCP Reset-I',
    ],
  },
  {
    id: 'firewall-rst-from-server',
    class: 'MIDDLEBOX-LOG',
    strength: 'exact',
    ended: 'rst',
    regexp: /\btcp-rst-from-server\b|\bserver-rst\b|\bTCP Reset-O\b/g,
    says: 'The box saw the reset come from the server’s side (for a Cisco ASA: from the outside) and did not make it.',
    families: [
      { cause: 'H1', why: 'the port was closed' },
      { cause: 'I1', why: 'a request crossed the server’s FIN (keep-alive race)' },
      { cause: 'I2', why: 'the server closed an idle connection with a request unread' },
      { cause: 'D2', why: 'the server closed with request bytes unread' },
    ],
    examples: [
      'TRAFFIC,end,2049,10.0.0.9,10.0.0.2,session_end_reason=tcp-rst-from-server',
      'type="traffic" subtype="forward" srcip=10.0.0.9 dstip=10.0.0.2 dstport=443 action="server-rst"',
      '%ASA-6-302014: Teardown TCP connection 12345 for outside:10.0.0.9/52044 to inside:10.0.0.2/443 duration 0:00:30 bytes 1234 TCP Reset-O',
    ],
  },
  {
    id: 'firewall-aged-out',
    class: 'MIDDLEBOX-LOG',
    strength: 'exact',
    ended: 'neither',
    regexp:
      /\baged-out\b|\bsubtype="?forward"?[^\n]{0,400}?action="?timeout"?|\bConn-timeout\b|\bSYN Timeout\b/g,
    says: 'The box forgot the session because nothing passed for its idle time; the next packet will be dropped or reset.',
    families: [
      { cause: 'I4', why: 'the next packet on the forgotten flow is reset' },
      { cause: 'I6', why: 'the next packet on the forgotten flow vanishes' },
      { cause: 'H12', why: 'a SYN timeout: the server never answered' },
    ],
    examples: [
      'TRAFFIC,end,2049,10.0.0.9,10.0.0.2,session_end_reason=aged-out',
      '%ASA-6-302014: Teardown TCP connection 12345 for outside:10.0.0.9/52044 to inside:10.0.0.2/443 duration 1:00:01 bytes 1234 Conn-timeout',
    ],
  },
  {
    id: 'firewall-policy',
    class: 'MIDDLEBOX-LOG',
    strength: 'exact',
    ended: 'unclear',
    regexp:
      /\bpolicy-deny\b|\bFlow reset by IPS\b|\bsession_end_reason[=:]\s?"?threat\b|\bresources-unavailable\b/g,
    says: 'The box ended the session itself, by policy or for want of resources; whether it sent a reset depends on its rule.',
    families: [
      { cause: 'P7', why: 'a policy, IPS or threat rule ended it' },
      { cause: 'H2', why: 'the rule rejects the connection' },
    ],
    examples: [
      'TRAFFIC,end,2049,10.0.0.9,10.0.0.2,session_end_reason=policy-deny',
      '%ASA-6-302014: Teardown TCP connection 12345 for outside:10.0.0.9/52044 to inside:10.0.0.2/443 duration 0:00:01 bytes 512 Flow reset by IPS',
    ],
  },
]);

/** Envoy, AWS load balancer and firewall logs. */
export const envoyAlbFirewalls: Pattern[] = [...envoy, ...alb, ...firewalls];
