import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Zabbix, Nagios, Beats',
    source: 'zabbix src/zabbix_server/poller; nrpe.c; libbeat publisher; logstash-input-beats',
    service: 'any',
  },
  [
    {
      id: 'zabbix-empty',
      program: 'Zabbix',
      class: 'NOT-ALLOWED',
      strength: 'decisive',
      marks: ['said-not-allowed'],
      regexp:
        /\bReceived empty response from Zabbix Agent at \[\S{1,80}\]|\bAssuming that agent dropped connection because of access permissions\b/,
      says: 'The agent closes connections of servers that its Server= line does not name.',
      examples: [
        'Received empty response from Zabbix Agent at [10.0.0.9]. Assuming that agent dropped connection because of access permissions.',
      ],
    },
    {
      id: 'nrpe-handshake',
      program: 'NRPE',
      class: 'NOT-ALLOWED',
      strength: 'decisive',
      marks: ['said-not-allowed'],
      regexp:
        /\bCHECK_NRPE: (?:\(\w{1,20}\) )?Error - Could not complete SSL handshake\b|\bCHECK_NRPE: Error receiving data from daemon\b/,
      says: 'NRPE closes connections of hosts that allowed_hosts does not name.',
      examples: ['CHECK_NRPE: Error - Could not complete SSL handshake with 10.0.0.9: 1'],
    },
    {
      id: 'beats-publish',
      program: 'Beats',
      service: 'broker',
      class: 'CLOSED',
      stage: 'idle',
      strength: 'cause',
      regexp: /\bFailed to publish events(?: caused by)?: /,
      says: 'Logstash closes clients that were quiet for client_inactivity_timeout (60 s); the events are sent again.',
      examples: [
        'ERROR Failed to publish events caused by: write tcp 10.0.0.9:40386->10.0.0.5:5044: write: connection reset by peer',
      ],
    },
    {
      id: 'openvpn-reset',
      program: 'OpenVPN',
      class: 'CLOSED',
      stage: 'tunnel',
      marks: ['vpn'],
      regexp: /\bConnection reset, restarting \[-?\d{1,3}\]/,
      examples: ['Connection reset, restarting [0]'],
    },
    {
      id: 'openvpn-inactivity',
      program: 'OpenVPN',
      class: 'TIMEOUT',
      stage: 'tunnel',
      strength: 'decisive',
      marks: ['vpn', 'said-heartbeat'],
      regexp: /\bInactivity timeout \(--ping-(?:restart|exit)\)/,
      examples: ['[server] Inactivity timeout (--ping-restart), restarting'],
    },
    {
      id: 'openvpn-negotiation',
      program: 'OpenVPN',
      class: 'TIMEOUT-CONNECT',
      marks: ['vpn', 'firewall'],
      regexp: /\bTLS key negotiation failed to occur within \d{1,4} seconds\b/,
      examples: [
        'TLS Error: TLS key negotiation failed to occur within 60 seconds (check your network connectivity)',
      ],
    },
    {
      id: 'irc-ping',
      program: 'IRC',
      service: 'broker',
      class: 'SESSION-KILL',
      ended: 'neither',
      stage: 'idle',
      strength: 'decisive',
      marks: ['said-heartbeat'],
      regexp: /\bPing timeout: \d{1,5} seconds\b/,
      examples: ['quit (Ping timeout: 240 seconds)'],
    },
    {
      id: 'samba-reset',
      program: 'SMB',
      class: 'CLOSED',
      regexp: /\bNT_STATUS_CONNECTION_(?:RESET|DISCONNECTED|ABORTED)\b/,
      examples: ['protocol negotiation failed: NT_STATUS_CONNECTION_RESET'],
    },
    {
      id: 'samba-refused',
      program: 'SMB',
      class: 'REFUSED',
      regexp: /\bNT_STATUS_CONNECTION_REFUSED\b/,
      examples: ['do_connect: Connection to nas failed (Error NT_STATUS_CONNECTION_REFUSED)'],
    },
  ],
);
