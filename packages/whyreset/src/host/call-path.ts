/**
 * How the kernel came to send a reset, read off its stack; it separates what
 * one reset reason lumps together (measured on Linux 6.18).
 *
 * - `close`: close() on the socket (__tcp_close from the system call)
 * - `exit`: the kernel closed it because the process ended (do_exit)
 * - `linger`: close() with SO_LINGER 0 (tcp_disconnect from __tcp_close)
 * - `disconnect`: connect() with AF_UNSPEC
 * - `listener-closed`: the listener was closed with the connection in its queue (inet_csk_listen_stop)
 * - `killed`: another program ended it by socket diagnosis, `ss -K` (tcp_abort)
 * - `timer`: a timer gave up
 * - `answer`: the stack answered a segment
 */
export type CallPath =
  | 'close'
  | 'exit'
  | 'linger'
  | 'disconnect'
  | 'listener-closed'
  | 'killed'
  | 'timer'
  | 'answer';

/** First match wins: the outer function says more than the inner one that it calls. */
const PATHS: readonly (readonly [CallPath, RegExp])[] = [
  ['answer', /^tcp_v[46]_send_reset$/],
  ['listener-closed', /^(?:inet_child_forget|inet_csk_listen_stop)$/],
  ['killed', /^(?:tcp_abort|tcp_diag_destroy|inet_diag_cmd_exact)$/],
  ['disconnect', /^__inet_stream_connect$/],
  ['timer', /^tcp_(?:keepalive|write|delack)_timer$|^tcp_out_of_resources$/],
];

/** Beyond it stands whoever was interrupted, often the other end of a connection inside one machine. */
const INTERRUPT = /^(?:__|handle_|do_|asm_|common_)\w*(?:softirq|irq|interrupt|sysvec)/;

/** Whether the stack runs through an interrupt, so that its task is whoever happened to run. */
export function isInterrupted(stack: readonly string[]): boolean {
  return stack.some((frame) => INTERRUPT.test(frame));
}

/** @param stack function names, innermost first; null when they tell none of the paths */
export function callPathOf(stack: readonly string[]): CallPath | null {
  const interrupted = stack.findIndex((frame) => INTERRUPT.test(frame));
  const frames = interrupted < 0 ? stack : stack.slice(0, interrupted);
  for (const [path, wanted] of PATHS) if (frames.some((frame) => wanted.test(frame))) return path;
  const close = frames.indexOf('__tcp_close');
  if (close < 0) return null;
  if (frames.slice(0, close).includes('tcp_disconnect')) return 'linger';
  return frames.some((frame) => /^do_(?:group_)?exit$/.test(frame)) ? 'exit' : 'close';
}

const WORDS: Record<CallPath, string> = {
  close: 'by a plain close()',
  exit: 'because the process ended',
  linger: 'by a close() with SO_LINGER 0',
  disconnect: 'by connect() with AF_UNSPEC',
  'listener-closed': 'because the listener was closed while it waited in the queue',
  killed: 'by another program through socket diagnosis (ss -K)',
  timer: 'by a timer that gave up',
  answer: 'as the answer to a segment',
};

/** The end of the sentence “the kernel sent it …”. */
export function callPathMeans(path: CallPath): string {
  return WORDS[path];
}
