import type { ResetDetails } from './explained-error.ts';

/** The part of a parser's error that is read: node:http has the packet, undici its text. */
interface ParseError {
  name?: string;
  code?: string;
  message?: string;
  rawPacket?: Uint8Array;
  data?: unknown;
}

/** OpenSSL's words for a record that is none; from release to release one or the other comes first. */
const NO_TLS = /wrong version number|packet length too long|record layer failure|unknown protocol/i;

/** A TLS record that holds an alert: type 21, version 3.x (RFC 8446 §5.1). */
const isAlert = (first: number | undefined, second: number | undefined) => first === 0x15 && second === 0x03;

/**
 * What a failure says when the two ends speak different protocols, TLS here and plain HTTP there or the other way
 * round; null when it is no such failure.
 *
 * @param isNew nothing was ever answered by this origin, and the connection ended without an answer.
 */
export function protocolMismatch(
  error: Error | null,
  originKey: string,
  isNew: boolean,
): Partial<Pick<ResetDetails, 'cause' | 'advice'>> | null {
  const { name, code = '', message = '', rawPacket, data } = (error ?? {}) as ParseError;
  if (originKey.startsWith('https:'))
    return NO_TLS.test(message)
      ? {
          cause: 'the peer answered the TLS handshake with bytes that are no TLS',
          advice:
            'The server does not speak TLS on this port, most likely plain HTTP: use http://, or the port on which it speaks TLS.',
        }
      : null;
  if (name === 'HTTPParserError' || code.startsWith('HPE_')) {
    const bytes = rawPacket ?? (typeof data === 'string' ? Buffer.from(data, 'latin1') : []);
    return isAlert(bytes[0], bytes[1])
      ? {
          cause: 'the peer answered with a TLS alert',
          advice: 'The server expects TLS on this port: use https://.',
        }
      : { cause: 'the peer answered with bytes that are no HTTP' };
  }
  return isNew && originKey.startsWith('http:')
    ? {
        advice:
          'Nothing was ever answered here: if the server expects TLS on this port, which closes so too, use https://. Else ask it whether the request was executed before sending it again, or send an Idempotency-Key.',
      }
    : null;
}
