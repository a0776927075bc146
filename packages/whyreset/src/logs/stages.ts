import type { ClassId } from './classes.ts';

/**
 * A wrapper tells how far the exchange had come, its cause tells what ended it; only together do they give
 * the class: "fixed content-length … received" ← "Connection reset" is a reset in the middle of the answer.
 */
interface Stage {
  regexp: RegExp;
  becomes: Partial<Record<ClassId, ClassId>>;
}

const stages: readonly Stage[] = [
  {
    regexp:
      /\bfixed content-length: \d|\bchunked transfer encoding, state: |\bConnection broken: |\bChunkedEncodingError\b|\bError: aborted\b|TypeError: terminated\b|\breading a body from connection\b/,
    becomes: { 'RST-READ': 'RST-MID', EOF: 'EOF-MID' },
  },
  {
    regexp:
      /\bSSLHandshakeException\b|\bRemote host (?:closed|terminated) the (?:channel|handshake)\b|\b(?:TLS|SSL|tls|ssl) handshake(?! timeout)|\bSSL handshaking to upstream\b/,
    becomes: { 'RST-READ': 'RST-TLS', EOF: 'TLS-EOF' },
  },
];

/** The class of a match, given the text around it. */
export function classAtStage(found: ClassId, around: string): ClassId {
  for (const { regexp, becomes } of stages) {
    const better = becomes[found];
    if (better && regexp.test(around)) return better;
  }
  return found;
}
