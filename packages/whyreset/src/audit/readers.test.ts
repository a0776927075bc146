import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from './audit.ts';
import type { Setting } from './model.ts';
import { readers } from './readers/index.ts';

const read = (path: string, text: string) => audit([{ path, text }]).chain.hops;
const at = (setting: Setting<unknown> | undefined) =>
  setting?.origin.kind === 'written' ? `${setting.origin.at.line}:${setting.origin.at.column}` : 'default';

describe('what is read, and where it stands', () => {
  it('nginx: quotes, comments, Lua, includes and inherited values', () => {
    const text = [
      'http {',
      '  keepalive_timeout "1m"; # not 75s; }',
      '  server {',
      '    listen [::]:8080 backlog=1024;',
      '    location ~ "^/a{2}" { content_by_lua_block { ngx.say("}") } }',
      '    location / { proxy_pass http://127.0.0.1:3000/x; proxy_read_timeout 90; }',
      '  }',
      '}',
    ].join('\n');
    const [nginx] = read('nginx.conf', text);
    expect(nginx).toMatchObject({
      listens: [{ host: '::', port: 8080 }],
      targets: [{ host: '127.0.0.1', port: 3000 }],
      accepts: { idleTimeout: { value: 60 }, backlog: { value: 1024 } },
      connects: { responseTimeout: { value: 90 }, tls: { value: false } },
    });
    expect(at(nginx!.accepts.idleTimeout)).toBe('2:3');
    expect(at(nginx!.connects.responseTimeout)).toBe('6:54');
    expect(at(nginx!.accepts.bodyLimit)).toBe('default');
  });

  it('nginx: the dump of nginx -T is one configuration', () => {
    const text = [
      'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok',
      '# configuration file /etc/nginx/nginx.conf:',
      'http { keepalive_timeout 20s; include conf.d/*.conf; }',
      '# configuration file /etc/nginx/conf.d/a.conf:',
      'server { listen 81; return 200; }',
      '# configuration file /etc/nginx/mime.types:',
      'types { text/html html; }',
    ].join('\n');
    const hops = read('standard input', text);
    expect(hops).toMatchObject([
      { listens: [{ port: 81 }], accepts: { idleTimeout: { value: 20 } }, at: { line: 5, column: 1 } },
    ]);
    expect(at(hops[0]!.accepts.idleTimeout)).toBe('3:8');
  });

  it('HAProxy: defaults, what they are overridden by, and no option', () => {
    const text = [
      'defaults',
      '  timeout client 1m',
      '  timeout server 20000',
      '  option nolinger',
      'frontend web',
      '  bind 10.0.0.1:80,:8080 accept-proxy',
      '  no option nolinger',
      '  default_backend app # and nothing else',
      'backend app',
      '  no option nolinger',
      '  timeout server 45s',
      '  server a 10.0.0.2:3000 check ssl verify none',
    ].join('\n');
    const [haproxy] = read('haproxy.cfg', text);
    expect(haproxy).toMatchObject({
      listens: [
        { host: '10.0.0.1', port: 80 },
        { host: null, port: 8080 },
      ],
      targets: [{ host: '10.0.0.2', port: 3000 }],
      accepts: { idleTimeout: { value: 60 }, proxyProtocol: { value: true } },
      connects: { responseTimeout: { value: 45 }, tls: { value: true } },
    });
    expect(haproxy!.process.harmful).toBeUndefined();
    expect(at(haproxy!.connects.responseTimeout)).toBe('11:3');
  });

  it('Node: arithmetic, constants, TypeScript, and the settings of several objects', () => {
    const text = `
      import { createServer } from 'node:http';
      import { Agent } from 'undici';
      const SECOND: number = 1000;
      const PORT = Number(process.env.PORT ?? 8080);
      const agent = new Agent({ keepAliveTimeout: 30 * SECOND });
      class App { server = createServer((request, response) => response.end()); }
      const app = new App();
      app.server.keepAliveTimeout = 65 * SECOND;
      app.server.listen(PORT, '0.0.0.0', 1024);
    `;
    const hops = read('app.ts', text);
    expect(hops).toMatchObject([
      { product: 'undici', connects: { idleTimeout: { value: 30 } } },
      {
        product: 'node',
        listens: [{ port: null }, { port: 8080 }],
        accepts: { idleTimeout: { value: 65 }, backlog: { value: 1024 } },
      },
    ]);
    expect(at(hops[1]!.accepts.idleTimeout)).toBe('9:7');
  });

  it.each<[string, string, object]>([
    [
      'Dockerfile',
      'FROM python\nCMD ["gunicorn", "--bind=0.0.0.0:9000", "--keep-alive", "7", "-k", "gevent", "app"]',
      { product: 'gunicorn', listens: [{ port: 9000 }], accepts: { idleTimeout: { value: 7 } } },
    ],
    ['Procfile', 'web: bundle exec puma -p 4000', { product: 'puma', listens: [{ port: 4000 }] }],
    [
      'web.service',
      '[Service]\nExecStart=/usr/bin/uvicorn a:b --port 81 \\\n  --timeout-keep-alive 9',
      { product: 'uvicorn', listens: [{ port: 81 }], accepts: { idleTimeout: { value: 9 } } },
    ],
    [
      'run.sh',
      '#!/bin/sh\nset -e\nexec gunicorn -b :8001 --timeout 90 app:app',
      { product: 'gunicorn', listens: [{ port: 8001 }], accepts: { requestTimeout: { value: 90 } } },
    ],
    [
      'gunicorn.conf.py',
      'keepalive = 12\nworker_class = "gthread"\nbind = f"{host}:1"',
      { product: 'gunicorn', accepts: { idleTimeout: { value: 12 } } },
    ],
    [
      'config/puma.rb',
      'port ENV.fetch("PORT", 3000)\npersistent_timeout(ENV.fetch("T") { 61 })',
      { product: 'puma', listens: [{ port: 3000 }], accepts: { idleTimeout: { value: 61 } } },
    ],
    [
      'postgresql.conf',
      "port = 5433\nidle_session_timeout = '10min' # minutes",
      { product: 'postgresql', listens: [{ port: 5433 }], accepts: { idleTimeout: { value: 600 } } },
    ],
    ['my.cnf', '[mysqld]\nwait-timeout=300', { product: 'mysql', accepts: { idleTimeout: { value: 300 } } }],
    [
      'pgbouncer.ini',
      '[databases]\nx = host=db port=5433\n[pgbouncer]\nlisten_port = 6432\nserver_idle_timeout = 30',
      {
        product: 'pgbouncer',
        targets: [{ host: 'db', port: 5433 }],
        connects: { idleTimeout: { value: 30 } },
      },
    ],
    [
      'httpd.conf',
      'KeepAliveTimeout 15\n<VirtualHost *:81>\nProxyPass / http://a:8080/ ttl=20 timeout=30\n</VirtualHost>',
      {
        product: 'apache',
        listens: [{ port: 81 }],
        accepts: { idleTimeout: { value: 15 } },
        connects: { idleTimeout: { value: 20 }, responseTimeout: { value: 30 } },
      },
    ],
    [
      'sysctl.conf',
      'net.ipv4.tcp_abort_on_overflow = 1',
      { process: { harmful: [{ instead: 'net.ipv4.tcp_abort_on_overflow = 0' }] } },
    ],
    [
      'sshd_config',
      'Port 2222\nClientAliveInterval 60\nClientAliveInterval 5',
      { product: 'sshd', listens: [{ port: 2222 }], connects: { tcpKeepAlive: { value: 60 } } },
    ],
    [
      'rule.yaml',
      'apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec:\n  hosts: [app]\n  http: [{ timeout: 3s, retries: { retryOn: "5xx,connect-failure" } }]\n# http_connection_manager',
      { product: 'envoy', connects: { responseTimeout: { value: 3 }, repeatsAny: { value: true } } },
    ],
    [
      'traefik.toml',
      '[entryPoints.web]\naddress = ":8081"\n[entryPoints.web.transport.respondingTimeouts]\nidleTimeout = "90s"',
      { product: 'traefik', listens: [{ port: 8081 }], accepts: { idleTimeout: { value: 90 } } },
    ],
    [
      'probe.json',
      '{"schema":"whyreset/probe@1","target":{"host":"a","port":80,"scheme":"http"},"reachable":{"handshake":1},"idle":{"least":4.98,"most":5},"forgotten":null}',
      { product: 'measured', listens: [{ host: 'a', port: 80 }], accepts: { idleTimeout: { value: 4.98 } } },
    ],
  ])('%s', (path, text, expected) => expect(read(path, text)[0]).toMatchObject(expected));
});

