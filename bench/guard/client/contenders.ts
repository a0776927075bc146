import http from 'node:http';
import {
  type GuardCore,
  GuardedAgent,
  type GuardInterceptor,
  guard,
  type OriginSnapshot,
} from '@whyreset/guard';
import axios from 'axios';
import axiosRetry from 'axios-retry';
import got from 'got';
import { Agent, type Dispatcher, RetryAgent, request } from 'undici-7';

export interface Client {
  /** One request to the end of its answer; rejects with the client's own error. */
  send(id: string): Promise<unknown>;
  close(): void;
  /** Of a guard: what it counted. */
  stats?(): OriginSnapshot | undefined;
}

export interface Target {
  url: string;
  method: 'GET' | 'POST';
  /** Connections that one client keeps. */
  connections: number;
  /** What guarded clients share. */
  core: GuardCore;
}

export type Contender = (target: Target) => Client;

const BODY = 'x'.repeat(59);
const bodyOf = (method: string) => (method === 'POST' ? { body: BODY } : {});
const agentOf = ({ connections }: Target) => new Agent({ connections });

const METHODS: Dispatcher.HttpMethod[] = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'];

function byUndici({ url, method }: Target, dispatcher: Dispatcher): Client {
  return {
    async send(id) {
      const answer = await request(url, {
        dispatcher,
        method,
        headers: { 'x-id': id },
        ...bodyOf(method),
        headersTimeout: 30_000,
      });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
    },
    close: () => void dispatcher.destroy(),
  };
}

function byHttp({ url, method }: Target, agent: http.Agent): Client {
  return {
    send: (id) =>
      new Promise<void>((resolve, reject) => {
        const sent = http.request(url, { method, agent, headers: { 'x-id': id } }, (response) =>
          response
            .on('error', reject)
            .on('end', () => resolve())
            .resume(),
        );
        sent.on('error', reject).end(method === 'POST' ? BODY : undefined);
      }),
    close: () => agent.destroy(),
  };
}

const keepAlive = ({ connections }: Target) => new http.Agent({ keepAlive: true, maxSockets: connections });

/** One interceptor for all clients of a core, as a service has it. */
const interceptors = new WeakMap<GuardCore, GuardInterceptor>();
function interceptorOf(core: GuardCore): GuardInterceptor {
  const known = interceptors.get(core) ?? guard({ core });
  interceptors.set(core, known);
  return known;
}

export const contenders = {
  'undici.request': (target) => byUndici(target, agentOf(target)),
  'undici RetryAgent': (target) => byUndici(target, new RetryAgent(agentOf(target))),
  'undici RetryAgent + POST': (target) =>
    byUndici(target, new RetryAgent(agentOf(target), { methods: [...METHODS, 'POST'] })),
  'http.Agent keepAlive': (target) => byHttp(target, keepAlive(target)),
  got(target) {
    const agent = keepAlive(target);
    const client = got.extend({ agent: { http: agent } });
    const { url, method } = target;
    return {
      send: (id) => client(url, { method, headers: { 'x-id': id }, ...bodyOf(method) }),
      close: () => agent.destroy(),
    };
  },
  'axios-retry'(target) {
    const agent = keepAlive(target);
    const client = axios.create({ httpAgent: agent });
    axiosRetry(client);
    const { url, method } = target;
    return {
      send: (id) =>
        client.request({
          url,
          method,
          headers: { 'x-id': id },
          ...(method === 'POST' ? { data: BODY } : {}),
        }),
      close: () => agent.destroy(),
    };
  },
  'guard, undici'(target) {
    const agent = new Agent({ ...guard.agentOptions, connections: target.connections });
    const client = byUndici(target, agent.compose(interceptorOf(target.core) as never));
    return { ...client, stats: () => target.core.stats()[0] };
  },
  'guard, http.Agent'(target) {
    const agent = new GuardedAgent({ core: target.core, maxSockets: target.connections });
    return { ...byHttp(target, agent), stats: () => target.core.stats()[0] };
  },
} satisfies Record<string, Contender>;

export type ContenderName = keyof typeof contenders;
