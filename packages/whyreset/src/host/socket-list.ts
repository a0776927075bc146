import { type Place, placeOf } from './place.ts';

/** One TCP socket as `ss -tnoi` or `netstat -tn` shows it. */
export interface SocketRecord {
  source: number;
  line: number;
  state: string | null;
  /** Bytes that the program has not read, and bytes that the peer has not acknowledged. */
  received: number;
  unsent: number;
  local: Place;
  peer: Place;
  /** `keepalive,119min,0`; null when none runs. */
  timer: string | null;
}

const STATES =
  'ESTAB|ESTABLISHED|SYN[-_]SENT|SYN[-_]RECV|FIN[-_]WAIT[-_]?[12]|TIME[-_]WAIT|CLOSE[-_]WAIT|LAST[-_]ACK|CLOSING|CLOSED?|UNCONN';
const SOCKET = new RegExp(
  String.raw`^\s*(?:tcp6?\s+)?(?:(${STATES})\s+)?(\d{1,10})\s+(\d{1,10})\s+(\S{3,60})\s+(\S{3,60})(?:\s+(${STATES})\b)?(.*)$`,
);

/** `10.0.0.1%eth0:80`, `[::ffff:10.0.0.1]:80`, and netstat's `::1:80`. */
function endOf(text: string): Place | null {
  const plain = text.replace(/%[\w.-]+/, '');
  const at = plain.lastIndexOf(':');
  const host = plain.slice(0, at);
  return placeOf(plain) ?? (host.includes(':') ? placeOf(`[${host}]:${plain.slice(at + 1)}`) : null);
}

/** Null when the line is no TCP socket with two ends. */
export function readSocket(text: string, line: number): SocketRecord | null {
  const [, first, received, unsent, local, peer, last, rest] = SOCKET.exec(text) ?? [];
  if (local === undefined) return null;
  const [own, other] = [endOf(local), endOf(peer!)];
  if (own === null || other === null) return null;
  const state = first ?? last ?? null;
  return {
    source: -1,
    line,
    state: state === null ? null : state.replaceAll('_', '-'),
    received: Number(received),
    unsent: Number(unsent),
    local: own,
    peer: other,
    timer: /\btimer:\(([^)]{1,60})\)/.exec(rest!)?.[1] ?? null,
  };
}
