import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { address, type Lab, privateDirectory } from '../lab.ts';
import type { Expect } from '../story.ts';
import { open } from './shared.ts';

export async function nginx(lab: Lab, http: string): Promise<void> {
  const directory = privateDirectory(lab, 'nginx');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${directory}/${name};`,
  );
  writeFileSync(
    join(directory, 'nginx.conf'),
    `daemon off; master_process off; pid ${directory}/pid; error_log stderr notice; events {} http { access_log off; ${temporary.join(' ')} ${http} }`,
  );
  const program = lab.run(
    'server',
    'nginx',
    '-p',
    directory,
    '-c',
    join(directory, 'nginx.conf'),
    '-e',
    'stderr',
  );
  await program.line(/built by|using the "epoll"/);
  while (!lab.command('server', 'ss', '-Hltn').includes(':8'))
    await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Python client and server with one accepted connection. */
export async function pair(lab: Lab) {
  const [client, server] = [lab.puppet('client'), lab.puppet('server')];
  await open(server, 8080);
  await client.do('connect', { host: address.server, port: 8080 });
  await server.do('accept');
  return { client, server };
}

/** A self-signed certificate that is server certificate, client certificate and authority at once. */
export function certificate(lab: Lab): string {
  const directory = privateDirectory(lab, 'tls');
  const make =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=example.test';
  execFileSync(
    'openssl',
    [...make.split(' '), '-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')],
    { stdio: 'ignore' },
  );
  return directory;
}

export async function nodeServer(lab: Lab, mode: string, options: object = {}) {
  const server = lab.node('server', 'servers.mjs', mode, '8080', JSON.stringify(options));
  await server.line(/ready/);
  return server;
}

/** A problem that shows as a RST. */
export const reset = (
  sender: Expect['sender'],
  taxonomy: string[],
  certainty: Expect['certainty'],
): Expect => ({ sender, taxonomy, benign: false, reset: true, certainty });
