import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import mysql from 'mysql2';

/** A server that speaks just enough of a protocol to be connected to and pinged, until it goes deaf. */
export interface StandIn {
  port: number;
  /** Pings answered. */
  answered: number;
  /** From now on nothing is answered, and nothing is closed either. */
  deaf: boolean;
  close(): void;
}

type Answer = (message: Buffer) => Buffer | string | null;

/** @param speak makes the answers for one connection, from its chunks: clients here send a message at a time. */
async function standIn(speak: (socket: Socket, self: StandIn) => Answer): Promise<StandIn> {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    const answer = speak(socket, self);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (self.deaf) return;
      const reply = answer(chunk);
      if (reply !== null) socket.write(reply);
    });
  });
  const self: StandIn = {
    port: 0,
    answered: 0,
    deaf: false,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  self.port = (server.address() as AddressInfo).port;
  return self;
}

/** RESP: an array of bulk strings in, a simple string out. */
export const redisStandIn = () =>
  standIn((_socket, self) => (message) => {
    const commands = String(message).match(/\*\d+\r\n(?:\$\d+\r\n[^\r]*\r\n)+/g) ?? [];
    return commands
      .map((command) => {
        if (!/\r\nping\r\n/i.test(command)) return '+OK\r\n';
        self.answered++;
        return '+PONG\r\n';
      })
      .join('');
  });

/** PostgreSQL's protocol 3: a type byte, a length that counts itself, a body. */
export const postgresStandIn = () =>
  standIn((_socket, self) => {
    const packet = (type: string, body: Buffer) => {
      const head = Buffer.alloc(5);
      head.write(type);
      head.writeInt32BE(body.length + 4, 1);
      return Buffer.concat([head, body]);
    };
    const ready = packet('Z', Buffer.from('I'));
    return (message) => {
      // The startup message alone has no type byte; its length comes first.
      if (message[0] === 0) return Buffer.concat([packet('R', Buffer.alloc(4)), ready]);
      if (message[0] !== 'Q'.charCodeAt(0)) return null;
      self.answered++;
      return Buffer.concat([packet('I', Buffer.alloc(0)), ready]);
    };
  });

/** AMQP 0-9-1: frames of type, channel, size, payload, 0xCE; a method is a class and a method number. */
export const amqpStandIn = () =>
  standIn((_socket, self) => {
    const frame = (channel: number, classId: number, method: number, rest: Buffer | string) => {
      const payload = Buffer.concat([Buffer.from([0, classId, 0, method]), Buffer.from(rest)]);
      const head = Buffer.alloc(7);
      head[0] = 1;
      head.writeUInt16BE(channel, 1);
      head.writeUInt32BE(payload.length, 3);
      return Buffer.concat([head, payload, Buffer.from([0xce])]);
    };
    const long = (text: string) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(text.length);
      return Buffer.concat([bytes, Buffer.from(text)]);
    };
    const start = () =>
      frame(0, 10, 10, Buffer.concat([Buffer.from([0, 9, 0, 0, 0, 0]), long('PLAIN'), long('en_US')]));
    const answers: Record<string, (channel: number) => Buffer> = {
      '10.11': () => frame(0, 10, 30, Buffer.from([0, 10, 0, 2, 0, 0, 0, 0])),
      '10.40': () => frame(0, 10, 41, Buffer.from([0])),
      '20.10': (channel) => frame(channel, 20, 11, long('')),
      '40.10': (channel) => {
        self.answered++;
        return frame(channel, 40, 11, '');
      },
    };
    return (message) => {
      if (message.subarray(0, 4).toString() === 'AMQP') return start();
      const replies: Buffer[] = [];
      for (let at = 0; at + 8 <= message.length; at += message.readUInt32BE(at + 3) + 8) {
        const method = `${message.readUInt16BE(at + 7)}.${message.readUInt16BE(at + 9)}`;
        const reply = answers[method]?.(message.readUInt16BE(at + 1));
        if (reply) replies.push(reply);
      }
      return replies.length > 0 ? Buffer.concat(replies) : null;
    };
  });

/** mysql2 brings the server's side of the protocol with it. */
export async function mysqlStandIn(): Promise<StandIn> {
  const server = mysql.createServer(() => {});
  const self: StandIn = { port: 0, answered: 0, deaf: false, close: () => server.close(() => {}) };
  server.on('connection', (connection) => {
    connection.on('error', () => {});
    // Packets are numbered within one command, which mysql2 leaves to the server that uses it.
    const numbered = connection as unknown as { sequenceId: number; _resetSequenceId(): void };
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.0.0-stand-in',
      connectionId: 1,
      statusFlags: 2,
      characterSet: 45,
      capabilityFlags: 0xff_f7ff,
      authCallback: (_login: unknown, allow: (error: null) => void) => {
        allow(null);
        setImmediate(() => numbered._resetSequenceId());
      },
    });
    connection.on('ping', () => {
      if (self.deaf) return;
      self.answered++;
      numbered.sequenceId = 1;
      connection.writeOk();
      numbered._resetSequenceId();
    });
  });
  server.listen(0);
  const { _server } = server as unknown as { _server: net.Server };
  await once(_server, 'listening');
  self.port = (_server.address() as AddressInfo).port;
  return self;
}