it('several probe results in one file, one of them of an address without a protocol', () => {
  const result = (host: string, more: object) => ({
    target: { host, port: 1, scheme: 'tcp' },
    reachable: { handshake: 1 },
    forgotten: null,
    ...more,
  });
  const text = JSON.stringify([
    result('a', { idle: { least: 5 } }),
    result('b', { idle: null, silentIdle: { least: 60 } }),
  ]);
  expect(read('probe.json', text).map(({ name, accepts }) => [name, accepts.idleTimeout?.value])).toEqual([
    ['a:1', 5],
    ['b:1', 60],
  ]);
});

describe('hostile files', () => {
  const samples: Record<string, string> = {
    'nginx.conf':
      'http { upstream a { server 1.2.3.4:5; keepalive 4; } server { listen 80; location / { proxy_pass http://a; } } }',
    'haproxy.cfg':
      'defaults\n timeout client 1m\nfrontend a\n bind :80\n default_backend b\nbackend b\n server x 1.2.3.4:80\n',
    'app.ts': "import http from 'http'; const s = http.createServer(); s.keepAliveTimeout = 5; s.listen(80);",
    'k8s.yaml': 'apiVersion: v1\nkind: Pod\nspec: { containers: [{ command: [gunicorn, -b, ":8000"] }] }\n',
    'compose.yaml': 'services:\n  a: { command: "uvicorn a:b --port 80" }\n',
    'application.properties': 'server.port=8080\nserver.tomcat.keep-alive-timeout=5s\n',
    Dockerfile: 'CMD ["gunicorn", "-b", ":80"]\n',
    Caddyfile: 'a.example {\n reverse_proxy b:80 {\n transport http {\n keepalive 5s\n}\n}\n}\n',
    'httpd.conf': 'Listen 80\nProxyPass / http://a:80/\n',
    'main.go': 'srv := http.Server{ Addr: ":80", IdleTimeout: 5 * time.Second }',
    'plan.json':
      '{"terraform_version":"1","planned_values":{"root_module":{"resources":[{"type":"aws_lb","values":{"name":"a"}}]}}}',
    'traefik.toml': '[entryPoints.web]\naddress = ":80"\n',
    'envoy.yaml': 'static_resources: { listeners: [], clusters: [{ name: a, lb_policy: x }] }\n',
    'my.cnf': '[mysqld]\nwait_timeout = 5\n',
  };

  it('are read without an exception, whatever is cut, doubled or put in', () => {
    const cut = fc.record({
      name: fc.constantFrom(...Object.keys(samples)),
      from: fc.nat(200),
      length: fc.nat(40),
      into: fc.nat(200),
      put: fc.constantFrom(
        '',
        '{',
        '}',
        '"',
        "'",
        '\\',
        '[',
        ']',
        ':',
        '\n',
        '&a *a',
        '${',
        '\u0000',
        '__proto__',
        '1e999',
        '-',
        '\ud800',
      ),
    });
    fc.assert(
      fc.property(cut, ({ name, from, length, into, put }) => {
        const sample = samples[name]!;
        const piece = sample.slice(from, from + length);
        for (const text of [
          sample.slice(0, from) + sample.slice(from + length),
          sample.slice(0, into) + piece + sample.slice(into),
          sample.slice(0, into) + put + sample.slice(into),
        ])
          for (const { message } of audit([{ path: name, text }], { behind: 'aws-alb' }).findings)
            expect(message).not.toMatch(/undefined|NaN/);
      }),
      { numRuns: 1000 },
    );
  });

  it('two programs of one name are told apart by their ports', () => {
    const front =
      'http { client_max_body_size 20m; server { listen 443; location / { proxy_pass http://127.0.0.1:8000; } } }';
    const back = 'http { client_max_body_size 5m; server { listen 8000; location / { return 200; } } }';
    const { findings } = audit([
      { path: 'front/nginx.conf', text: front },
      { path: 'back/nginx.conf', text: back },
    ]);
    expect(findings.map(({ rule }) => rule)).toEqual(['body-order']);
    expect(findings[0]!.message).toMatch(/^nginx :443 lets .*; nginx :8000 takes /);
  });

  it('every reader refuses what is not its own', () => {
    for (const { recognises } of readers) {
      expect(recognises('notes.txt', 'nothing of interest')).toBe(false);
      expect(recognises('package.json', '{"name":"x","scripts":{"test":"y"}}')).toBe(false);
    }
  });
});
