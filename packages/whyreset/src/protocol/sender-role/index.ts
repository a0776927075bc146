import { readCassandra, readMongo, readTds, readTns } from './databases.ts';
import { readHttp2 } from './http2.ts';
import { readLine } from './lines.ts';
import { readAmqp, readKafka, readMqtt } from './messaging.ts';
import { readMysql } from './mysql.ts';
import { readPostgresql } from './postgresql.ts';
import type { ReadSenderRole, SenderRole } from './sender-role.ts';
import {
  readDns,
  readGateway,
  readLdap,
  readMemcachedBinary,
  readRpc,
  readSmb,
  readX224,
} from './services.ts';
import { readHello } from './tls.ts';
import { readWebSocket } from './websocket.ts';

/** The more bytes a protocol fixes, the earlier it is asked. */
const READERS: readonly ReadSenderRole[] = [
  readHello,
  readLine,
  readMongo,
  readSmb,
  readAmqp,
  readPostgresql,
  readMysql,
  readMqtt,
  readKafka,
  readDns,
  readMemcachedBinary,
  readTds,
  readTns,
  readX224,
  readCassandra,
  readLdap,
  readRpc,
  readGateway,
  readHttp2,
  readWebSocket,
];

/** The role of the sender of a turn that begins so; null when the bytes do not show it. */
export function senderRoleOf(head: Uint8Array, length: number): SenderRole | null {
  if (head.length === 0) return null;
  for (const read of READERS) {
    const role = read(head, length);
    if (role !== null) return role;
  }
  return null;
}
