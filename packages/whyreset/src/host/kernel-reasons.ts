/**
 * `active`: a socket ended itself (tcp_send_active_reset). `passive`: the stack answered a segment
 * (tcp_v4_send_reset, tcp_v6_send_reset). `either`: used on both paths.
 */
export type ResetKind = 'active' | 'passive' | 'either';

export interface KernelReason {
  /** Its number in the enumeration of Linux 6.18; a trace that could not name it prints this. */
  number: number;
  kind: ResetKind;
  /** One name for several different doings: by itself it decides nothing between these. */
  bucket: boolean;
  /** When it is used, in words; some names mislead. */
  says: string;
}

function reason(number: number, kind: ResetKind, says: string, bucket = false): KernelReason {
  return { number, kind, bucket, says };
}

/**
 * The kernel's names for its reset reasons, without the prefix `SK_RST_REASON_`
 * (Linux include/net/rstreason.h; the numbers are those of the tracepoint's own
 * format file in 6.18). 17 to 23 are the codes of RFC 8684 §3.6.
 */
export const kernelReasons: Readonly<Record<string, KernelReason>> = {
  NOT_SPECIFIED: reason(0, 'either', 'the kernel gives no reason', true),
  NO_SOCKET: reason(
    1,
    'passive',
    'no socket for this connection here: nothing listens, or the process is gone',
  ),
  TCP_INVALID_ACK_SEQUENCE: reason(
    2,
    'passive',
    'an answer to a SYN acknowledged bytes never sent: the peer holds an older connection',
  ),
  TCP_RFC7323_PAWS: reason(3, 'passive', 'the timestamps of a handshake ran backwards'),
  TCP_TOO_OLD_ACK: reason(4, 'passive', 'an acknowledgement from far behind the window during the handshake'),
  TCP_ACK_UNSENT_DATA: reason(5, 'passive', 'an acknowledgement of bytes that were never sent'),
  TCP_FLAGS: reason(
    6,
    'passive',
    'data or an ACK reached a listening socket: this host does not know the connection (any more)',
  ),
  TCP_OLD_ACK: reason(7, 'passive', 'an old acknowledgement during the handshake'),
  TCP_ABORT_ON_DATA: reason(8, 'passive', 'data arrived after the socket had been closed'),
  TCP_TIMEWAIT_SOCKET: reason(
    9,
    'passive',
    'a packet arrived for a connection that is only kept for its TIME_WAIT',
  ),
  INVALID_SYN: reason(
    10,
    'passive',
    'the handshake was reset: accept queue full with tcp_abort_on_overflow, or a SYN inside a handshake',
    true,
  ),
  TCP_ABORT_ON_CLOSE: reason(
    11,
    'active',
    'the socket was closed, or its process ended, with received bytes unread',
  ),
  TCP_ABORT_ON_LINGER: reason(
    12,
    'active',
    'TCP_LINGER2 is negative and the socket was in FIN_WAIT2 (this is not SO_LINGER 0)',
  ),
  TCP_ABORT_ON_MEMORY: reason(13, 'active', 'too many orphaned sockets, or TCP is out of memory'),
  TCP_STATE: reason(
    14,
    'active',
    'aborted on purpose: SO_LINGER 0, ss -K, or a listener closed with connections in its queue',
    true,
  ),
  TCP_KEEPALIVE_TIMEOUT: reason(15, 'active', 'keep-alive probes stayed unanswered'),
  TCP_DISCONNECT_WITH_DATA: reason(16, 'active', 'disconnected in the middle of closing, with data unsent'),
  MPTCP_RST_EUNSPEC: reason(17, 'either', 'a Multipath TCP subflow was ended without a given reason', true),
  MPTCP_RST_EMPTCP: reason(18, 'either', 'a Multipath TCP subflow broke the protocol'),
  MPTCP_RST_ERESOURCE: reason(19, 'either', 'no resources for a Multipath TCP subflow'),
  MPTCP_RST_EPROHIBIT: reason(20, 'either', 'a Multipath TCP subflow is not allowed here'),
  MPTCP_RST_EWQ2BIG: reason(21, 'either', 'too much data of a Multipath TCP subflow is unacknowledged'),
  MPTCP_RST_EBADPERF: reason(22, 'either', 'a Multipath TCP subflow performed too badly'),
  MPTCP_RST_EMIDDLEBOX: reason(23, 'either', 'a box on the path interfered with Multipath TCP options'),
  ERROR: reason(24, 'either', 'a branch of the kernel that should not be reached', true),
  MAX: reason(25, 'either', 'the end mark of the list of reasons: no reason at all', true),
};

const BY_NUMBER = new Map(Object.entries(kernelReasons).map(([name, { number }]) => [String(number), name]));

/** The bare name from any spelling: with the prefix, or as a number where a tool could not name it. */
export function reasonName(text: string): string {
  return BY_NUMBER.get(text) ?? text.replace(/^SK_RST_REASON_/, '');
}

/** In words, or null for a name that is not in the table. */
export function kernelReasonMeans(name: string): string | null {
  return kernelReasons[reasonName(name)]?.says ?? null;
}
