import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'FTP',
    source: 'RFC 959, RFC 2228, RFC 4217; vsftpd, proftpd, pure-ftpd, FileZilla Server source',
    service: 'ftp',
  },
  [
    {
      id: 'ftp-421-idle',
      class: 'SESSION-KILL',
      strength: 'decisive',
      stage: 'idle',
      marks: ['said-idle-timeout'],
      regexp:
        /\b421[ -](?:[^\n]{0,40}?[Tt]ime-?out|[^\n]{0,40}?timed out|Idle|No[- ]transfer|Connection timed out)[^\n]{0,60}/,
      says: '421: the server ended the control connection after its idle limit.',
      examples: [
        '421 Timeout (300 seconds): closing control connection.',
        '421 Connection timed out.',
        '421 No-transfer-time exceeded. Closing control connection.',
      ],
    },
    {
      id: 'ftp-421-limit',
      class: 'LIMIT',
      strength: 'decisive',
      reporter: 'server',
      marks: ['said-too-many'],
      regexp: /\b421[ -][^\n]{0,40}?(?:[Tt]oo many|[Mm]aximum|There are too many)[^\n]{0,60}/,
      examples: [
        '421 There are too many connections from your internet address.',
        '421 Too many connections (8) from this IP',
      ],
    },
    {
      id: 'ftp-421',
      class: 'SESSION-KILL',
      marks: ['said-shutdown'],
      regexp: /\b421 Service not available\b|\b421[ -][^\n]{0,30}?(?:closing|shutting)/i,
      examples: [
        '421 Service not available, closing control connection.',
        '421 Service not available, remote server has closed connection',
      ],
    },
    {
      id: 'ftp-tls-resumption',
      class: 'NOT-ALLOWED',
      ended: 'neither',
      strength: 'decisive',
      stage: 'tls',
      marks: ['tls-resumption', 'tls-alert'],
      regexp:
        /\bTLS session of data connection (?:not resumed|has not resumed)|\bdata connection(?:'s)? (?:must|needs to) (?:use|reuse)[^\n]{0,40}session\b|\bSSL connection failed; session reuse required\b|\b522 SSL connection failed\b|\bclient did not reuse SSL session\b|\bsession reuse required\b/,
      says: 'The FTPS server demands that the TLS session of the control connection is resumed on the data connection (vsftpd require_ssl_reuse, FileZilla Server, proftpd NoSessionReuseRequired).',
      examples: [
        '425 Unable to build data connection: TLS session of data connection not resumed',
        '522 SSL connection failed; session reuse required: see require_ssl_reuse option in vsftpd.conf man page',
      ],
    },
    {
      id: 'ftp-data-refused',
      class: 'REFUSED',
      ended: 'unclear',
      marks: ['firewall'],
      regexp:
        /\b425[ -](?:Can't|Cannot|Unable to|Could not) (?:open|build) (?:data|passive) connection\b|\b425 Failed to establish connection\b|\bECONNREFUSED - Connection refused by server\b(?=[^\n]{0,40}data)|\bFailed to (?:retrieve|read) directory listing\b/,
      says: 'The data connection could not be made: passive ports that the firewall does not open, or a private address in the 227 answer.',
      examples: [
        '425 Can\'t open data connection for transfer of "/"',
        '425 Failed to establish connection.',
        'Error: Failed to retrieve directory listing',
      ],
    },
    {
      id: 'ftp-426',
      class: 'CLOSED',
      stage: 'answering',
      regexp:
        /\b426[ -][^\n]{0,60}?(?:[Tt]ransfer aborted|Connection closed|Failure (?:reading|writing) network stream|connection closed)/,
      examples: ['426 Connection closed; transfer aborted.', '426 Failure writing network stream.'],
    },
    {
      id: 'ftp-php-eof',
      class: 'EOF',
      strength: 'cause',
      stage: 'idle',
      regexp:
        /\bftp_\w{2,20}\(\): [^\n]{0,80}?(?:closed|aborted)|\bftplib\.error_temp: 421\b|\bFTPConnectionClosedException\b|\bConnection closed without indication\b/,
      examples: [
        'org.apache.commons.net.ftp.FTPConnectionClosedException: Connection closed without indication.',
      ],
    },
  ],
);
