/** Long-lived connections: kept from being forgotten, and their death noticed. */
export { type Heartbeat, type HeartbeatOptions, heartbeat, type Pingable, type WsLike } from './heartbeat.ts';
export { PeerDeadError } from './peer-dead-error.ts';
export { type ReconnectOptions, reconnect } from './reconnect.ts';
export type { TcpHeartbeat } from './tcp.ts';
