import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'git',
    source: 'git 2.4x remote-curl.c, connect.c, pkt-line.c',
    service: 'http',
    marks: ['pool'],
  },
  [
    {
      id: 'git-hung-up',
      class: 'CLOSED',
      strength: 'cause',
      ended: 'unclear',
      regexp: /\b[Tt]he remote end hung up (?:unexpectedly|upon initial contact)\b/,
      says: 'git’s last line; the one before it says more.',
      examples: [
        'fatal: The remote end hung up unexpectedly',
        'fatal: the remote end hung up upon initial contact',
      ],
    },
    {
      id: 'git-early-eof',
      class: 'EOF-MID',
      ended: 'unclear',
      regexp:
        /\bfatal: early EOF\b|\bunexpected disconnect while reading sideband packet\b|\bfetch-pack: unexpected disconnect\b|\bindex-pack failed\b/,
      examples: ['fatal: early EOF', 'fetch-pack: unexpected disconnect while reading sideband packet'],
    },
    {
      id: 'git-rpc-failed',
      class: 'CLOSED',
      strength: 'hint',
      stage: 'sending',
      marks: ['upload'],
      regexp: /\berror: RPC failed\b/,
      says: 'The code behind it (HTTP status, curl code) decides.',
      examples: ['error: RPC failed; curl 56 Recv failure: Connection was reset'],
    },
    {
      id: 'git-curl-55',
      class: 'RST-WRITE',
      ended: 'unclear',
      regexp: /\bRPC failed; curl 55\b/,
      marks: ['upload'],
      examples: ['error: RPC failed; curl 55 Send failure: Connection was reset'],
    },
    {
      id: 'git-curl-56',
      class: 'RST-READ',
      ended: 'unclear',
      regexp: /\bRPC failed; curl 56\b/,
      examples: ['error: RPC failed; curl 56 GnuTLS recv error (-54): Error in the pull function.'],
    },
    {
      id: 'git-curl-18',
      class: 'EOF-MID',
      regexp: /\bRPC failed; curl 18\b/,
      examples: ['error: RPC failed; curl 18 transfer closed with outstanding read data remaining'],
    },
    {
      id: 'git-curl-92',
      class: 'STREAM-RESET',
      regexp: /\bRPC failed; curl 92\b/,
      marks: ['stream-error'],
      examples: ['error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)'],
    },
    {
      id: 'git-gnutls',
      class: 'TLS-EOF',
      ended: 'unclear',
      program: 'GnuTLS',
      strength: 'cause',
      service: 'any',
      regexp:
        /\bGnuTLS recv error \(-(?:110|54|9)\)|\bThe TLS connection was non-properly terminated\b|\bgnutls_handshake\(\) failed\b/,
      says: 'GnuTLS: -110 is a FIN without close_notify, -54 a failed read (RST), -9 a packet of unexpected length.',
      examples: [
        'GnuTLS recv error (-110): The TLS connection was non-properly terminated.',
        'gnutls_handshake() failed: The TLS connection was non-properly terminated.',
      ],
    },
    {
      id: 'npm-reset',
      class: 'RST-READ',
      program: 'npm',
      ended: 'unclear',
      strength: 'cause',
      marks: ['registry'],
      regexp: /\bnpm (?:ERR!|error) (?:code|errno|network) (?:ECONNRESET|aborted)\b|\bERR_SOCKET_TIMEOUT\b/,
      examples: ['npm ERR! code ECONNRESET', 'npm ERR! network aborted'],
    },
  ],
);
