/*
 * Thresholds that several facts and causes share, with unit and source. They
 * speak for or against something; none of them rules anything out.
 */

/**
 * A program that ends a connection because of the bytes that just came does so within this time and four round
 * trips, seconds. Measured on loopback: 0.1 to 40 ms with Node, Python, Go and Java under load.
 */
export const PROMPT = 0.25;

/**
 * What a host needs beyond the round trip to answer, seconds: timers of a busy machine and a delayed ACK (Linux
 * TCP_DELACK_MIN is 40 ms). A request that comes later than that without acknowledging the FIN did not cross it.
 */
export const FIN_SLACK = 0.04;

/**
 * A Keep-Alive header counts in whole seconds and timers run late: a close that comes less than this before the
 * announced time keeps within it, seconds (Node 20 closes `timeout=5` after 5 to 6 s; measured).
 */
export const HINT_SLACK = 1;

/** No server waits less than this for a request, seconds (the shortest default of the known timeouts is 1 s). */
export const SHORTEST_LIMIT = 1;

/** The longest record that holds a close_notify and nothing larger, bytes: RFC 8446 §5.2, RFC 5288 (31 with GCM). */
export const CLOSE_NOTIFY_MOST = 31;

/** A server that has sent nothing for this long and two round trips has finished its response, seconds. */
export const QUIET = 0.05;

/** A health check resets within this time of the SYN-ACK, seconds (HAProxy and LVS: at once; nmap: within a round trip). */
export const PROBE_TIME = 2;

/** Linux net.ipv4.tcp_fin_timeout, and TIME_WAIT: a closed side remembers its half of a connection that long, seconds. */
export const FIN_TIMEOUT = 60;

/** A FIN this close behind the sender's own last bytes ends its message and is a half-close, seconds. */
export const HALF_CLOSE_BEHIND = 0.05;

/** A client that ends a connection sooner than this, or two round trips, after its request had not waited, seconds. */
export const SHORTEST_PATIENCE = 0.05;

/**
 * No timeout and no person ends a wait this short, seconds: 74 of 611 captures of others ended within it, each by
 * design of the client (a goodbye, a half-close, an answer that it does not want).
 */
export const NO_PATIENCE = 0.01;

/** A response of unknown length that grew so recently is taken to be still growing, seconds. */
export const STREAM_GAP = 0.05;

/** A host is not gone and back in this time, a program is, seconds. */
export const REBOOT = 0.5;

/**
 * A program that aborts because of what has just arrived, or right behind its own answer, does so within this time
 * and a round trip, seconds (recorded runs of rst-unread and rst-abortive: below 5 ms on an idle machine).
 */
export const AT_HAND = 0.05;

/**
 * No server needs as long to refuse a request, and no supervisor gives one less, seconds: what ends later died on
 * it, threw or ran into a limit (shortest limit in the table of known timeouts: 1 s).
 */
export const LONG_WORK = 0.5;

/** As many connections of one server that end in one instant are one event, not a coincidence. */
export const MANY = 3;

/** As many that end in one instant right behind their requests are no refusals that happen to coincide. */
export const CROWD = 10;

/** What every server reads in one go, bytes: one segment (read buffers: Go 4 KiB, Java and Python 8 KiB, Node 64 KiB). */
export const READ_AT_ONCE = 1460;

/** The longest goodbye, bytes: a close frame of WebSocket (RFC 6455 §5.5); SMTP QUIT has 6, COM_QUIT of MySQL 5. */
export const GOODBYE_MOST = 131;

/**
 * A machine or service that restarts is away for longer than this, seconds (containers restart in 1 to 10 s, virtual
 * machines in 20 to 60 s; kubelet's first restart back-off is 10 s).
 */
export const RESTART = 30;

/** No box forgets a connection sooner: a packet that is rejected after less meets a rule. Seconds (shortest known: 2 s in the lab, 4 s on home routers). */
export const SHORTEST_EXPIRY = 2;

/** RSTs towards both ends that come this close together were made in one place, seconds. */
export const SAME_MOMENT = 0.2;

/** A balancer or NAT is not known to forget established connections sooner than this, seconds (shortest common default). */
export const BOX_IDLE = 30;

/** A FIN that comes this long after the request, with no byte of an answer, is no half-close that ends a request, seconds. */
export const GIVES_UP = 0.5;
