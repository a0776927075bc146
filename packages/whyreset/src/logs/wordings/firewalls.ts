import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'firewall',
    source:
      'Palo Alto session end reasons; FortiGate action; Cisco ASA 302014, 106015; Check Point TCP log; iptables LOG',
    reporter: 'box',
    service: 'any',
    marks: ['firewall'],
  },
  [
    {
      id: 'firewall-rst-from-client',
      class: 'MIDDLEBOX-LOG',
      ended: 'rst',
      marks: ['cancelled'],
      regexp: /\btcp-rst-from-client\b|\bclient-rst\b|\bTCP Reset-I\b/,
      says: 'The box saw the reset come from the client’s side (for a Cisco ASA: from the inside) and did not make it.',
      examples: [
        'TRAFFIC,end,2049,10.0.0.9,10.0.0.2,session_end_reason=tcp-rst-from-client',
        'type="traffic" subtype="forward" srcip=10.0.0.9 dstip=10.0.0.2 dstport=443 action="client-rst"',
        '%ASA-6-302014: Teardown TCP connection 12345 for outside:10.0.0.9/52044 to inside:10.0.0.2/443 duration 0:00:30 bytes 1234 TCP Reset-I',
      ],
    },
    {
      id: 'firewall-rst-from-server',
      class: 'MIDDLEBOX-LOG',
      ended: 'rst',
      stage: 'waiting',
      regexp: /\btcp-rst-from-server\b|\bserver-rst\b|\bTCP Reset-O\b/,
      says: 'The box saw the reset come from the server’s side (for a Cisco ASA: from the outside) and did not make it.',
      examples: [
        'TRAFFIC,end,2049,10.0.0.9,10.0.0.2,session_end_reason=tcp-rst-from-server',
        'type="traffic" subtype="forward" srcip=10.0.0.9 dstip=10.0.0.2 dstport=443 action="server-rst"',
        '%ASA-6-302014: Teardown TCP connection 12345 for outside:10.0.0.9/52044 to inside:10.0.0.2/443 duration 0:00:30 bytes 1234 TCP Reset-O',
      ],
    },
    {
      id: 'firewall-aged-out',
      class: 'MIDDLEBOX-LOG',
      ended: 'neither',
      stage: 'idle',
      strength: 'decisive',
      marks: ['idle-before'],
      regexp:
        /\baged-out\b|\bsubtype="?forward"?[^\n]{0,400}?action="?timeout"?|\bConn-timeout\b|\bIdle Timeout\b(?=[^\n]{0,40}$)/,
      says: 'The box forgot the session because nothing passed for its idle time; the next packet will be dropped or reset.',
      examples: [
        'TRAFFIC,end,2049,10.0.0.9,10.0.0.2,session_end_reason=aged-out',
        '%ASA-6-302014: Teardown TCP connection 12345 for outside:10.0.0.9/52044 to inside:10.0.0.2/443 duration 1:00:01 bytes 1234 Conn-timeout',
      ],
    },
    {
      id: 'firewall-syn-timeout',
      class: 'TIMEOUT-CONNECT',
      ended: 'neither',
      regexp: /\bSYN Timeout\b/,
      says: 'The box passed the SYN and saw no answer.',
      examples: [
        '%ASA-6-302014: Teardown TCP connection 12345 for outside:10.0.0.9/52044 to inside:10.0.0.2/443 duration 0:00:30 bytes 0 SYN Timeout',
      ],
    },
    {
      id: 'firewall-policy',
      class: 'MIDDLEBOX-LOG',
      strength: 'decisive',
      ended: 'unclear',
      marks: ['said-not-allowed'],
      regexp:
        /\bpolicy-deny\b|\bFlow reset by IPS\b|\bsession_end_reason[=:]\s?"?threat\b|\bresources-unavailable\b|\bdecrypt-(?:error|unsupport-param|cert-validation)\b|\bFlow (?:closed|terminated) by inspection\b/,
      says: 'The box ended the session itself, by policy or for want of resources; whether it sent a reset depends on its rule.',
      examples: [
        'TRAFFIC,end,2049,10.0.0.9,10.0.0.2,session_end_reason=policy-deny',
        '%ASA-6-302014: Teardown TCP connection 12345 for outside:10.0.0.9/52044 to inside:10.0.0.2/443 duration 0:00:01 bytes 512 Flow reset by IPS',
      ],
    },
    {
      id: 'firewall-no-session',
      class: 'MIDDLEBOX-LOG',
      strength: 'decisive',
      ended: 'neither',
      stage: 'idle',
      marks: ['idle-before'],
      regexp:
        /\bDeny TCP \(no connection\)|%ASA-6-106015\b|\bFirst packet isn't SYN\b|\bTCP packet out of state\b|\bnon-syn-tcp\b|\bno session matched\b/,
      says: 'A packet came for a session that the box does not know (any more): it dropped or reset it.',
      examples: [
        '%ASA-6-106015: Deny TCP (no connection) from 10.0.0.9/52044 to 10.0.0.2/443 flags PSH ACK on interface inside',
        "TCP packet out of state: First packet isn't SYN; tcp_flags: PUSH-ACK",
      ],
    },
    {
      id: 'firewall-drop',
      class: 'TIMEOUT-CONNECT',
      strength: 'decisive',
      ended: 'neither',
      marks: ['said-not-allowed'],
      regexp:
        /\[UFW BLOCK\]|\baction="?deny"?\b|\b(?:DROP|REJECT|BLOCK)(?:ED)?:? IN=\S{0,20} OUT=|\bREJECT OK\b|%ASA-4-106023\b/,
      says: 'A rule dropped or rejected the packet.',
      examples: [
        '[UFW BLOCK] IN=eth0 OUT= MAC=.. SRC=10.0.0.9 DST=10.0.0.2 PROTO=TCP SPT=5123 DPT=8080 SYN',
        '2 123456789010 eni-1235b8ca 10.0.0.9 10.0.0.2 49761 3306 6 20 4249 1418530010 1418530070 REJECT OK',
      ],
    },
    {
      id: 'firewall-fin',
      class: 'MIDDLEBOX-LOG',
      ended: 'fin',
      strength: 'cause',
      regexp: /\btcp-fin\b|\bTCP FINs\b/,
      says: 'The box saw an orderly end; nothing is wrong with this session.',
      examples: [
        'TRAFFIC,end,2049,10.0.0.9,10.0.0.2,session_end_reason=tcp-fin',
        '%ASA-6-302014: Teardown TCP connection 12345 for outside:10.0.0.9/52044 to inside:10.0.0.2/443 duration 0:00:30 bytes 1234 TCP FINs',
      ],
    },
  ],
);
