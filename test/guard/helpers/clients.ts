import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import {
  type GuardCore,
  GuardedAgent,
  GuardedHttpsAgent,
  type GuardOptions,
  guard,
  guardedFetch,
} from '@whyreset/guard';

export type Body = string | Buffer | Readable;

export interface Client {
  core: GuardCore;
  /** One request to its end: the status. Rejects with the client's own error. */
  send(url: string, method: string, headers: Record<string, string>, body?: Body): Promise<number>;
  close(): void | Promise<void>;
}

export type MakeClient = (options?: GuardOptions) => Client | Promise<Client>;

function byHttp(options: GuardOptions = {}): Client {
  const agent = new GuardedAgent(options);
  const secure = new GuardedHttpsAgent({ core: agent.core, rejectUnauthorized: false });
  return {
    core: agent.core,
    close() {
      agent.destroy();
      secure.destroy();
    },
    send: (url, method, headers, body) =>
      new Promise((resolve, reject) => {
        const read = (response: http.IncomingMessage) =>
          response
            .on('error', reject)
            .on('end', () => resolve(response.statusCode!))
            .resume();
        const sent = url.startsWith('https:')
          ? https.request(url, { method, headers, agent: secure }, read)
          : http.request(url, { method, headers, agent }, read);
        sent.on('error', reject);
        if (body instanceof Readable) body.pipe(sent);
        else sent.end(body);
      }),
  };
}

/** The parts of undici that its versions have in common. */
interface Undici {
  Agent: new (
    options: object,
  ) => { compose(interceptor: unknown): { close(): Promise<void>; destroy(): Promise<void> } };
  request(url: string, options: object): Promise<{ statusCode: number; body: { dump(): Promise<void> } }>;
}

const byUndici =
  (name: string): MakeClient =>
  async (options = {}) => {
    const undici = (await import(name)) as Undici;
    const interceptor = guard(options);
    const agent = new undici.Agent({ ...guard.agentOptions, connect: { rejectUnauthorized: false } });
    const dispatcher = agent.compose(interceptor);
    return {
      core: interceptor.core,
      close: () => dispatcher.destroy(),
      async send(url, method, headers, body) {
        const answer = await undici.request(url, { dispatcher, method, headers, body });
        await answer.body.dump();
        return answer.statusCode;
      },
    };
  };

function byFetch(options: GuardOptions = {}): Client {
  const fetch = guardedFetch(options);
  return {
    core: fetch.core,
    close() {},
    async send(url, method, headers, body) {
      const init = body instanceof Readable ? { body: Readable.toWeb(body), duplex: 'half' } : { body };
      const answer = await fetch(url, { method, headers, ...init } as RequestInit);
      await answer.arrayBuffer();
      return answer.status;
    },
  };
}

const modern = Number(process.versions.node.split('.')[0]) >= 22;

/** Every guarded client. undici 8 needs Node 22. */
export const clients: Record<string, MakeClient> = {
  'node:http': byHttp,
  'undici 6': byUndici('undici-6'),
  'undici 7': byUndici('undici-7'),
  ...(modern ? { 'undici 8': byUndici('undici-8') } : {}),
  fetch: byFetch,
};
