import { quoteOf, type ReasonClass, type SpokenReason, textOf } from './reason.ts';

/** Words of a line-based protocol: what the line begins with, and words in it that tell more. */
interface LineWords {
  protocol: string;
  begins: RegExp;
  /** The first of these that the line holds decides; none holds: `otherwise`, and null says nothing. */
  words: readonly (readonly [RegExp, ReasonClass])[];
  otherwise: ReasonClass | null;
}

const COMMON: LineWords['words'] = [
  [/time[d ]?-?out|inactiv|idle|autologout/i, 'idle-timeout'],
  [/too many|maximum number|max(?:imum)? (?:number|connections|clients)|limit|concurren/i, 'limit'],
  [/shut(?:ting)? ?down|restart|maintenance|going (?:down|away)/i, 'shutdown'],
  [/denied|not allowed|rejected|blocked|blacklist|blocklist|policy|unauthori[sz]ed/i, 'refused-policy'],
];

/**
 * Replies that a server sends right before it closes. SMTP and FTP share 421 (RFC 5321 §3.8, RFC 959 §4.2:
 * "service not available, closing"), whose text alone tells why.
 */
const LINES: readonly LineWords[] = [
  { protocol: 'SMTP or FTP', begins: /^421[ -]/, words: COMMON, otherwise: 'shutdown' },
  { protocol: 'SMTP', begins: /^5[257]\d[ -]/, words: COMMON.slice(1), otherwise: null },
  {
    protocol: 'SMTP, FTP or POP3',
    begins: /^(?:221[ -]|\+OK .*(?:bye|sign|logg?(?:ing|ed) out|quit))/i,
    words: [],
    otherwise: 'goodbye',
  },
  {
    protocol: 'IMAP',
    begins: /^\* BYE/i,
    words: [...COMMON, [/log(?:ging|ged)? ?out|goodbye/i, 'goodbye']],
    otherwise: 'shutdown',
  },
  { protocol: 'Redis', begins: /^-ERR Protocol error/, words: [], otherwise: 'protocol-error' },
  { protocol: 'Redis', begins: /^-DENIED/, words: [], otherwise: 'refused-policy' },
  { protocol: 'Redis or POP3', begins: /^-ERR/, words: COMMON, otherwise: null },
  {
    protocol: 'SSH',
    begins: /^(?:Exceeded MaxStartups|Not allowed at this time)/,
    words: [],
    otherwise: 'limit',
  },
  { protocol: 'memcached', begins: /^ERROR Too many open connections/, words: [], otherwise: 'limit' },
  {
    protocol: 'XMPP',
    begins: /<stream:error|^<\/stream:stream>/,
    words: [
      [/<connection-timeout/, 'idle-timeout'],
      [/<system-shutdown|<reset/, 'shutdown'],
      [/<resource-constraint/, 'limit'],
      [/<policy-violation|<not-authorized|<host-unknown|<conflict/, 'refused-policy'],
      [/<stream:error/, 'protocol-error'],
    ],
    otherwise: 'goodbye',
  },
];

/** Requests of a client that end its session; each is a whole turn. */
const GOODBYES: readonly (readonly [string, RegExp])[] = [
  ['SMTP, FTP or POP3', /^quit\r?\n$/i],
  ['Redis', /^\*1\r\n\$4\r\nquit\r\n$/i],
  ['IMAP', /^\S{1,16} logout\r?\n$/i],
  ['XMPP', /^<\/stream:stream>$/],
];

const isLetter = (byte: number | undefined) => byte !== undefined && byte >= 0x20 && byte < 0x7f;

/** First bytes of the lines above; those of XMPP have `<` somewhere, and a client's goodbye is short. */
const INITIALS = '245+*-EN';
const LESS_THAN = 0x3c;
const LONGEST_GOODBYE = 32;

/** Whether one of the lines above can stand in a head at all: few are worth being read as text. */
function mayHoldLine(head: Uint8Array): boolean {
  if (!isLetter(head[0]) || !isLetter(head[1])) return false;
  return (
    head.length <= LONGEST_GOODBYE ||
    INITIALS.includes(String.fromCharCode(head[0]!)) ||
    head.includes(LESS_THAN)
  );
}

/** The reason in a line of text; null when the head is none, or gives no reason. */
export function reasonInLine(head: Uint8Array): SpokenReason | null {
  if (!mayHoldLine(head)) return null;
  const text = textOf(head, 0, head.length);
  for (const [protocol, whole] of GOODBYES)
    if (whole.test(text)) return { class: 'goodbye', protocol, quote: quoteOf(text) };
  for (const { protocol, begins, words, otherwise } of LINES) {
    if (!begins.test(text)) continue;
    const kind = words.find(([word]) => word.test(text))?.[1] ?? otherwise;
    if (kind === null) return null;
    return { class: kind, protocol, quote: quoteOf(text.split(/\r?\n/, 1)[0]!) };
  }
  return null;
}
