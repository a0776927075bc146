import { client, latin1, type ReadSenderRole, server, uint16, uint32 } from './sender-role.ts';

const METHOD_FRAME = 1;
const CONNECTION = 10;
const BASIC = 60;
const FRAME_END = 0xce;
/** Connection methods of clients: the answers to start, secure and tune, and open. */
const CONNECTION_OF_CLIENT: ReadonlySet<number> = new Set([11, 21, 31, 40]);
const CONNECTION_OF_SERVER: ReadonlySet<number> = new Set([10, 20, 30, 41]);
/** Return and deliver are sent by a broker although no answers; ack, reject, nack both ways. */
const BASIC_OF_SERVER: ReadonlySet<number> = new Set([50, 60, 72]);
const BASIC_OF_BOTH: ReadonlySet<number> = new Set([80, 90, 120]);

function amqpRole(group: number, method: number): 'client' | 'server' | null {
  if (group === CONNECTION) {
    if (CONNECTION_OF_CLIENT.has(method)) return 'client';
    return CONNECTION_OF_SERVER.has(method) ? 'server' : null;
  }
  if (![20, 40, 50, BASIC, 85, 90].includes(group)) return null;
  if (group === 20 && method >= 20) return null;
  if (group === BASIC && BASIC_OF_BOTH.has(method)) return null;
  if (group === BASIC && BASIC_OF_SERVER.has(method)) return 'server';
  return method % 10 === 0 ? 'client' : 'server';
}

/** AMQP 0-9-1: the protocol header comes from the client, and each method from one side. AMQP 1.0 opens alike on both. */
export const readAmqp: ReadSenderRole = (head) => {
  if (latin1(head, 0, 8) === 'AMQP\0\0\x09\x01') return client('the header of an AMQP client');
  const size = uint32(head, 3);
  const end = head[7 + size];
  if (head[0] !== METHOD_FRAME || head.length < 12 || size < 4 || size > 65_536) return null;
  if (end !== undefined && end !== FRAME_END) return null;
  const role = amqpRole(uint16(head, 7), uint16(head, 9));
  if (role === null) return null;
  return role === 'client' ? client('an AMQP method of a client') : server('an AMQP method of a broker');
};

const MQTT_CONNECT = 0x10;
const MQTT_NAMES = ['\0\x04MQTT', '\0\x06MQIsdp'];

/** By the first two bytes: PINGREQ, PINGRESP, CONNACK, DISCONNECT. */
const MQTT_SHORT: Record<number, ReturnType<typeof client>> = {
  49152: client('an MQTT PINGREQ'),
  53248: server('an MQTT PINGRESP'),
  8194: server('an MQTT CONNACK'),
  57344: client('an MQTT DISCONNECT'),
};

/** MQTT (OASIS 5.0 §2.1.2). */
export const readMqtt: ReadSenderRole = (head, length) => {
  const opening = latin1(head, 1, 14);
  if (head[0] === MQTT_CONNECT && MQTT_NAMES.some((name) => opening.includes(name)))
    return client('an MQTT CONNECT');
  const short = MQTT_SHORT[uint16(head, 0)];
  return short !== undefined && head.length >= 2 && length === 2 + head[1]! ? short : null;
};

const MAX_API = 92;
const MAX_API_VERSION = 20;

/** A Kafka request: size, API key and version, correlation, the client's name. Answers bear no mark of their own. */
export const readKafka: ReadSenderRole = (head, length) => {
  const size = uint32(head, 0);
  if (head.length < 14 || size < 10 || size + 4 > length) return null;
  if (uint16(head, 4) > MAX_API || uint16(head, 6) > MAX_API_VERSION) return null;
  const name = uint16(head, 12);
  if (name > 200 || name + 10 > size || name === 0) return null;
  return /^[\x21-\x7e]+$/.test(latin1(head, 14, name)) ? client('a Kafka request') : null;
};
