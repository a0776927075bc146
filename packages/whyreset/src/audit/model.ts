/** Where in a file something stands; lines and columns from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** Why a setting has its value: it is written in a file, or nobody wrote it and the product has a default. */
export type Origin =
  | { kind: 'written'; at: Position }
  /** `source`: documentation, source file or issue in which the value was read. */
  | { kind: 'default'; source: string; appliesTo: string | null };

export interface Setting<V = number> {
  value: V;
  origin: Origin;
  /** As the product names it. */
  name: string;
}

/** What a hop does with the connections that it accepts. Durations in seconds (Infinity: never), sizes in bytes. */
export interface Accepts {
  /** Closes a connection that has had no request for so long. */
  idleTimeout?: Setting;
  /** Gives one request so long until its answer. */
  requestTimeout?: Setting;
  /** Largest request body. */
  bodyLimit?: Setting;
  /** Forgets a silent connection after so long, and resets or drops what comes then. */
  flowTimeout?: Setting;
  /** Fastest keep-alive ping that is tolerated. */
  pingMinimum?: Setting;
  /** Speaks TLS. */
  tls?: Setting<boolean>;
  /** Takes HTTP/2 as well; false: HTTP/1 alone. */
  http2?: Setting<boolean>;
  /** Expects a PROXY header. */
  proxyProtocol?: Setting<boolean>;
  /** Length of the accept queue asked for. */
  backlog?: Setting;
}

/** What a hop does with the connections that it opens. */
export interface Connects {
  /** Keeps an idle connection for reuse for so long. */
  idleTimeout?: Setting;
  /** Closes a connection of this age at its next rest. */
  maxAge?: Setting;
  /** Waits so long for an answer. */
  responseTimeout?: Setting;
  /** First TCP keep-alive probe after so much silence; Infinity: no probes. */
  tcpKeepAlive?: Setting;
  /** Pause between two keep-alive pings of the protocol. */
  pingInterval?: Setting;
  tls?: Setting<boolean>;
  /** Speaks HTTP/2 and nothing else, without asking. */
  http2?: Setting<boolean>;
  /** Sends a PROXY header. */
  proxyProtocol?: Setting<boolean>;
  /** Sends a request again that the peer may have executed, whatever its method. */
  repeatsAny?: Setting<boolean>;
}

/** What holds for the process as a whole. */
export interface Process {
  /** Time between the signal to stop and the kill. */
  terminationGrace?: Setting;
  /** Time that passes before the program is told to stop. */
  stopDelay?: Setting;
  /** Time that the program gives itself to finish. */
  drainTimeout?: Setting;
  /** Connections that it is allowed. */
  maxConnections?: Setting;
  /** Descriptors of connections for each of them. */
  descriptorsEach?: number;
  /** Descriptors that it is allowed. */
  descriptors?: Setting;
  /** Largest accept queue of the kernel (net.core.somaxconn). */
  somaxconn?: Setting;
  /** Ends connections by a RST, or with data unread. */
  abortive?: Setting<string>;
  /** Ends a worker after so many requests. */
  workerRequests?: Setting;
  workerRequestsJitter?: Setting;
  /** Switches that reset connections which are in order. */
  harmful?: { setting: Setting<string>; does: string; instead: string }[];
  /** What is scarce, or was, on this host. */
  pressures?: { setting: Setting<string>; says: string; instead: string }[];
}

export type Role = 'client' | 'balancer' | 'proxy' | 'server' | 'database' | 'host';

/** An address to listen on or to connect to; `null` where the file does not say. */
export interface Endpoint {
  host: string | null;
  port: number | null;
}

/** One program between client and server, as its configuration describes it. */
export interface Hop {
  /** Id of the product; its file in `products/`. */
  product: string;
  /** As it is called in messages: `nginx`, `gunicorn (web)`. */
  name: string;
  listens: Endpoint[];
  targets: Endpoint[];
  accepts: Accepts;
  connects: Connects;
  process: Process;
  /** Where it is described; null for one that was only named. */
  at: Position | null;
}

/** Connections from one hop to the next. */
export interface Link {
  from: Hop;
  to: Hop;
  /** Nothing in the files names the address: they are the only two that fit. */
  assumed: boolean;
}

export interface Chain {
  hops: Hop[];
  links: Link[];
}

export const hop = (product: string, name: string, at: Position | null): Hop => ({
  product,
  name,
  listens: [],
  targets: [],
  accepts: {},
  connects: {},
  process: {},
  at,
});

export const written = <V>(name: string, value: V, at: Position): Setting<V> => ({
  name,
  value,
  origin: { kind: 'written', at },
});
