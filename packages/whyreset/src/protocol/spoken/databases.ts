import { quoteOf, type ReasonClass, type SpokenReason, textOf, uint16, uint32 } from './reason.ts';

/** SQLSTATEs with which PostgreSQL and its poolers end a session (appendix A of its manual). */
const SQLSTATES: Readonly<Record<string, ReasonClass>> = {
  '57P01': 'administrator',
  '57P02': 'shutdown',
  '57P03': 'shutdown',
  '57P05': 'idle-timeout',
  '25P03': 'idle-timeout',
  '25P04': 'request-timeout',
  '53300': 'limit',
  '53200': 'internal-error',
  '28000': 'refused-policy',
  '28P01': 'refused-policy',
  '3D000': 'refused-policy',
  '08P01': 'protocol-error',
};

/** Field `type` of an ErrorResponse (PostgreSQL manual, message formats); null when it is not among the kept bytes. */
function field(b: Uint8Array, type: number): string | null {
  for (let at = 5; at < b.length && b[at] !== 0; ) {
    let end = at + 1;
    while (end < b.length && b[end] !== 0) end++;
    if (b[at] === type) return textOf(b, at + 1, end);
    at = end + 1;
  }
  return null;
}

const C = 0x43;
const M = 0x4d;
const E = 0x45;

function postgres(b: Uint8Array): SpokenReason | null {
  if (b[0] !== E || uint16(b, 1) !== 0 || b[5] !== 0x53) return null;
  const code = field(b, C);
  const message = field(b, M) ?? '';
  // PgBouncer sends 08P01 for all of its own errors; its words tell them apart.
  const pooler = /no more connections|too many connections/.test(message)
    ? 'limit'
    : /client_idle_timeout|idle timeout/.test(message)
      ? 'idle-timeout'
      : null;
  const kind = pooler ?? (code === null ? undefined : SQLSTATES[code]);
  return kind === undefined
    ? null
    : { class: kind, protocol: 'PostgreSQL', quote: quoteOf(`SQLSTATE ${code}: ${message}`) };
}

/** Numbers of errors with which MySQL and MariaDB end a session (MySQL server error reference). */
const ERRORS: Readonly<Record<number, ReasonClass>> = {
  1040: 'limit',
  1043: 'protocol-error',
  1045: 'refused-policy',
  1053: 'shutdown',
  1129: 'refused-policy',
  1130: 'refused-policy',
  1153: 'too-large',
  1159: 'request-timeout',
  1161: 'request-timeout',
  1203: 'limit',
  1226: 'limit',
  1927: 'administrator',
  3169: 'administrator',
  4031: 'idle-timeout',
};

function mysql(b: Uint8Array): SpokenReason | null {
  // Three bytes of length, a number, 0xff for an error, the code in little-endian order.
  if (b.length < 7 || b[1] !== 0 || b[2] !== 0 || b[4] !== 0xff) return null;
  const code = b[5]! | (b[6]! << 8);
  const kind = ERRORS[code];
  if (kind === undefined) return null;
  const from = b[7] === 0x23 ? 13 : 7;
  const words = quoteOf(textOf(b, from, Math.min(b.length, 4 + b[0]!)));
  return { class: kind, protocol: 'MySQL', quote: `error ${code}: ${words}` };
}

/** Errors of an Oracle listener that refuses (TNS packet of type 4). */
const LISTENER: Readonly<Record<string, ReasonClass>> = {
  '12516': 'limit',
  '12519': 'limit',
  '12520': 'limit',
  '12518': 'limit',
  '12505': 'refused-policy',
  '12514': 'refused-policy',
};

function oracle(b: Uint8Array): SpokenReason | null {
  if (b[4] !== 4 || b.length < 12) return null;
  const found = /\(ERR=(\d+)\)/.exec(textOf(b, 8, b.length))?.[1];
  const kind = found === undefined ? undefined : LISTENER[found];
  return kind === undefined ? null : { class: kind, protocol: 'Oracle TNS', quote: `ERR=${found}` };
}

const TERMINATE = 0x58;

/** The client's request to end the session: PostgreSQL's Terminate, MySQL's COM_QUIT, the logout of TDS 5. */
function goodbye(b: Uint8Array): SpokenReason | null {
  if (b.length === 5 && b[0] === TERMINATE && uint32(b, 1) === 4)
    return { class: 'goodbye', protocol: 'PostgreSQL', quote: 'Terminate' };
  if (b.length === 5 && uint32(b, 0) === 0x0100_0000 && b[4] === 1)
    return { class: 'goodbye', protocol: 'MySQL', quote: 'COM_QUIT' };
  if (b[0] === 0x0f && b[1] === 1 && uint16(b, 2) === b.length && b[8] === 0x71)
    return { class: 'goodbye', protocol: 'TDS', quote: 'LOGOUT' };
  return null;
}

/** The reason in a message of a database; null when the head is none, or gives no reason. Never throws. */
export function reasonInDatabase(b: Uint8Array): SpokenReason | null {
  return goodbye(b) ?? postgres(b) ?? mysql(b) ?? oracle(b);
}
