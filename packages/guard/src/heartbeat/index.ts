/** Long-lived connections: kept from being forgotten, and their death noticed. */
export type { Duration } from '../duration.ts';
export {
  type Behind,
  type FrontEnd,
  type FrontEndKind,
  type FrontEndName,
  frontEndNames,
} from '../front-ends.ts';
export { type Heartbeat, type HeartbeatOptions, heartbeat, type Pingable, type WsLike } from './heartbeat.ts';
export { PeerDeadError } from './peer-dead-error.ts';
export { type ReconnectOptions, reconnect } from './reconnect.ts';
export type { TcpHeartbeat } from './tcp.ts';
