import http, { type Agent, type RequestOptions } from 'node:http';

export type SendOptions = RequestOptions & { body?: string | Buffer };

export interface Answer {
  status: number;
  text: string;
  reused: boolean;
}

/** One request by `node:http`, to its end. */
export function send(port: number, agent: Agent, options: SendOptions = {}): Promise<Answer> {
  const { body = 'hello', ...rest } = options;
  const method = options.method ?? 'POST';
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, agent, ...rest, method }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, text, reused: request.reusedSocket }));
      response.on('error', reject);
    });
    request.on('error', reject);
    if (method === 'GET' || method === 'HEAD') request.end();
    else request.end(body);
  });
}
