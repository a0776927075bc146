/** How it ends in the program, where there is no text: the words that stand for it. */
export const ENDINGS: readonly { id: string; says: string; text: string }[] = [
  { id: 'reset', says: 'reset while it waits for an answer', text: 'recv: Connection reset by peer' },
  { id: 'closed', says: 'closed, without an answer', text: 'EOF: server closed the connection' },
  { id: 'pipe', says: 'it fails while it sends', text: 'send: Broken pipe' },
  { id: 'timeout', says: 'no answer comes', text: 'read: Operation timed out' },
  { id: 'refused', says: 'refused at once', text: 'connect: Connection refused' },
  { id: 'connect-timeout', says: 'no answer to the connect', text: 'connect ETIMEDOUT' },
  { id: 'tls', says: 'it ends in the TLS handshake', text: 'TLS handshake: unexpected eof while reading' },
];
