import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { GuardedAgent, GuardedHttpsAgent, type GuardOptions, guard, guardedFetch } from '@whyreset/guard';
import axios from 'axios';
import got from 'got';
import { Agent, request } from 'undici-7';

export interface Request {
  url: string;
  method: 'GET' | 'POST' | 'PUT';
  headers: Record<string, string>;
  body?: Buffer | Readable;
}

/** The text of the answer; rejects with the client's own error. */
export type Send = (request: Request) => Promise<string>;
export interface ChaosClient {
  send: Send;
  close(): void;
}

const unverified = { rejectUnauthorized: false };

/** The same agents under node:http, got and axios. */
function agents(options: GuardOptions) {
  const plain = new GuardedAgent(options);
  const secure = new GuardedHttpsAgent({ ...unverified, core: plain.core });
  const close = () => {
    plain.destroy();
    secure.destroy();
  };
  return { plain, secure, close };
}

/** Every client of the matrix, guarded. */
export const chaosClients: Record<string, (options: GuardOptions) => ChaosClient> = {
  http(options) {
    const { plain, secure, close } = agents(options);
    const send: Send = ({ url, method, headers, body }) =>
      new Promise((resolve, reject) => {
        const [{ request }, agent] = url.startsWith('https') ? [https, secure] : [http, plain];
        const sent = request(url, { method, headers, agent }, (response) => {
          let text = '';
          response
            .setEncoding('utf8')
            .on('data', (chunk: string) => {
              text += chunk;
            })
            .on('error', reject)
            .on('end', () => resolve(text));
        });
        sent.on('error', reject);
        if (body instanceof Readable) body.pipe(sent);
        else sent.end(body);
      });
    return { send, close };
  },
  fetch(options) {
    const fetch = guardedFetch(options);
    const send: Send = async ({ url, method, headers, body }) => {
      const init =
        body instanceof Readable ? { body: Readable.toWeb(body), duplex: 'half' } : body ? { body } : {};
      return (await fetch(url, { method, headers, ...init } as RequestInit)).text();
    };
    return { send, close() {} };
  },
  undici(options) {
    const dispatcher = new Agent({ ...guard.agentOptions, connect: unverified }).compose(
      guard(options) as never,
    );
    const send: Send = async ({ url, ...rest }) => (await request(url, { dispatcher, ...rest })).body.text();
    return { send, close: () => void dispatcher.destroy() };
  },
  got(options) {
    const own = guard.got({ ...options, ...unverified });
    const client = got.extend(own, { https: unverified });
    const send: Send = ({ url, ...rest }) => client(url, rest).text();
    return {
      send,
      close() {
        own.agent.http.destroy();
        own.agent.https.destroy();
      },
    };
  },
  axios(options) {
    const { plain, secure, close } = agents(options);
    const client = axios.create({
      httpAgent: plain,
      httpsAgent: secure,
      responseType: 'text',
      maxRedirects: 0,
    });
    const send: Send = async ({ url, method, headers, body }) =>
      (await client.request<string>({ url, method, headers, data: body })).data;
    return { send, close };
  },
};
