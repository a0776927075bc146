import type { Finding } from '../../../src/verdict/result.ts';

/** A setting to paste, for one stack. */
export interface Snippet {
  stack: string;
  code: string;
}

export interface Snippets {
  client: Snippet[];
  server: Snippet[];
  path: Snippet[];
}

const NONE: Snippets = { client: [], server: [], path: [] };

/** Below the peer's limit by a quarter, at most a second: a request needs time to arrive (RFC 9112 §9.3.1 leaves it to the client). */
function below(limit: number): number {
  return limit - Math.min(1, limit / 4);
}

const milliseconds = (value: number) => String(Math.max(1, Math.floor(value * 1000)));
const tidy = (value: number) => String(Number(value.toPrecision(value < 1 ? 2 : 3)));
/** Settings that take whole seconds; 0 would switch them off. */
const whole = (value: number) => Math.max(1, Math.floor(value));

/** Idle timeouts in the right order, on both sides. `idle`: after how many seconds the server closes. */
function idleSnippets(idle: number): Snippets {
  const client = below(idle);
  const inWhole = client >= 1;
  const seconds = (line: string) =>
    inWhole ? line : `${line}\n# whole seconds only: raise the server's timeout of ${tidy(idle)} s`;
  return {
    client: [
      { stack: 'undici', code: `new Agent({ keepAliveTimeout: ${milliseconds(client)} })` },
      {
        stack: 'guard',
        code: "import { guard } from '@whyreset/guard';\n\nnew Agent(guard.agentOptions).compose(guard())",
      },
      {
        stack: 'node:http',
        code: `// npm agentkeepalive\nnew HttpAgent({ freeSocketTimeout: ${milliseconds(client)} })`,
      },
      { stack: 'Go', code: `&http.Transport{ IdleConnTimeout: ${milliseconds(client)} * time.Millisecond }` },
      {
        stack: 'Java',
        code: `// java.net.http\n-Djdk.httpclient.keepalive.timeout=${whole(client)}\n// Apache HttpClient 5\nHttpClients.custom().evictIdleConnections(TimeValue.ofMilliseconds(${milliseconds(client)}))`,
      },
      {
        stack: 'Python',
        code: `# aiohttp\naiohttp.TCPConnector(keepalive_timeout=${tidy(client)})\n# httpx\nhttpx.Limits(keepalive_expiry=${tidy(client)})`,
      },
      { stack: 'nginx', code: seconds(`upstream backend {\n  keepalive_timeout ${whole(client)}s;\n}`) },
    ],
    server: [
      { stack: 'Node', code: 'server.keepAliveTimeout = 65_000;\nserver.headersTimeout = 66_000;' },
      { stack: 'Go', code: '&http.Server{ IdleTimeout: 65 * time.Second }' },
      { stack: 'nginx', code: 'keepalive_timeout 65s;' },
      { stack: 'HAProxy', code: 'timeout http-keep-alive 65s' },
      { stack: 'gunicorn', code: 'gunicorn --keep-alive 65' },
      { stack: 'uvicorn', code: 'uvicorn --timeout-keep-alive 65' },
      { stack: 'Tomcat', code: '<Connector keepAliveTimeout="65000" />' },
      { stack: 'Spring', code: 'server.tomcat.keep-alive-timeout=65s' },
    ],
    path: [],
  };
}

/** Probes that keep a box on the path from forgetting the connection. `idle`: the silence after which it was gone. */
function probeSnippets(idle: number): Snippets {
  const probe = whole(idle / 2);
  return {
    client: [
      { stack: 'Node', code: `socket.setKeepAlive(true, ${probe * 1000});` },
      {
        stack: 'undici',
        code: `new Agent({ connect: { keepAlive: true, keepAliveInitialDelay: ${probe * 1000} } })`,
      },
      { stack: 'Go', code: `&net.Dialer{ KeepAlive: ${probe} * time.Second }` },
      {
        stack: 'Java',
        code: `socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);\nsocket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, ${probe});`,
      },
      {
        stack: 'Python',
        code: `sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)\nsock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, ${probe})`,
      },
      {
        stack: 'libpq',
        code: `keepalives_idle=${probe} keepalives_interval=${Math.max(1, Math.floor(probe / 3))}`,
      },
      {
        stack: 'Linux',
        code: `# for programs that set SO_KEEPALIVE only\nsysctl -w net.ipv4.tcp_keepalive_time=${probe}`,
      },
    ],
    server: [
      { stack: 'nginx', code: `listen 443 ssl so_keepalive=${probe}s;` },
      { stack: 'HAProxy', code: `option clitcpka\nclitcpka-idle ${probe}s` },
      { stack: 'PostgreSQL', code: `tcp_keepalives_idle = ${probe}` },
      { stack: 'sshd', code: `ClientAliveInterval ${probe}` },
    ],
    path: [
      {
        stack: 'AWS NLB',
        code: 'aws elbv2 modify-listener-attributes --listener-arn ARN \\\n  --attributes Key=tcp.idle_timeout.seconds,Value=3600',
      },
      {
        stack: 'AWS ALB',
        code: 'aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN \\\n  --attributes Key=idle_timeout.timeout_seconds,Value=300',
      },
      {
        stack: 'Azure LB',
        code: 'az network lb rule update -g GROUP --lb-name LB -n RULE \\\n  --idle-timeout 30 --enable-tcp-reset true',
      },
      {
        stack: 'GCP',
        code: 'gcloud compute routers nats update NAT --router ROUTER \\\n  --tcp-established-idle-timeout 3600',
      },
      { stack: 'Linux NAT', code: 'sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=86400' },
    ],
  };
}

const IDLE_FAMILIES = new Set(['keep-alive-race', 'written-after-close']);
const FORGETTING = new Set(['state-lost', 'no-reply']);

/** Settings for the stacks at hand with the numbers of the finding filled in; none where no setting is the fix. */
export function snippetsFor({ family, measures }: Finding): Snippets {
  const idle = measures.idle?.min;
  if (idle === undefined || family === null) return NONE;
  if (IDLE_FAMILIES.has(family)) return idleSnippets(idle);
  return FORGETTING.has(family) ? probeSnippets(idle) : NONE;
}
