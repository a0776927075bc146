import { type Step, start, write } from './steps.ts';

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  .map((name) => `${name}_temp_path \${directory}/${name};`)
  .join(' ');

/** nginx in the foreground, alone, with everything it writes in the scenario's directory. @param http inside `http { … }` */
export const nginx = (host: 'router' | 'server', http: string): Step[] => [
  write(
    'nginx.conf',
    `daemon off; master_process off; pid \${directory}/nginx.pid; error_log stderr notice; events {} http { access_log off; ${TEMPORARY} ${http} }\n`,
  ),
  start(host, 'nginx', 'nginx', ['-p', '${directory}', '-c', '${directory}/nginx.conf', '-e', 'stderr'], {
    ready: /using the "epoll" event method/,
  }),
];

/** HAProxy between the client and one server, in the foreground. @param lines further lines of its `defaults` */
export const haproxy = (lines: string): Step[] => [
  write(
    'haproxy.cfg',
    `global\n  log stderr format raw local0\ndefaults\n  mode http\n  log global\n  option httplog\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n${lines}frontend f\n  bind :8080\n  default_backend b\nbackend b\n  server s \${server}:8080\n`,
  ),
  start('router', 'haproxy', 'haproxy', ['-db', '-V', '-f', '${directory}/haproxy.cfg'], {
    ready: /Using epoll\(\) as the polling mechanism/,
  }),
];
