import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'SMTP, IMAP',
    source: 'RFC 5321; postfix smtpd.c, smtp_chat.c; dovecot lib-master; nodemailer',
    service: 'mail',
  },
  [
    {
      id: 'smtp-lost',
      program: 'Postfix',
      class: 'CLIENT-GONE',
      reporter: 'server',
      regexp: /\blost connection after [A-Z]{4,12}(?: \(\d{1,12} bytes\))? from\b/,
      marks: ['scanner'],
      says: 'Postfix: the client left after that command. After CONNECT or EHLO it is mostly a scanner; after DATA the message was lost.',
      examples: [
        'postfix/smtpd[1]: lost connection after EHLO from unknown[203.0.113.7]',
        'lost connection after DATA (1048576 bytes) from mail.example.com[10.0.0.9]',
      ],
    },
    {
      id: 'smtp-lost-with',
      program: 'Postfix',
      class: 'CLOSED',
      regexp: /\blost connection with \S{1,253} while\b/,
      examples: [
        '(lost connection with mx.example.com[10.0.0.2] while sending end of data -- message may be sent more than once)',
      ],
    },
    {
      id: 'smtp-timed-out-with',
      program: 'Postfix',
      class: 'TIMEOUT',
      regexp:
        /\bconversation with \S{1,253} timed out while\b|\btimeout after [A-Z]{4,12}(?: \(\d{1,12} bytes\))? from\b/,
      marks: ['large-body'],
      says: '"while sending message body" with large messages only is a sign of a path MTU black hole.',
      examples: [
        'conversation with mx.example.com[10.0.0.2] timed out while sending message body',
        'timeout after DATA (2920 bytes) from mail.example.com[10.0.0.9]',
      ],
    },
    {
      id: 'smtp-421',
      class: 'SESSION-KILL',
      strength: 'decisive',
      marks: ['said-idle-timeout'],
      regexp:
        /\b421[ -](?:\d\.\d\.\d )?[^\n]{0,60}?(?:[Tt]imeout (?:exceeded|waiting)|idle|4\.4\.2)[^\n]{0,60}/,
      stage: 'idle',
      examples: ['421 4.4.2 mail.example.com Error: timeout exceeded'],
    },
    {
      id: 'smtp-421-limit',
      class: 'LIMIT',
      strength: 'decisive',
      reporter: 'server',
      marks: ['said-too-many'],
      regexp:
        /\b421[ -](?:\d\.\d\.\d )?[^\n]{0,60}?(?:[Tt]oo many (?:concurrent )?(?:connections|sessions|errors)|[Cc]oncurrent)[^\n]{0,60}|\btoo many connections from\b/i,
      examples: ['421 4.7.0 mail.example.com Error: too many connections from 10.0.0.9'],
    },
    {
      id: 'smtp-disconnected',
      program: 'smtplib',
      class: 'EOF',
      regexp:
        /\bSMTPServerDisconnected: (?:Connection unexpectedly closed|please run connect\(\) first|Server not connected)/,
      examples: ['smtplib.SMTPServerDisconnected: Connection unexpectedly closed'],
    },
    {
      id: 'smtp-size',
      class: 'ANSWERED',
      strength: 'decisive',
      marks: ['said-too-large'],
      regexp:
        /\b55[24][ -](?:5\.3\.4 )?[^\n]{0,60}?(?:[Mm]essage (?:size|too)|exceeds? (?:fixed |maximum )?(?:limit|size))/,
      examples: ['552 5.3.4 Message size exceeds fixed limit'],
    },
    {
      id: 'imap-inactivity',
      program: 'Dovecot',
      class: 'SESSION-KILL',
      strength: 'decisive',
      stage: 'idle',
      marks: ['said-idle-timeout'],
      regexp:
        /\bDisconnected for inactivity\b|\bDisconnected: Inactivity\b|\bAutologout; idle for too long\b/,
      examples: ['* BYE Disconnected for inactivity.', 'dovecot: imap-login: Disconnected: Inactivity'],
    },
    {
      id: 'imap-no-auth',
      program: 'Dovecot',
      class: 'PROBE',
      reporter: 'server',
      marks: ['no-data', 'scanner'],
      regexp: /\b(?:Disconnected|Aborted login)[^\n]{0,40}?\(no auth attempts\b/,
      examples: ['imap-login: Disconnected (no auth attempts in 0 secs): user=<>, rip=203.0.113.7'],
    },
    {
      id: 'smtp-greeting',
      program: 'nodemailer',
      class: 'TIMEOUT',
      stage: 'greeting',
      regexp: /\bGreeting never received\b/,
      says: 'Connected, and the server sent no greeting: TLS expected on one side only (port 465), or a slow server.',
      marks: ['said-wrong-protocol'],
      examples: ['Error: Greeting never received'],
    },
    {
      id: 'nodemailer-conn-reset',
      program: 'nodemailer',
      class: 'RST-READ',
      stage: 'greeting',
      marks: ['fresh'],
      regexp:
        /\bread ECONNRESET\b[\s\S]{0,400}?\bcommand["']?\s?:\s?["']CONN["']|\bcommand["']?\s?:\s?["']CONN["'][\s\S]{0,200}?\bread ECONNRESET\b/,
      says: 'Command CONN: the server had not greeted yet; on port 465 that includes the TLS handshake.',
      examples: [
        "Error: read ECONNRESET\n    at TCP.onStreamRead {\n  code: 'ESOCKET',\n  command: 'CONN'\n}",
      ],
    },
    {
      id: 'nodemailer-conn-closed',
      program: 'nodemailer',
      class: 'EOF',
      stage: 'greeting',
      marks: ['fresh'],
      regexp: /\bConnection closed unexpectedly\b[\s\S]{0,400}?\bcommand["']?\s?:\s?["']CONN["']/,
      says: 'The mail server ended the connection before its greeting.',
      examples: ["Error: Connection closed unexpectedly { code: 'ECONNECTION', command: 'CONN' }"],
    },
  ],
);
