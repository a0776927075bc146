/** The explanation is on the error that the user holds, once, and says when the two ends speak different protocols. */
import http, { type Server } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server as NetServer } from 'node:net';
import { GuardedAgent, GuardedHttpsAgent, guard, guardedFetch, type ResetDetails } from '@whyreset/guard';
import axios from 'axios';
import got from 'got';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificate } from './certificate.ts';

const ANSWERS = {
  'a TLS alert': '\x15\x03\x01\x00\x02\x02\x46',
  'an SSH banner': 'SSH-2.0-OpenSSH_9.2\r\n',
  'an SMTP banner': '220 mail.example ESMTP\r\n',
  'half an answer': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf',
} as const;

const servers: (Server | NetServer)[] = [];
const urls: Record<string, string> = {};
beforeAll(async () => {
  const listen = async (name: string, server: NetServer) => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    urls[name] = `127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  await listen(
    'plain',
    http.createServer((_, response) => response.end()),
  );
  await listen(
    'tls',
    https.createServer(certificate(), (_, response) => response.end()),
  );
  for (const [name, answer] of Object.entries(ANSWERS))
    await listen(
      name,
      net.createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.end(answer, 'latin1'));
      }),
    );
});
afterAll(() => {
  for (const server of servers) server.close();
});

const fast = { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 2 };

function byHttp(url: string): Promise<unknown> {
  const agent = url.startsWith('https')
    ? new GuardedHttpsAgent({ ...fast, rejectUnauthorized: false })
    : new GuardedAgent(fast);
  return new Promise((resolve, reject) => {
    const errors: Error[] = [];
    const sent = (url.startsWith('https') ? https : http).request(
      url,
      { agent, method: 'POST' },
      (response) => response.on('error', reject).on('end', resolve).resume(),
    );
    sent.on('error', (error) => errors.push(error));
    sent.on('close', () => {
      if (errors.length > 1) reject(new Error('two errors of one request'));
      else if (errors.length === 1) reject(errors[0]);
    });
    sent.end('x');
  });
}

const clients: Record<string, (url: string) => Promise<unknown>> = {
  'node:http': byHttp,
  async fetch(url) {
    return (await guardedFetch(fast)(url, { method: 'POST', body: 'x' })).text();
  },
  axios(url) {
    const httpAgent = new GuardedAgent(fast);
    const httpsAgent = new GuardedHttpsAgent({ core: httpAgent.core });
    return guard.axios.explain(axios.create({ httpAgent, httpsAgent })).post(url, 'x');
  },
  got: (url) => got.extend(guard.got(fast)).post(url, { body: 'x' }),
};
for (const version of [6, 7])
  clients[`undici ${version}`] = async (url) => {
    const { Agent, request } = await import(`undici-${version}`);
    const dispatcher = new Agent(guard.agentOptions).compose(guard(fast));
    const { body } = await request(url, { dispatcher, method: 'POST', body: 'x' });
    return body.text();
  };

describe.each(Object.entries(clients))('%s', (_, send) => {
  it.each([
    ['https', 'plain', /no TLS/, /use http:/, 'WHYRESET_NOT_EXECUTED'],
    ['https', 'an SSH banner', /no TLS/, /not speak TLS/, 'WHYRESET_NOT_EXECUTED'],
    ['http', 'tls', /./, /if the server expects TLS .* use https:/, 'WHYRESET_MAY_HAVE_EXECUTED'],
    ['http', 'a TLS alert', /TLS alert/, /use https:/, 'WHYRESET_MAY_HAVE_EXECUTED'],
    ['http', 'an SSH banner', /no HTTP/, /./, 'WHYRESET_MAY_HAVE_EXECUTED'],
    ['http', 'an SMTP banner', /no HTTP/, /./, 'WHYRESET_MAY_HAVE_EXECUTED'],
    ['http', 'half an answer', /within the response/, /./, 'WHYRESET_MAY_HAVE_EXECUTED'],
  ])('has on its error what %s met at %s', async (scheme, where, cause, advice, code) => {
    const error = (await send(`${scheme}://${urls[where]}`).then(
      () => expect.fail('it was answered'),
      (error) => error,
    )) as { whyreset?: ResetDetails; cause?: { whyreset?: ResetDetails } };
    // What reads the body of a fetch or of undici holds the error of the stream.
    const details = where === 'half an answer' ? (error.whyreset ?? error.cause?.whyreset) : error.whyreset;
    expect(details).toMatchObject({
      code,
      cause: expect.stringMatching(cause),
      advice: expect.stringMatching(advice),
    });
  });
});
