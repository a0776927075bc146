/**
 * What the kernel's names for its reset reasons mean to the one who reads
 * them. Names: Linux include/net/rstreason.h, without the prefix
 * `SK_RST_REASON_`; some mislead, so the words say when they are used.
 */
const MEANINGS: Readonly<Record<string, string>> = {
  NOT_SPECIFIED: 'the kernel gives no reason',
  NO_SOCKET: 'no socket for this connection here: nothing listens, or the process is gone',
  TCP_INVALID_ACK_SEQUENCE:
    'an answer to a SYN acknowledged bytes never sent: the peer holds an older connection',
  TCP_RFC7323_PAWS: 'the timestamps of a handshake ran backwards',
  TCP_TOO_OLD_ACK: 'an acknowledgement from far behind the window during the handshake',
  TCP_ACK_UNSENT_DATA: 'an acknowledgement of bytes that were never sent',
  TCP_FLAGS: 'data or an ACK reached a listening socket: this host does not know the connection (any more)',
  TCP_OLD_ACK: 'an old acknowledgement during the handshake',
  TCP_ABORT_ON_DATA: 'data arrived after the socket had been closed',
  TCP_TIMEWAIT_SOCKET: 'a packet arrived for a connection that is only kept for its TIME_WAIT',
  INVALID_SYN:
    'the handshake was reset: accept queue full with tcp_abort_on_overflow, or a SYN inside a handshake',
  TCP_ABORT_ON_CLOSE: 'the socket was closed, or its process ended, with received bytes unread',
  TCP_ABORT_ON_LINGER: 'TCP_LINGER2 is negative and the socket was in FIN_WAIT2 (this is not SO_LINGER 0)',
  TCP_ABORT_ON_MEMORY: 'too many orphaned sockets, or TCP is out of memory',
  TCP_STATE: 'aborted on purpose: SO_LINGER 0, ss -K, or a listener closed with connections in its queue',
  TCP_KEEPALIVE_TIMEOUT: 'keep-alive probes stayed unanswered',
  TCP_DISCONNECT_WITH_DATA: 'disconnected in the middle of closing, with data unsent',
  ERROR: 'a branch of the kernel that should not be reached',
};

/** In words, or null for a name that is not in the table. */
export function kernelReasonMeans(name: string): string | null {
  return MEANINGS[name.replace(/^SK_RST_REASON_/, '')] ?? null;
}
