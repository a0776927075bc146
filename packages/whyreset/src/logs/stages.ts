import type { EndingId } from './endings.ts';

/**
 * A wrapper tells how far the exchange had come, its cause tells what ended it; only together do they give
 * the ending: "fixed content-length … received" ← "Connection reset" is a reset in the middle of the answer.
 */
interface Wrapper {
  regexp: RegExp;
  becomes: Partial<Record<EndingId, EndingId>>;
}

const wrappers: readonly Wrapper[] = [
  {
    regexp:
      /\bfixed content-length: \d|\bchunked transfer encoding, state: |\bConnection broken: |\bChunkedEncodingError\b|\bError: aborted\b|TypeError: terminated\b|\breading a body from connection\b/,
    becomes: { 'RST-READ': 'RST-MID', EOF: 'EOF-MID' },
  },
  {
    regexp:
      /\bSSLHandshakeException\b|\bRemote host (?:closed|terminated) the (?:channel|handshake)\b|\b(?:TLS|SSL|tls|ssl) handshake(?! timeout)|\bSSL handshaking to upstream\b|\bSSL_connect\b/,
    becomes: { 'RST-READ': 'RST-TLS', EOF: 'TLS-EOF', TIMEOUT: 'TLS-TIMEOUT' },
  },
  // A write that meets a reset while TLS is still being set up is no upload.
  { regexp: /\bdial tcp\b[^\n]{0,120}\bi\/o timeout\b/, becomes: { TIMEOUT: 'TIMEOUT-CONNECT' } },
];

/** The ending of a match, given the text around it. */
export function endingAtStage(found: EndingId, around: string): EndingId {
  for (const { regexp, becomes } of wrappers) {
    const better = becomes[found];
    if (better && regexp.test(around)) return better;
  }
  return found;
}
