import { once } from 'node:events';
import amqp from 'amqplib';
import { Redis } from 'ioredis';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { keepRabbit } from '../../packages/guard/examples/heartbeat-amqplib.ts';
import { keepRedis } from '../../packages/guard/examples/heartbeat-ioredis.ts';
import { keepMysql } from '../../packages/guard/examples/heartbeat-mysql2.ts';
import { keepPostgres } from '../../packages/guard/examples/heartbeat-pg.ts';
import type { Heartbeat, HeartbeatOptions } from '../../packages/guard/src/index.ts';
import { amqpStandIn, mysqlStandIn, postgresStandIn, redisStandIn, type StandIn } from './stand-ins.ts';

const open: (() => unknown)[] = [];
afterEach(() => {
  for (const close of open.splice(0).reverse()) close();
});

interface Client {
  server: StandIn;
  keep(options: HeartbeatOptions): Heartbeat;
  /** Resolves when the client has noticed that its connection is gone. */
  gone: Promise<unknown>;
}

const clients: Record<string, () => Promise<Client>> = {
  pg: async () => {
    const server = await postgresStandIn();
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'x', ssl: false });
    const gone = new Promise((resolve) => client.once('error', resolve));
    client.on('error', () => {});
    await client.connect();
    return { server, gone, keep: (options) => keepPostgres(client, options) };
  },
  ioredis: async () => {
    const server = await redisStandIn();
    const redis = new Redis(server.port, '127.0.0.1', { enableReadyCheck: false });
    open.push(() => redis.disconnect());
    await once(redis, 'ready');
    return { server, gone: once(redis, 'reconnecting'), keep: (options) => keepRedis(redis, options) };
  },
  mysql2: async () => {
    const server = await mysqlStandIn();
    const connection = await mysql.createConnection({ host: '127.0.0.1', port: server.port, user: 'x' });
    const { stream } = (connection as unknown as { connection: { stream: NodeJS.EventEmitter } }).connection;
    return { server, gone: once(stream, 'close'), keep: (options) => keepMysql(connection, options) };
  },
  amqplib: async () => {
    const server = await amqpStandIn();
    const connection = await amqp.connect(`amqp://x:x@127.0.0.1:${server.port}`);
    connection.on('error', () => {});
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    return {
      server,
      gone: new Promise((resolve) => connection.once('close', resolve)),
      keep: (options) => keepRabbit(connection, channel, options),
    };
  },
};

describe.each(Object.entries(clients))('a heartbeat over %s', (_name, start) => {
  it('is answered for as long as the server lives, and its silence is reported', async () => {
    const { server, keep, gone } = await start();
    open.push(() => server.close());
    const dead = new Promise<Error>((resolve) => {
      keep({ interval: 30, count: 2, answerWithin: 60, onDead: resolve });
    });
    while (server.answered < 5) await new Promise((resolve) => setTimeout(resolve, 10));
    server.deaf = true;
    expect(await dead).toMatchObject({ code: 'WHYRESET_PEER_DEAD', unanswered: 2 });
    await gone;
  });
});
