/** Something that was still open at the deadline and was cut. */
export interface CutConnection {
  kind: 'handshake' | 'idle' | 'request' | 'event-stream' | 'websocket' | 'upgraded';
  /** Address and port of the client. */
  remote: string;
  /** Of the request that was being answered; absent where there was none. */
  method?: string;
  url?: string;
  /** Milliseconds since the request, or else the connection, began. */
  ageMs: number;
}

/** What a drain did. */
export interface DrainReport {
  /** The signal, or what was given to `drain()`. */
  reason: string;
  /** Everything ended in order before the deadline. */
  complete: boolean;
  /** Milliseconds in all, and of each phase. */
  durationMs: number;
  phases: { waitMs: number; stopListeningMs: number; leaveMs: number };
  /** Connections open when listening had stopped. */
  open: number;
  /** Of these: ended by the client, or by the close that followed an answer. */
  left: number;
  /** Of these: idle until the grace was over, then closed. */
  closedIdle: number;
  /** WebSockets told 1001. */
  webSocketsClosed: number;
  /** Requests answered between the beginning of the drain and its end. */
  answered: number;
  /** What the deadline cut. */
  cut: CutConnection[];
}
