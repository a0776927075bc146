import type { ResetPayload } from '../../wire/reset-payload.ts';
import type { ReasonClass, SpokenReason } from './reason.ts';

/**
 * Reset causes that boxes write into the payload of their RSTs: F5 BIG-IP (`tm.rstcause.pkt`, K13223), and others
 * that follow RFC 9293 §3.5.2. The first words that match decide.
 */
const WORDS: readonly (readonly [RegExp, ReasonClass])[] = [
  [/flow expired|idle|time[d ]?-?out|keep-?alive|sweeper/i, 'idle-timeout'],
  [/handshake timeout|3whs/i, 'request-timeout'],
  [/too many|limit|no (?:free|available)|unable to obtain local port|out of memory|exhausted/i, 'limit'],
  [/policy|denied|reject|listener|acl|forbidden|blocked|irule|asm|security/i, 'refused-policy'],
  [/pool member|no server|node down|monitor|serverside|upstream/i, 'upstream'],
  [/shut|restart|going down|failover|standby/i, 'shutdown'],
  [/protocol|malformed|bad |invalid|illegal/i, 'protocol-error'],
  [/admin|deleted|delete /i, 'administrator'],
  [/internal/i, 'internal-error'],
];

/** Codes of draft-ietf-tcpm-rst-diagnostic-payload that name a kind. */
const CODES: Readonly<Record<number, ReasonClass>> = {
  7: 'refused-policy',
  8: 'protocol-error',
  9: 'refused-policy',
  10: 'limit',
  14: 'idle-timeout',
};

/** The reason in the payload of a RST; null for bytes that are no text, or words of no known kind. */
export function reasonInReset(payload: ResetPayload): SpokenReason | null {
  if (payload.kind === 'opaque') return null;
  if (payload.kind === 'diagnostic') {
    const kind = CODES[payload.code];
    const { meaning } = payload;
    return kind === undefined || meaning === null
      ? null
      : { class: kind, protocol: 'RST payload', quote: meaning };
  }
  const kind = WORDS.find(([words]) => words.test(payload.text))?.[1];
  return kind === undefined ? null : { class: kind, protocol: 'RST payload', quote: payload.text };
}
