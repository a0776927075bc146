/** Products, what they do when nobody sets anything, and how a setting is written in them. */
import type { Product } from './product.ts';

const ms = (name: string) => (value: number) => `${name}: ${Math.round(value * 1000)}`;
const s =
  (name: string, end = '') =>
  (value: number) =>
    `${name} ${Math.round(value)}s${end}`;
const off = (name: string, source: string) => ({ name, value: false, source });
const never = (name: string, source: string) => ({ name, value: Number.POSITIVE_INFINITY, source });

/** The kernel’s keep-alive is off for a socket unless its program switches it on (tcp(7), SO_KEEPALIVE). */
const NO_PROBES = never('SO_KEEPALIVE', 'tcp(7)');

export const products: readonly Product[] = [
  // Balancers and boxes, which are named and not read.
  {
    id: 'aws-alb',
    label: 'AWS Application Load Balancer',
    role: 'balancer',
    accepts: { idleTimeout: 'aws-alb-idle' },
    connects: { idleTimeout: 'aws-alb-idle', responseTimeout: 'aws-alb-idle' },
    write: { idleTimeout: (value) => `idle_timeout.timeout_seconds=${Math.round(value)}` },
  },
  {
    id: 'aws-clb',
    label: 'AWS Classic Load Balancer',
    role: 'balancer',
    accepts: { idleTimeout: 'aws-clb-idle' },
    connects: { idleTimeout: 'aws-clb-idle', responseTimeout: 'aws-clb-idle' },
    write: { idleTimeout: (value) => `ConnectionSettings.IdleTimeout=${Math.round(value)}` },
  },
  {
    id: 'aws-nlb',
    label: 'AWS Network Load Balancer',
    role: 'balancer',
    accepts: { flowTimeout: 'aws-nlb-tcp' },
  },
  { id: 'aws-nat', label: 'AWS NAT gateway', role: 'balancer', accepts: { flowTimeout: 'aws-natgw' } },
  {
    id: 'cloudfront',
    label: 'Amazon CloudFront',
    role: 'balancer',
    connects: { idleTimeout: 'aws-cloudfront-origin-keepalive' },
    write: { idleTimeout: (value) => `OriginKeepaliveTimeout=${Math.floor(value)}` },
  },
  { id: 'azure-lb', label: 'Azure Load Balancer', role: 'balancer', accepts: { flowTimeout: 'azure-lb' } },
  { id: 'azure-nat', label: 'Azure NAT gateway', role: 'balancer', accepts: { flowTimeout: 'azure-natgw' } },
  {
    id: 'gcp-alb',
    label: 'GCP Application Load Balancer',
    role: 'balancer',
    accepts: { idleTimeout: 'gcp-alb-client' },
    connects: { idleTimeout: 'gcp-alb-backend' },
  },
  {
    id: 'gcp-nat',
    label: 'GCP Cloud NAT',
    role: 'balancer',
    accepts: { flowTimeout: 'gcp-cloudnat-established' },
  },
  {
    id: 'cloudflare',
    label: 'Cloudflare',
    role: 'balancer',
    accepts: { idleTimeout: 'cloudflare-client' },
    connects: { idleTimeout: 'cloudflare-origin-idle', responseTimeout: 'cloudflare-origin-read' },
  },
  { id: 'heroku', label: 'Heroku router', role: 'balancer', connects: { idleTimeout: 'heroku-router-dyno' } },
  { id: 'fly', label: 'Fly proxy', role: 'balancer', connects: { idleTimeout: 'fly-proxy-idle' } },
  {
    id: 'oci-lb',
    label: 'Oracle Cloud load balancer',
    role: 'balancer',
    accepts: { idleTimeout: 'oci-lb-client' },
    connects: { idleTimeout: 'oci-lb-backend' },
  },
  {
    id: 'ipvs',
    label: 'Linux IPVS (kube-proxy, Docker Swarm)',
    role: 'balancer',
    accepts: { flowTimeout: 'ipvs-tcp' },
  },

  // Proxies.
  {
    id: 'nginx',
    label: 'nginx',
    role: 'proxy',
    accepts: {
      idleTimeout: 'nginx-keepalive',
      bodyLimit: {
        name: 'client_max_body_size',
        value: 1024 ** 2,
        source: 'nginx.org/en/docs/http/ngx_http_core_module.html',
      },
      http2: off('http2', 'nginx.org/en/docs/http/ngx_http_v2_module.html'),
      tls: off('listen … ssl', 'nginx.org/en/docs/http/ngx_http_core_module.html'),
      proxyProtocol: off('listen … proxy_protocol', 'nginx.org/en/docs/http/ngx_http_core_module.html'),
      backlog: {
        name: 'listen … backlog',
        value: 511,
        source: 'nginx.org/en/docs/http/ngx_http_core_module.html#listen',
      },
    },
    connects: {
      responseTimeout: 'nginx-proxy-read',
      proxyProtocol: off('proxy_protocol', 'nginx.org/en/docs/stream/ngx_stream_proxy_module.html'),
      repeatsAny: off(
        'proxy_next_upstream … non_idempotent',
        'nginx.org/en/docs/http/ngx_http_proxy_module.html',
      ),
      tcpKeepAlive: { ...NO_PROBES, name: 'proxy_socket_keepalive' },
    },
    write: {
      idleTimeout: s('keepalive_timeout', ';'),
      bodyLimit: (value) => `client_max_body_size ${Math.round(value / 1024)}k;`,
      responseTimeout: s('proxy_read_timeout', ';'),
      tcpKeepAlive: () => 'proxy_socket_keepalive on;',
    },
  },
  {
    id: 'haproxy',
    label: 'HAProxy',
    role: 'proxy',
    accepts: {
      http2: off('bind … alpn h2', 'docs.haproxy.org configuration manual, alpn'),
      tls: off('bind … ssl', 'docs.haproxy.org configuration manual, bind'),
      proxyProtocol: off('bind … accept-proxy', 'docs.haproxy.org configuration manual, bind'),
    },
    connects: {
      tls: off('server … ssl', 'docs.haproxy.org configuration manual, server'),
      proxyProtocol: off('server … send-proxy', 'docs.haproxy.org configuration manual, server'),
      repeatsAny: off('retry-on', 'docs.haproxy.org configuration manual, retry-on'),
      tcpKeepAlive: { ...NO_PROBES, name: 'option srvtcpka' },
    },
    write: {
      idleTimeout: (value) => `timeout http-keep-alive ${Math.round(value)}s`,
      responseTimeout: (value) => `timeout server ${Math.round(value)}s`,
      tcpKeepAlive: () => 'option srvtcpka',
    },
    writeConnects: { idleTimeout: () => 'http-reuse safe' },
  },
  {
    id: 'apache',
    label: 'Apache httpd',
    role: 'proxy',
    accepts: { idleTimeout: 'httpd-keepalive' },
    connects: { responseTimeout: 'httpd-timeout' },
    write: {
      idleTimeout: (value) => `KeepAliveTimeout ${Math.round(value)}`,
      responseTimeout: (value) => `ProxyTimeout ${Math.round(value)}`,
    },
    writeConnects: { idleTimeout: (value) => `ProxyPass … ttl=${Math.floor(value)}` },
  },
  {
    id: 'envoy',
    label: 'Envoy',
    role: 'proxy',
    accepts: { idleTimeout: 'envoy-http-idle-down' },
    connects: { idleTimeout: 'envoy-http-idle-up', responseTimeout: 'envoy-route' },
    write: {
      idleTimeout: (value) => `common_http_protocol_options: { idle_timeout: ${Math.round(value)}s }`,
      responseTimeout: (value) => `timeout: ${Math.round(value)}s`,
    },
  },
  {
    id: 'traefik',
    label: 'Traefik',
    role: 'proxy',
    accepts: {
      idleTimeout: {
        name: 'respondingTimeouts.idleTimeout',
        value: 180,
        source: 'doc.traefik.io entryPoints transport',
      },
    },
    connects: {
      idleTimeout: {
        name: 'forwardingTimeouts.idleConnTimeout',
        value: 90,
        source: 'doc.traefik.io serversTransport',
      },
    },
    write: { idleTimeout: (value) => `respondingTimeouts: { idleTimeout: ${Math.round(value)}s }` },
    writeConnects: { idleTimeout: (value) => `idleConnTimeout: ${Math.round(value)}s` },
  },
  {
    id: 'caddy',
    label: 'Caddy',
    role: 'proxy',
    accepts: {
      idleTimeout: {
        name: 'timeouts idle',
        value: 300,
        source: 'caddyserver.com/docs/caddyfile/options#timeouts',
      },
    },
    connects: {
      idleTimeout: {
        name: 'keepalive',
        value: 120,
        source: 'caddyserver.com/docs/caddyfile/directives/reverse_proxy',
      },
    },
    write: { idleTimeout: (value) => `timeouts { idle ${Math.round(value)}s }` },
    writeConnects: { idleTimeout: (value) => `keepalive ${Math.round(value)}s` },
  },

  // Servers of applications.
  {
    id: 'node',
    label: 'Node http server',
    role: 'server',
    accepts: {
      idleTimeout: 'node-server-keepalive',
      requestTimeout: 'node-request',
      http2: off('http.createServer', 'nodejs.org/api/http.html'),
      backlog: { name: 'backlog', value: 511, source: 'nodejs.org/api/net.html#serverlisten' },
    },
    write: {
      idleTimeout: (value) => `server.keepAliveTimeout = ${Math.round(value * 1000)};`,
      bodyLimit: (value) => `express.json({ limit: ${value} })`,
    },
  },
  {
    id: 'fastify',
    label: 'Fastify',
    role: 'server',
    accepts: {
      idleTimeout: 'fastify',
      bodyLimit: { name: 'bodyLimit', value: 1024 ** 2, source: 'fastify.dev/docs/latest/Reference/Server' },
    },
    write: { idleTimeout: ms('keepAliveTimeout'), bodyLimit: (value) => `bodyLimit: ${value}` },
  },
  {
    id: 'nextjs',
    label: 'Next.js',
    role: 'server',
    accepts: { idleTimeout: 'nextjs' },
    write: { idleTimeout: (value) => `next start --keepAliveTimeout ${Math.round(value * 1000)}` },
  },
  {
    id: 'gunicorn',
    label: 'gunicorn',
    role: 'server',
    accepts: {
      idleTimeout: 'gunicorn',
      http2: off('gunicorn', 'docs.gunicorn.org'),
      requestTimeout: 'gunicorn-worker',
      backlog: { name: 'backlog', value: 2048, source: 'docs.gunicorn.org settings' },
    },
    process: { drainTimeout: 'gunicorn-graceful' },
    write: {
      idleTimeout: (value) => `--keep-alive ${Math.round(value)}`,
      requestTimeout: (value) => `--timeout ${Math.round(value)}`,
      drainTimeout: (value) => `--graceful-timeout ${Math.round(value)}`,
    },
  },
  {
    id: 'uvicorn',
    label: 'uvicorn',
    role: 'server',
    accepts: {
      idleTimeout: 'uvicorn',
      http2: off('uvicorn', 'uvicorn.org'),
      backlog: { name: 'backlog', value: 2048, source: 'uvicorn.org/settings' },
    },
    write: { idleTimeout: (value) => `--timeout-keep-alive ${Math.round(value)}` },
  },
  {
    id: 'puma',
    label: 'Puma',
    role: 'server',
    accepts: { idleTimeout: 'puma-6' },
    write: { idleTimeout: (value) => `persistent_timeout ${Math.round(value)}` },
  },
  {
    id: 'go',
    label: 'Go net/http server',
    role: 'server',
    accepts: { idleTimeout: never('IdleTimeout', 'golang/go src/net/http/server.go') },
    write: { idleTimeout: (value) => `IdleTimeout: ${Math.round(value)} * time.Second,` },
  },
  {
    id: 'tomcat',
    label: 'Spring Boot (Tomcat)',
    role: 'server',
    accepts: {
      idleTimeout: 'tomcat-coded',
      bodyLimit: {
        name: 'server.tomcat.max-http-form-post-size',
        value: 2 * 1024 ** 2,
        source: 'docs.spring.io application properties',
      },
      backlog: {
        name: 'server.tomcat.accept-count',
        value: 100,
        source: 'docs.spring.io application properties',
      },
    },
    process: {
      drainTimeout: {
        name: 'spring.lifecycle.timeout-per-shutdown-phase',
        value: 30,
        source: 'docs.spring.io application properties',
      },
    },
    write: {
      idleTimeout: (value) => `server.tomcat.keep-alive-timeout=${Math.round(value)}s`,
      drainTimeout: (value) => `spring.lifecycle.timeout-per-shutdown-phase=${Math.round(value)}s`,
    },
  },
  {
    id: 'jetty',
    label: 'Spring Boot (Jetty)',
    role: 'server',
    accepts: { idleTimeout: 'jetty' },
    write: { idleTimeout: (value) => `server.jetty.connection-idle-timeout=${Math.round(value)}s` },
  },
  {
    id: 'kubernetes',
    label: 'Kubernetes',
    role: 'server',
    write: { terminationGrace: (value) => `terminationGracePeriodSeconds: ${Math.ceil(value)}` },
  },

  // Clients and pools.
  {
    id: 'undici',
    label: 'undici',
    role: 'client',
    connects: { idleTimeout: 'undici-keepalive', tcpKeepAlive: 'undici-tcp-keepalive' },
    write: { idleTimeout: ms('keepAliveTimeout') },
  },
  { id: 'http-agent', label: 'http.Agent', role: 'client', write: { idleTimeout: ms('timeout') } },
  {
    id: 'agentkeepalive',
    label: 'agentkeepalive',
    role: 'client',
    connects: { idleTimeout: 'agentkeepalive-free' },
    write: { idleTimeout: ms('freeSocketTimeout') },
  },
  {
    id: 'go-client',
    label: 'Go http.Transport',
    role: 'client',
    connects: { tcpKeepAlive: 'go-tcp-keepalive' },
    write: { idleTimeout: (value) => `IdleConnTimeout: ${Math.floor(value)} * time.Second,` },
  },
  {
    id: 'pg-pool',
    label: 'pg.Pool',
    role: 'client',
    connects: { idleTimeout: 'pg-pool', tcpKeepAlive: NO_PROBES },
    write: {
      idleTimeout: ms('idleTimeoutMillis'),
      tcpKeepAlive: (value) => `keepAlive: true, keepAliveInitialDelayMillis: ${Math.round(value * 1000)}`,
    },
  },
  {
    id: 'mysql2-pool',
    label: 'mysql2 pool',
    role: 'client',
    connects: { idleTimeout: 'mysql2-pool' },
    write: { idleTimeout: ms('idleTimeout') },
  },
  {
    id: 'hikari',
    label: 'HikariCP',
    role: 'client',
    connects: {
      maxAge: { name: 'maxLifetime', value: 1800, source: 'github.com/brettwooldridge/HikariCP README' },
    },
    write: {
      maxAge: (value) => `spring.datasource.hikari.max-lifetime=${Math.round(value * 1000)}`,
      idleTimeout: (value) => `spring.datasource.hikari.max-lifetime=${Math.round(value * 1000)}`,
    },
  },

  // Databases and others that wait for their clients.
  {
    id: 'mysql',
    label: 'MySQL',
    role: 'database',
    accepts: { idleTimeout: 'mysql-wait' },
    write: { idleTimeout: (value) => `wait_timeout = ${Math.round(value)}` },
  },
  {
    id: 'postgresql',
    label: 'PostgreSQL',
    role: 'database',
    accepts: { idleTimeout: 'postgres-idle' },
    write: { idleTimeout: (value) => `idle_session_timeout = '${Math.round(value)}s'` },
  },
  {
    id: 'redis',
    label: 'Redis',
    role: 'database',
    accepts: {
      idleTimeout: 'redis-timeout',
      backlog: { name: 'tcp-backlog', value: 511, source: 'redis.conf' },
    },
    write: { idleTimeout: (value) => `timeout ${Math.round(value)}` },
  },
  {
    id: 'pgbouncer',
    label: 'PgBouncer',
    role: 'proxy',
    accepts: { idleTimeout: never('client_idle_timeout', 'pgbouncer.org/config.html') },
    connects: {
      idleTimeout: { name: 'server_idle_timeout', value: 600, source: 'pgbouncer.org/config.html' },
      maxAge: { name: 'server_lifetime', value: 3600, source: 'pgbouncer.org/config.html' },
    },
    write: { idleTimeout: (value) => `server_idle_timeout = ${Math.round(value)}` },
  },
  { id: 'measured', label: 'a measured server', role: 'server' },
  { id: 'sshd', label: 'sshd', role: 'server' },
  { id: 'linux', label: 'Linux', role: 'host' },
];
