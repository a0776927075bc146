/** Every way in which a connection can end under a POST, as `fault-server.mjs` does it when it is told to. */
export interface Ending {
  /** Ordered by the warming request. */
  after?: string;
  /** Ordered by the POST itself. */
  act?: string;
  /** Milliseconds between the two, of which the last are spent without looking at the socket. */
  pause: number;
  executed: 0 | 1;
  /** The race: proven by the kernel's view, and answered after a retry. */
  proven?: boolean;
}

export const ENDINGS: Record<string, Ending> = {
  'full close, then POST': { after: 'idle:50', pause: 68, executed: 0, proven: true },
  'closed with the request unread': { after: 'ignore:close:80', pause: 30, executed: 0 },
  'reset with the request unread': { after: 'ignore:reset:80', pause: 30, executed: 0 },
  'executed, then reset at once': { act: 'reset', pause: 30, executed: 1 },
  'executed, then reset after 100 ms': { act: 'reset:100', pause: 30, executed: 1 },
  'executed on the head, then closed with the body unread': { act: 'head-close', pause: 30, executed: 1 },
  'executed, then closed without an answer': { act: 'close', pause: 30, executed: 1 },
};

/** The race itself, at its edge: with the pause a little shorter or longer, the request meets the close on its way. */
export const CROSSING: Record<string, Ending> = {
  'closed while the request was on its way': { after: 'idle:50', pause: 46, executed: 0 },
};

/** A server that forgets a connection without a word, as after a crash; it needs root (TCP_REPAIR). */
export const FORGOTTEN: Record<string, Ending> = {
  'state vanished silently': { after: 'vanish:10', pause: 40, executed: 0 },
};

/** A server that executes what it reads after its own FIN: the assumption of the proofs by FIN does not hold. */
export const AFTER_HALF_CLOSE: Record<string, Ending> = {
  'half-closed, then executed, then reset': { after: 'half-close:reset:50', pause: 46, executed: 1 },
  'half-closed, then executed, then closed': { after: 'half-close:close:50', pause: 46, executed: 1 },
};
