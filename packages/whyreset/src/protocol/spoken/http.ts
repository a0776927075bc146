import { quoteOf, type ReasonClass, type SpokenReason, textOf } from './reason.ts';

/** Statuses that end the connection, or say why it ends (RFC 9110 §15). */
const STATUSES: Readonly<Record<number, ReasonClass>> = {
  400: 'protocol-error',
  408: 'request-timeout',
  413: 'too-large',
  414: 'too-large',
  421: 'refused-policy',
  426: 'protocol-error',
  429: 'limit',
  431: 'too-large',
  494: 'too-large',
  497: 'protocol-error',
  500: 'internal-error',
  502: 'upstream',
  503: 'upstream',
  504: 'upstream',
  505: 'protocol-error',
};

/** The reason in an HTTP/1 answer that says so by its status; null for all others. */
export function reasonInHttp(b: Uint8Array): SpokenReason | null {
  if (b.length < 12 || textOf(b, 0, 7) !== 'HTTP/1.') return null;
  // Most answers are good ones: of these not even the line becomes text.
  if (STATUSES[Number(textOf(b, 9, 12))] === undefined) return null;
  const line = textOf(b, 0, b.length).split('\r\n', 1)[0]!;
  const status = Number(line.slice(9, 12));
  const kind = STATUSES[status];
  return kind === undefined ? null : { class: kind, protocol: 'HTTP', quote: quoteOf(line) };
}
