/**
 * What a text shows of how a connection ended, apart from any cause. A wording says which of these it observed; the
 * tables of `explain/likelihood` say what each makes likely.
 */

/** How TCP ended the connection, as far as the text says. `neither`: no FIN and no RST was involved. */
export type Ended = 'fin' | 'rst' | 'neither' | 'unclear';

/** What ended it, as finely as texts tell. */
export type End =
  | 'fin'
  | 'rst'
  /** The other side ended it; the text does not say whether by FIN or RST. */
  | 'closed'
  | 'refused'
  | 'silence'
  | 'unreachable'
  /** This program or this host ended it. */
  | 'local'
  /** The other side said why, in the protocol above TCP: a status, an alert, an error message. */
  | 'message'
  /** A frame of HTTP/2 ended a stream or announced the end. */
  | 'frame'
  /** A process ended: its supervisor or kernel says so. */
  | 'process'
  /** The name was not resolved: no packet was sent. */
  | 'lookup'
  /** A limit was reached on the host that logs it. */
  | 'limit';

/** How far the connection had come. */
export type Stage =
  | 'connecting'
  | 'tls'
  /** Connected, and the server has not yet greeted or admitted the client. */
  | 'greeting'
  /** The request was sent, no byte of the answer came. */
  | 'waiting'
  /** The client was still sending. */
  | 'sending'
  | 'answering'
  /** Nothing was outstanding. */
  | 'idle'
  /** A long-lived exchange in both directions: WebSocket, CONNECT, a subscription, a shell. */
  | 'tunnel';

/** What was spoken on the connection. */
export type Service =
  | 'http'
  | 'websocket'
  | 'grpc'
  | 'database'
  | 'cache'
  | 'broker'
  | 'ssh'
  | 'ftp'
  | 'mail'
  | 'any';

/** Who wrote the text. */
export type Reporter = 'client' | 'server' | 'proxy' | 'box' | 'host';

/** Observations that a text makes beside the ending itself. */
export const marks = {
  // The server or a supervisor says why.
  'said-idle-timeout': 'the server says that an idle or session timeout ended it',
  'said-slow-request': 'the server says that it waited too long for the rest of a request',
  'said-shutdown': 'the server says that it shuts down or that an operator ended the session',
  'said-too-many': 'a limit of connections is named',
  'said-no-descriptors': 'the process is out of file descriptors',
  'said-not-allowed': 'the server says that this client may not connect',
  'said-too-large': 'the server says that the request is too large',
  'said-early-answer': 'an error status came while the request may not have been read to its end',
  'said-no-upstream': 'a proxy says that it has no healthy server',
  'said-wrong-protocol': 'the text says that the protocol of the two ends differs',
  'said-heartbeat': 'a heartbeat of the protocol above TCP was missed',
  'said-max-age': 'the server says that the connection reached its age',
  'said-keepalive-timeout': 'the stack says that TCP keep-alive gave up',
  'worker-timeout': 'a supervisor ended a worker at its time limit',
  'out-of-memory': 'the process was killed for memory',
  crash: 'the process crashed',
  killed: 'the process was killed by a signal',
  restart: 'the process or its pod was started, stopped or replaced',
  'when-restarted': 'it happens when the server, its pod or its host is stopped or replaced',
  // Protocols that do not fit.
  'plain-to-tls': 'plain text reached a TLS port',
  'tls-to-plain': 'TLS reached a plain-text port',
  'http-version': 'the two ends disagree on the version of HTTP',
  'proxy-protocol': 'the PROXY protocol is involved',
  'tls-alert': 'a TLS alert was sent',
  certificate: 'a certificate was refused',
  'tls-resumption': 'the server demands that a TLS session is resumed',
  'sasl-or-security': 'the program suspects another security protocol',
  // HTTP/2.
  goaway: 'GOAWAY was sent',
  'too-many-pings': 'too many pings were sent',
  'stream-refused': 'the server refused a stream',
  'stream-error': 'a stream was reset with an error code',
  // How the connection was used.
  reused: 'the connection had carried an earlier request',
  fresh: 'the connection was new',
  pool: 'the connection came from a pool',
  'not-idempotent': 'the request was one that clients do not repeat by themselves',
  'idle-before': 'the connection was idle before it failed',
  interval: 'it happens at a fixed interval',
  random: 'it happens at irregular times',
  'request-count': 'it happened after a number of requests',
  'large-body': 'the body was large',
  upload: 'the client was sending a body',
  'large-only': 'only large transfers fail',
  'long-lived': 'the connection is a watch, a subscription or a stream',
  download: 'a body was being received',
  'long-request': 'the request or query ran for long',
  'took-long': 'the request had run for seconds when it ended',
  'many-at-once': 'many connections failed in one moment',
  'no-data': 'the client connected and sent nothing',
  'health-check': 'a health check is involved',
  scanner: 'a scanner is involved',
  browser: 'the client is a browser',
  cancelled: 'the request was cancelled by its caller',
  'own-timeout': 'a time limit of the reporting program expired',
  concurrent: 'many connections were opened at once',
  'through-proxy': 'the client goes through a forward proxy (CONNECT)',
  'by-name': 'it depends on the name that is asked for',
  // Where.
  kubernetes: 'Kubernetes or containers are involved',
  azure: 'Azure is on the path',
  aws: 'AWS is on the path',
  gcp: 'Google Cloud is on the path',
  cloudflare: 'Cloudflare is on the path',
  'docker-swarm': 'Docker Swarm or IPVS is on the path',
  serverless: 'a function platform freezes the process between calls',
  vpn: 'a VPN or tunnel is on the path',
  balancer: 'a load balancer is on the path',
  firewall: 'a firewall or NAT is on the path',
  censorship: 'a network that filters by name is on the path',
  'managed-service': 'the server is a managed service with an access list',
  localhost: 'the other end is on the same host',
  registry: 'an image registry or package download is involved',
  windows: 'the reporting host runs Windows',
  'public-peer': 'the other end has a public name or address',
  'private-peer': 'the other end has a private address or an internal name',
  'tls-socket': 'the connection carries TLS',
  // Kernel and network.
  conntrack: 'connection tracking is named',
  'conntrack-full': 'the connection tracking table is full',
  'port-exhaustion': 'no source port is left',
  'syn-flood': 'the kernel reports a full queue of half-open connections',
  backlog: 'a listen queue is named',
  'tcp-memory': 'the kernel reports TCP memory or orphans',
  mtu: 'packet size or MTU is named',
  retransmission: 'retransmissions are named',
  // What a number of the text comes to.
  'number-keepalive': 'a duration is that of TCP keep-alive giving up',
  'number-retransmission': 'a duration is that of retransmission giving up',
  'number-syn': 'a duration is that of unanswered SYNs',
  'number-path-idle': 'a duration is the idle timeout of a known box',
  'number-server-idle': 'a duration is the keep-alive timeout of a known server',
  'number-session': 'a duration is the session timeout of a known store',
  'number-request': 'a duration is the request limit of a known product',
  'number-count': 'a count is the request limit of a known product',
  'number-size': 'a size lies above the limit of a known product',
} as const;

export type Mark = keyof typeof marks;

/** What the whole text says of one ending. */
export interface Observation {
  end: End;
  stage: Stage | null;
  service: Service;
  reporter: Reporter;
  /** Which side ended it, where the text says so. */
  by: 'client' | 'server' | null;
  /** What the wordings show. */
  shown: ReadonlySet<Mark>;
  /** What the words around them mention; it counts for less. */
  mentioned: ReadonlySet<Mark>;
}
