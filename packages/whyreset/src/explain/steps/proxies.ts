import type { ProductSteps } from './define.ts';

const KEEPALIVE = 'keep-alive-race';

/** Proxies, balancers, platforms. */
export const proxies: readonly ProductSteps[] = [
  {
    product: 'ingress-nginx',
    is: /\bingress-nginx\b|\bnginx-ingress\b|\bkubernetes\.io\/ingress\b/i,
    steps: {
      'early-response-unread-body': 'In the Ingress: annotation nginx.ingress.kubernetes.io/proxy-body-size',
      'connection-limit-reached':
        'In the ConfigMap: max-worker-connections, worker-processes, keep-alive-requests',
    },
  },
  {
    product: 'nginx',
    is: /\bnginx\b|\bwhile (?:reading response header from|connecting to|reading|sending request to) upstream\b|\bworker_connections\b|\bwhile SSL handshaking\b|\bPROXY protocol, client:|\b client intended\b/i,
    steps: {
      [KEEPALIVE]:
        'In nginx: keepalive_timeout of the upstream block (60 s) must be below the keep-alive timeout of the server behind it; log $upstream_connect_time $upstream_response_time $connection_requests; proxy_next_upstream error timeout retries what is idempotent',
      'early-response-unread-body':
        'In nginx: client_max_body_size (1 MiB unless set) in the http, server or location block that answers; look for "client intended to send too large body" in its error log',
      'process-died':
        'On the server behind nginx: the log of the application or its supervisor in the same second (signal, OOM, core); systemctl status, dmesg -T',
      'no-listener':
        'On the upstream’s host: ss -ltnp for the port that the line names after "upstream:"; is the service running, and on that address?',
      'accept-queue-overflow-drop':
        'On the upstream: the listen queue (ss -lx or ss -ltn: Recv-Q against Send-Q), number of workers and backlog',
      'connection-limit-reached':
        'In nginx: worker_connections and worker_rlimit_nofile against the connections in stub_status; each proxied request takes two. For HTTP/2: http2_max_concurrent_streams, keepalive_requests; keepalive_timeout 0 closes at once',
      'health-check-reset':
        'In nginx: compare the client address with the balancer; give its health check the PROXY protocol or an HTTP check on another port; error_log … crit for that listener silences it',
      'proxy-protocol-mismatch':
        'Compare "listen … proxy_protocol" in nginx with the balancer’s setting (AWS NLB target group proxy_protocol_v2.enabled; annotation aws-load-balancer-proxy-protocol)',
      'http2-stream-reset':
        'In nginx: error_log … info of the same second names why it reset the stream; http2_max_concurrent_streams, keepalive_requests, worker_connections',
      'client-gave-up':
        'In nginx: $request_time of the 499 lines: a constant value is the timeout of the client or of the balancer before nginx',
      'retransmission-give-up':
        'In nginx: proxy_read_timeout (60 s) against the time the application needs ($upstream_response_time); the upstream’s own log of that request',
      'http-version-mismatch':
        'In nginx: proxy_pass http:// or https://, grpc_pass, proxy_http_version 1.1, against what the upstream’s port speaks',
      'server-timeout-on-slow-client': 'In nginx: client_header_timeout and client_body_timeout (60 s each)',
      any: 'In nginx: error_log at level info, and access log with $upstream_addr $upstream_status $upstream_connect_time $upstream_response_time of the same request',
    },
  },
  {
    product: 'HAProxy',
    is: /\bhaproxy\b/i,
    steps: {
      'policy-drop':
        'In HAProxy: "timeout connect" expired (sC): is the server reachable from the proxy (nc -vz), does it listen, is its accept queue full (ss -ltn)?',
      'accept-queue-overflow-drop':
        'On the server behind HAProxy: ss -ltn (Recv-Q against Send-Q); in HAProxy: maxconn per server, "timeout connect", "timeout queue"',
      'no-listener':
        'On the server behind HAProxy: ss -ltnp; in HAProxy: show servers state, and the health check',
      [KEEPALIVE]:
        'In HAProxy: "http-reuse safe" and "retry-on empty-response conn-failure"; pool-purge-delay; the server’s keep-alive timeout must be above it. The termination state (SH with -1 in Tr) tells it',
      'connection-limit-reached':
        'In HAProxy: maxconn of server, backend and process against scur in "show stat"; queue time Tw in the log',
      'middlebox-idle-reset-at-expiry':
        'In HAProxy: "timeout tunnel" for WebSockets and CONNECT, "timeout client" and "timeout server" for the rest: the time in the log is the limit that ran out',
      'client-gave-up':
        'In HAProxy: the timers Tr and Ta of the CD/CH lines: a constant value is the client’s timeout',
      'health-check-reset':
        'In HAProxy: option dontlognull silences connections without a byte; option http-ignore-probes for browsers’ spare connections',
      'proxy-protocol-mismatch':
        'In HAProxy: "bind … accept-proxy" against what the balancer before it sends; "server … send-proxy" against the server’s listener',
      any: 'In HAProxy: the termination state and the timers Tq/Tw/Tc/Tr/Ta of the line; "show errors" on the stats socket keeps refused bytes',
    },
  },
  {
    product: 'Envoy, Istio',
    is: /\benvoy\b|\bistio|\bresponse_flags\b|\bupstream connect error\b|\bupstream_reset_before\b|\breset reason: /i,
    steps: {
      [KEEPALIVE]:
        'In Envoy: idle_timeout of the cluster (1 h unless set; Istio: DestinationRule connectionPool.http.idleTimeout) below the keep-alive timeout of the application; retry_on: reset-before-request,connect-failure. The access log’s %RESPONSE_FLAGS% and %RESPONSE_CODE_DETAILS% say which end closed',
      'tls-to-plaintext-port':
        'In Istio: PeerAuthentication and DestinationRule tls.mode must agree (mTLS on one side only); istioctl x describe pod POD',
      'no-healthy-target':
        'In Envoy: /clusters on the admin port (health_flags), istioctl proxy-config endpoints POD; NR means no route: host and port of VirtualService and Service',
      'connection-limit-reached':
        'In Envoy: circuit_breakers max_connections, max_pending_requests (Istio: connectionPool) against upstream_rq_pending_overflow',
      'http-version-mismatch':
        'In Istio: the name or appProtocol of the Service port (http-, grpc-, tcp-) must match what the application speaks',
      any: 'In Envoy: access log with %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %UPSTREAM_TRANSPORT_FAILURE_REASON% %UPSTREAM_HOST%, and the idle timeouts of both hops',
    },
  },
  {
    product: 'Apache httpd',
    is: /\bAH\d{5}\b|\bapache2?\b(?! (?:http ?client|kafka))|\bhttpd\b|\bmod_\w+\b/i,
    steps: {
      [KEEPALIVE]:
        'In Apache: ProxyPass … ttl=60 (below the keep-alive timeout of the backend) or disablereuse=On; SetEnv proxy-initial-not-pooled 1',
      'early-response-unread-body': 'In Apache: LimitRequestBody, and the access log for a 413',
      'connection-limit-reached':
        'In Apache: MaxRequestWorkers, ThreadsPerChild, KeepAliveTimeout against mod_status',
      'server-timeout-on-slow-client': 'In Apache: RequestReadTimeout (mod_reqtimeout) and Timeout',
      any: 'In Apache: error log at LogLevel proxy:trace2 of the same second; the errno in front of the AH code says FIN (70014), RST (104) or silence (70007, 110)',
    },
  },
  {
    product: 'AWS load balancer',
    is: /\bapp\/\S+\/[0-9a-f]{16}\b|\belb\.amazonaws\.com\b|\b[AN]LB\b|\btarget ?group\b/i,
    steps: {
      [KEEPALIVE]:
        'On the target: its keep-alive timeout must be above the idle timeout of the balancer (60 s): Node server.keepAliveTimeout = 65_000 and headersTimeout = 66_000, gunicorn --keep-alive 65, nginx keepalive_timeout 75s. The metric HTTPCode_ELB_502_Count without HTTPCode_Target_5XX_Count confirms it',
      'state-lost':
        'NLB: the idle timeout of a flow is 350 s; TCP keep-alive on client or target below it. The metric TCP_ELB_Reset_Count counts its resets',
      'no-healthy-target':
        'At the target group: UnHealthyHostCount, and the reason of each target (describe-target-health)',
      any: 'In the access log: target_processing_time, response_processing_time (-1 where it broke), target_status_code, and the target’s own log of the same second',
    },
  },
  {
    product: 'Google Cloud load balancer',
    is: /\bstatusDetails\b|\bbackend_connection_closed|\bfailed_to_pick_backend\b/,
    steps: {
      [KEEPALIVE]:
        'On the backend: its keep-alive timeout must be above 600 s (620 s): nginx keepalive_timeout 650s, Node server.keepAliveTimeout = 620_000',
      any: 'In Logging: jsonPayload.statusDetails of the request, and the backend’s log of the same second; backend service timeout (30 s)',
    },
  },
  {
    product: 'cloudflared',
    is: /\bcloudflared\b|\bCloudflare edge\b|\bdial to edge\b|\bargotunnel\b|\bcanceled by remote with error code\b/,
    steps: {
      'injected-reset':
        'From the host of cloudflared: nc -vz region1.v2.argotunnel.com 7844; a firewall must let TCP and UDP 7844 out without TLS inspection; --protocol http2 where UDP is closed',
      'policy-reset':
        'From the host of cloudflared: nc -vz region1.v2.argotunnel.com 7844; a firewall must let TCP and UDP 7844 out without TLS inspection; --protocol http2 where UDP is closed',
      'client-gave-up':
        'In the visitor’s browser or client: a cancelled request or its own timeout; at Cloudflare: 524 is its limit of 100 s. Harmless where the visitor left',
      any: 'From the host of cloudflared: nc -vz region1.v2.argotunnel.com 7844 (TCP and UDP), and cloudflared tunnel --loglevel debug',
    },
  },
  {
    product: 'Cloudflare',
    is: /\bcloudflare\b|\b52[0-6]\b/i,
    steps: {
      [KEEPALIVE]:
        'At the origin: its keep-alive timeout must be above 900 s or at least above the pause; its error log of the same second (Ray ID)',
      'retransmission-give-up':
        'At the origin: how long the request took; Cloudflare waits 120 s for the first byte (524)',
      'no-listener': 'At the origin: does it run, and does its firewall admit Cloudflare’s addresses?',
      any: 'At the origin: its log of the same second by Ray ID (cf-ray), and curl --resolve HOST:443:ORIGIN https://HOST/ past Cloudflare',
    },
  },
  {
    product: 'Heroku',
    is: /\bheroku\b|\bcode=H\d\d\b/i,
    steps: {
      any: 'In the router log: code, connect= and service= of the line; the dyno must answer its first byte within 30 s and keep connections for 95 s',
    },
  },
  {
    product: 'Traefik',
    is: /\btraefik\b/i,
    steps: {
      any: 'In Traefik: serversTransport.forwardingTimeouts.idleConnTimeout below the keep-alive timeout of the server; log level DEBUG names the error behind the 502',
    },
  },
  {
    product: 'Squid',
    is: /\bsquid\b|\bTCP_(?:MISS|DENIED|TUNNEL)/i,
    steps: {
      any: 'In Squid: access.log of the same second (TCP_DENIED, TCP_TUNNEL, the status and HIER_ code), and its acl rules',
    },
  },
  {
    product: 'firewall',
    is: /\bsession_end_reason\b|%ASA-\d|\bsubtype="?forward|\bpolicyid=|\[UFW BLOCK\]/,
    steps: {
      any: 'At the firewall: the rule and the timeout of this session (ASA: show conn detail, timeout conn; PAN-OS: show session id, session end reason; FortiGate: session-ttl)',
    },
  },
];
