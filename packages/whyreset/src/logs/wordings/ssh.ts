import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'OpenSSH',
    source: 'openssh-portable 9 sshd.c, packet.c, clientloop.c, kex.c, auth.c; paramiko, SSH.NET, JSch',
    service: 'ssh',
  },
  [
    {
      id: 'ssh-banner-closed',
      class: 'NO-BANNER',
      regexp:
        /\b(?:kex|ssh)_exchange_identification: (?:Connection closed by remote host|read: Connection closed)|\bServer response does not contain SSH protocol identification\b|\bConnection is closed by foreign host\b|\bbanner exchange: Connection to \S{1,80} port \d{1,5}: (?:Connection closed|invalid format)|\bError reading SSH protocol banner\b(?![^\n]{0,40}(?:104|timed))|\bclosed connection before (?:the )?(?:banner|identification)\b/,
      says: 'The server accepted the TCP connection and closed it before it sent "SSH-2.0-…".',
      examples: [
        'kex_exchange_identification: Connection closed by remote host',
        'ssh_exchange_identification: Connection closed by remote host',
        'Server response does not contain SSH protocol identification.',
        'paramiko.ssh_exception.SSHException: Error reading SSH protocol banner',
      ],
    },
    {
      id: 'ssh-banner-reset',
      class: 'RST-CONNECT',
      regexp:
        /\b(?:kex|ssh)_exchange_identification: read: Connection reset by peer\b|\bError reading SSH protocol banner\[Errno 104\]/,
      examples: ['kex_exchange_identification: read: Connection reset by peer'],
    },
    {
      id: 'ssh-max-startups',
      program: 'sshd',
      class: 'LIMIT',
      strength: 'decisive',
      reporter: 'server',
      regexp:
        /\bpast MaxStartups\b|\bExceeded MaxStartups\b|\bbeginning MaxStartups throttling\b|\bdrop connection #\d{1,9} from\b/,
      marks: ['said-too-many'],
      examples: [
        'sshd[1735]: drop connection #11 from [10.142.0.5]:51068 on [10.142.0.17]:22 past MaxStartups',
        'ssh_exchange_identification: Exceeded MaxStartups',
        'error: beginning MaxStartups throttling',
      ],
    },
    {
      id: 'ssh-refused',
      program: 'sshd',
      class: 'NOT-ALLOWED',
      strength: 'decisive',
      reporter: 'server',
      regexp: /\brefused connect from \S{1,120}|\bNot allowed at this time\b/,
      marks: ['said-not-allowed'],
      examples: ['sshd[1735]: refused connect from 10.0.0.9 (10.0.0.9)', 'Not allowed at this time'],
    },
    {
      id: 'ssh-client-broken',
      class: 'EPIPE',
      stage: 'idle',
      regexp:
        /\b(?:packet_write_wait: Connection to|client_loop: send disconnect:|Write failed:|packet_write_poll: Connection to)[^\n]{0,80}?Broken pipe/,
      marks: ['idle-before'],
      says: 'ssh wrote into a session that had ended: a box forgot it while it was idle, or the server was gone.',
      examples: [
        'packet_write_wait: Connection to 10.0.0.1 port 22: Broken pipe',
        'client_loop: send disconnect: Broken pipe',
      ],
    },
    {
      id: 'sftp-packet-reset',
      program: 'sftp',
      class: 'RST-READ',
      stage: 'greeting',
      regexp: /\bCouldn't read packet: Connection reset by peer/,
      says: 'sftp waited for an answer of the server’s SFTP subsystem; before its first prompt that subsystem did not start.',
      examples: ["Couldn't read packet: Connection reset by peer"],
    },
    {
      id: 'sftp-packet-write',
      program: 'sftp',
      class: 'EPIPE',
      stage: 'sending',
      regexp: /\bCouldn't (?:write|send) packet: Broken pipe/,
      examples: ["Couldn't write packet: Broken pipe"],
    },
    {
      id: 'ssh-client-reset',
      class: 'RST-READ',
      stage: 'idle',
      regexp:
        /\b(?:Read from remote host \S{1,120}: Connection reset by peer|client_loop: send disconnect: Connection reset|Connection reset by \S{1,80} port \d{1,5})/,
      examples: [
        'Read from remote host 10.0.0.1: Connection reset by peer',
        'client_loop: send disconnect: Connection reset',
        'Connection reset by 10.0.0.1 port 22',
      ],
    },
    {
      id: 'ssh-keepalive',
      class: 'TIMEOUT',
      stage: 'idle',
      strength: 'decisive',
      regexp: /\bTimeout, server \S{1,120} not responding\b/,
      marks: ['said-heartbeat'],
      says: 'ServerAliveInterval × ServerAliveCountMax passed without an answer.',
      examples: ['Timeout, server 10.0.0.1 not responding.'],
    },
    {
      id: 'ssh-client-alive',
      program: 'sshd',
      class: 'SESSION-KILL',
      ended: 'neither',
      stage: 'idle',
      strength: 'decisive',
      reporter: 'server',
      regexp: /\bTimeout, client not responding\b/,
      marks: ['said-heartbeat'],
      says: 'ClientAliveInterval × ClientAliveCountMax passed without an answer of the client.',
      examples: ['sshd[1735]: Timeout, client not responding from user app 10.0.0.9 port 5123'],
    },
    {
      id: 'ssh-idle-shell',
      class: 'SESSION-KILL',
      stage: 'idle',
      strength: 'decisive',
      regexp: /\btimed out waiting for input: auto-logout\b/,
      marks: ['said-idle-timeout'],
      says: 'TMOUT of the shell.',
      examples: ['timed out waiting for input: auto-logout'],
    },
    {
      id: 'ssh-closed-by-remote',
      class: 'CLOSED',
      stage: 'idle',
      regexp:
        /\bConnection to \S{1,120} closed by remote host\b|\bRemote side unexpectedly closed network connection\b/,
      ended: 'fin',
      examples: [
        'Connection to 10.0.0.1 closed by remote host.',
        'FATAL ERROR: Remote side unexpectedly closed network connection',
      ],
    },
    {
      id: 'ssh-preauth-probe',
      program: 'sshd',
      class: 'PROBE',
      reporter: 'server',
      regexp:
        /\bDid not receive identification string from\b|\bConnection (?:closed|reset) by \S{1,120} port \d{1,5} \[preauth\]|\bbanner exchange: Connection from \S{1,80} port \d{1,5}: (?:invalid format|could not read protocol version|Connection reset)|\bkex_exchange_identification: client sent invalid protocol identifier|\bsshd\[\d{1,9}\]: (?:error: )?kex_exchange_identification: (?:Connection closed by remote host|read: Connection reset by peer)|\bBad protocol version identification\b/m,
      marks: ['no-data', 'scanner'],
      says: 'The server’s line: a client left before it logged in, as scanners, monitoring and password guessers do.',
      examples: [
        'sshd[1735]: Did not receive identification string from 10.0.0.7 port 4711',
        'sshd[1735]: Connection closed by 203.0.113.7 port 4711 [preauth]',
        'sshd[1735]: banner exchange: Connection from 203.0.113.7 port 4711: invalid format',
      ],
    },
    {
      id: 'ssh-too-many-auth',
      class: 'NOT-ALLOWED',
      strength: 'decisive',
      regexp: /\bToo many authentication failures\b|\bPermission denied \(publickey/,
      marks: ['said-not-allowed'],
      examples: [
        'Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures',
        'git@github.com: Permission denied (publickey).',
      ],
    },
    {
      id: 'ssh-login-grace',
      program: 'sshd',
      class: 'SESSION-KILL',
      strength: 'decisive',
      reporter: 'server',
      regexp: /\bTimeout before authentication for\b/,
      marks: ['said-slow-request'],
      says: 'LoginGraceTime (120 s unless set) expired.',
      examples: ['sshd[1735]: fatal: Timeout before authentication for 10.0.0.9 port 5123'],
    },
    {
      id: 'ssh-connect-timeout',
      class: 'TIMEOUT-CONNECT',
      regexp: /\bssh: connect to host \S{1,253} port \d{1,5}: (?:Connection|Operation) timed out\b/,
      examples: ['ssh: connect to host 10.0.0.1 port 22: Connection timed out'],
    },
    {
      id: 'ssh-connect-refused',
      class: 'REFUSED',
      regexp: /\bssh: connect to host \S{1,253} port \d{1,5}: Connection refused\b/,
      examples: ['ssh: connect to host 10.0.0.1 port 22: Connection refused'],
    },
    {
      id: 'ssh-jsch',
      program: 'JSch',
      class: 'EOF',
      stage: 'idle',
      regexp:
        /\bJSchException: (?:connection is closed by foreign host|session is down)\b|\bEnd of IO Stream Read\b/,
      examples: [
        'com.jcraft.jsch.JSchException: connection is closed by foreign host',
        'Session.connect: java.io.IOException: End of IO Stream Read',
      ],
    },
    {
      id: 'ssh-established-aborted',
      program: 'SSH.NET',
      class: 'CLOSED',
      stage: 'idle',
      regexp: /\bAn established connection was aborted by the server\b/,
      examples: [
        'Renci.SshNet.Common.SshConnectionException: An established connection was aborted by the server.',
      ],
    },
    {
      id: 'rsync-closed',
      program: 'rsync',
      class: 'CLOSED',
      stage: 'answering',
      regexp:
        /\brsync: (?:\[\w{1,12}\] )?(?:connection unexpectedly closed|read error: Connection reset by peer|\[?\w{0,12}\]? ?write error: Broken pipe|safe_read failed)|\bunexplained error \(code 255\)/,
      examples: [
        'rsync: connection unexpectedly closed (1048576 bytes received so far) [receiver]',
        'rsync error: unexplained error (code 255) at io.c(228)',
      ],
    },
    {
      id: 'rsync-timeout',
      program: 'rsync',
      class: 'TIMEOUT',
      stage: 'answering',
      regexp: /\brsync error: timeout in data send\/receive\b/,
      examples: ['rsync error: timeout in data send/receive (code 30) at io.c(195)'],
    },
  ],
);
