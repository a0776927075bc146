import { CONNECTED, type Step, send, set, until } from './steps.ts';

/** Bytes that fill a good part of a receive buffer (tcp_rmem's default is 128 KiB): the window shrinks in its ACKs. */
export const UNREAD_BYTES = 60_000;
const PIECE = 2_000;

/** Headers and a little more: the uploads' filler need not be kept. */
export const HEADERS = 96;

/** The client sends so many bytes in pieces, each acknowledged: every ACK has the window that the reader left. */
export const upload = (bytes = UNREAD_BYTES): readonly Step[] => [
  set('client', 'TCP_NODELAY', 1),
  ...Array.from({ length: bytes / PIECE }, () => [
    send('client', { bytes: PIECE }),
    until({ acknowledged: 'client' }),
  ]).flat(),
];

/** A connection whose server has so many bytes in its kernel and has read none. */
export const UNREAD: readonly Step[] = [
  ...CONNECTED,
  ...upload(),
  until({ unread: 'server', atLeast: UNREAD_BYTES }),
];

/** What a RST with a reopened window allows: the program or its end closed the socket (`__tcp_close`). */
export const CLOSED = [
  'unread-data-at-close',
  'process-died',
  'worker-killed',
  'abort-by-linger-zero',
] as const;

/** What a RST with the window still shrunk allows: the kernel ended it (`tcp_abort`, `tcp_disconnect`), nobody closed. */
export const ABORTED = ['administrative-kill', 'listener-closed-with-queue', 'tcp-memory-exhausted'] as const;
