import type { SocketOption } from './kernel/socket.ts';
import type { Host } from './path/addresses.ts';
import {
  accept,
  close,
  connect,
  listen,
  REQUEST,
  RESPONSE,
  read,
  type Step,
  send,
  silence,
  until,
} from './steps.ts';

interface Options {
  family?: 4 | 6;
  /** Whose address the client dials. */
  to?: Host;
  /** Options of the server's socket, from its SYN-ACK on. */
  set?: Partial<Record<SocketOption, number>>;
}

/** One request answered; the server closes after 1 s, the client asks again 1 s after that, and once more. */
export const reusedAfterClose = ({ family = 4, to = 'server', set = {} }: Options): readonly Step[] => [
  listen('server', { family, set }),
  connect({ family, to }),
  accept(),
  send('client', REQUEST),
  read('server'),
  send('server', RESPONSE),
  read('client'),
  until({ acknowledged: 'server' }),
  silence(1, 'the server’s idle timer runs'),
  close('server'),
  silence(1, 'the client does not look at the end of the stream'),
  send('client', REQUEST),
  until({ gone: 'client' }),
  send('client', REQUEST),
];

/** What {@link reusedAfterClose} is; the packets allow the more general ones too. */
export const STALE = ['stale-pool-reuse', 'write-after-close', 'server-idle-kill'] as const;
