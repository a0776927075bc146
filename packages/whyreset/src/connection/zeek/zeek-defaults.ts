/**
 * The constants of Zeek 7 that decide where a TCP connection begins and ends
 * (scripts/base/init-bare.zeek and the `ports` sets of scripts/base/protocols).
 * Seconds and bytes.
 */
export const SYN_TIMEOUT = 5;
export const ATTEMPT_DELAY = 5;
export const SESSION_TIMER = 6;
export const CONNECTION_LINGER = 5;
export const CLOSE_DELAY = 5;
/** Before the handshake is through Zeek applies its UDP timeout (protocol/tcp/TCP.cc, MakeSessionAdapter). */
export const HANDSHAKE_INACTIVITY = 60;
export const INACTIVITY = 300;
/** scripts/base/protocols/conn/inactivity.zeek: people leave these sessions open. */
export const INTERACTIVE_INACTIVITY = 3600;

export const MAX_INITIAL_WINDOW = 16_384;
export const MAX_ABOVE_HOLE_WITHOUT_ANY_ACKS = 16_384;
export const EXCESSIVE_DATA_WITHOUT_FURTHER_ACKS = 10 * 1024 * 1024;
/** A SYN or RST this far from the last number is not believed (TCPSessionAdapter.cc). */
export const TOO_LARGE_SEQ_DELTA = 1_048_576;

const INTERACTIVE_PORTS = new Set([21, 22, 23, 513]);

/** `likely_server_ports`, TCP only, as the default scripts of Zeek 7.0 fill it. */
const LIKELY_SERVER_PORTS = [
  21, 2811, 22, 25, 26, 587, 53, 79, 80, 81, 631, 1080, 3128, 8000, 8080, 8888, 88, 110, 135, 139, 445, 143,
  389, 3268, 443, 563, 585, 614, 636, 989, 990, 992, 993, 995, 5223, 502, 1434, 3306, 1883, 3389, 5222, 5269,
  6666, 6667, 6668, 6669, 20000,
];

const likely = new Uint8Array(65_536);
for (const port of LIKELY_SERVER_PORTS) likely[port] = 1;

export function isLikelyServerPort(port: number): boolean {
  return likely[port] === 1;
}

export function isInteractivePort(port: number): boolean {
  return INTERACTIVE_PORTS.has(port);
}
