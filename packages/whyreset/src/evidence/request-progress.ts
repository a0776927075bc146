import application, { BODILESS } from './application.ts';
import type { Message } from './application-message.ts';
import { defineEvidence, type Known, unknown } from './define.ts';
import { distance, isData, isFin, isReset, later, past } from './packets.ts';

export interface RequestProgressFact extends Known {
  readonly known: true;
  /** The HTTP request that was under way when the connection ended. */
  head: Extract<Message, { protocol: 'http-request' }>;
  /** Bytes of it that had been sent by then. */
  sent: number;
  /** Bytes that it lacked by its own Content-Length: 0 complete, -1 when that cannot be said. */
  lacks: number;
  /** Its header block had not ended. */
  headersOpen: boolean;
}

/** A request head of fewer bytes than the tracker keeps is known in full. */
const KEPT_OF_HEAD = 64;

/**
 * How far the latest request had come when a FIN or RST ended the connection:
 * what the client still sent afterwards does not complete it.
 */
export default defineEvidence(
  'How much of the request had been sent when the connection ended',
  (subject) => {
    const app = application.of(subject);
    if (!app.known) return unknown(app.why);
    const { timeline, responder } = subject.connection;
    const end = timeline.findIndex((p) => isFin(p) || isReset(p));
    if (end < 0) return unknown('neither side ended the connection');
    const { firstRequest, lastRequest } = app;
    const before = (message: Message | null) =>
      message?.protocol === 'http-request' && message.number < timeline[end]!.number ? message : null;
    // A later turn of the client is the rest of the first request unless the server had answered before.
    const head = before(lastRequest) ?? (responder.turns <= 1 ? before(firstRequest) : null);
    if (head === null) return unknown('no HTTP request was under way');
    let start: number | null = null;
    let sentUpTo: number | null = null;
    for (const p of timeline.slice(0, end)) {
      if (p.from !== 'originator' || !isData(p)) continue;
      if (p.number === head.number) start = p.seq;
      sentUpTo = later(sentUpTo, past(p));
    }
    if (start === null || sentUpTo === null) return unknown('the request was not kept in the timeline');
    const sent = distance(sentUpTo, start);
    const headersOpen = head.headerLength < 0 && sent < KEPT_OF_HEAD;
    const length = head.contentLength < 0 && BODILESS.has(head.method) ? 0 : head.contentLength;
    const lacks = head.headerLength < 0 || length < 0 ? -1 : Math.max(0, head.headerLength + length - sent);
    return { known: true, head, sent, lacks, headersOpen };
  },
);
