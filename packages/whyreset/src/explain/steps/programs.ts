import type { ProductSteps } from './define.ts';

const KEEPALIVE = 'keep-alive-race';

/** Servers, clients, tools, supervisors. */
export const programs: readonly ProductSteps[] = [
  {
    product: 'gunicorn',
    is: /\bgunicorn\b|\bWORKER TIMEOUT\b|\bwas sent SIGKILL\b|\bWorker with pid\b/,
    steps: {
      'worker-killed':
        'In gunicorn: --timeout (30 s) against the slowest request; move long work to a queue, or use threads or async workers',
      'process-died':
        'On the host: dmesg -T | grep -i "killed process" and the memory limit of the container (kubectl describe pod: OOMKilled); fewer --workers, --max-requests against leaks. Without an OOM line it was the worker timeout',
      any: 'In gunicorn: --keep-alive (2 s) above the idle time of the proxy before it, --timeout, and the log of the arbiter in the same second',
    },
  },
  {
    product: 'PHP-FPM',
    is: /\bphp-?fpm\b|\[pool \w+\]|\bfastcgi:\/\//i,
    steps: {
      'process-died':
        'In the PHP-FPM log of the same second: "exited on signal 11 (SIGSEGV)" is a crash: enable core dumps (rlimit_core), switch off the newest extension or the opcache JIT first; signal 9 is the OOM killer (dmesg -T)',
      'worker-killed':
        'In PHP-FPM: request_terminate_timeout and max_execution_time against the slowest request (slowlog)',
      'connection-limit-reached':
        'In PHP-FPM: pm.max_children against memory, and listen.backlog; pm.status_path shows the queue',
      any: 'In PHP-FPM: its log of the same second, pm.max_requests, request_terminate_timeout',
    },
  },
  {
    product: 'Kubernetes probe',
    is: /\bLiveness probe failed\b|\bfailed liveness probe\b/,
    steps: {
      'process-died':
        'kubectl describe pod POD: the liveness probe’s timeoutSeconds (1 s unless set) and failureThreshold against the slowest answer of a healthy process under load; a probe must not depend on a database. Raise them, or give the process CPU',
    },
  },
  {
    product: 'Kubernetes',
    is: /\bkubectl\b|\bkubelet\b|\bOOMKilled\b|\bCrashLoopBackOff\b|\bLast State:|\bliveness\b|\bpods?\b|\.svc\.cluster\.local\b/i,
    steps: {
      'process-died':
        'kubectl describe pod POD: Last State, Reason (OOMKilled: raise the memory limit or find the leak), Exit Code, Restart Count; kubectl logs POD --previous',
      'administrative-kill':
        'kubectl get events --sort-by=.lastTimestamp; a preStop sleep longer than the endpoint removal, and terminationGracePeriodSeconds above the drain',
      'no-listener':
        'kubectl get endpoints SERVICE, and containerPort against targetPort; does the program listen on 0.0.0.0?',
      'unnatted-reply':
        'On the node: conntrack -S (invalid), sysctl net.netfilter.nf_conntrack_tcp_be_liberal=1 (kube-proxy sets it from 1.29 on), a newer kube-proxy',
    },
  },
  {
    product: 'OpenSSH',
    is: /\bssh\b|\bsshd\b|\bsftp\b|\bkex_exchange|\bSSH protocol|\bRenci\.SshNet\b|\bparamiko\b|\bpacket_write_wait\b|\bclient_loop\b/i,
    steps: {
      'connection-limit-reached':
        'On the server: sshd_config MaxStartups (10:30:100) and MaxSessions; its log (journalctl -u ssh) says "beginning MaxStartups throttling" or "drop connection … past MaxStartups"',
      'client-not-allowed':
        'On the server: journalctl -u ssh of the same second ("refused connect from", fail2ban), /etc/hosts.deny, AllowUsers, a firewall or provider rule for this address; and MaxStartups if it happens only sometimes',
      'state-lost':
        'On the client: ServerAliveInterval 60 in ~/.ssh/config (or ClientAliveInterval on the server), below the idle timeout of NAT and firewall',
      'middlebox-idle-silent-drop':
        'On the client: ServerAliveInterval 60 and ServerAliveCountMax 3 in ~/.ssh/config, below the idle timeout of NAT and firewall',
      'health-check-reset':
        'On the server: compare the address with your monitoring; otherwise it is a scanner. LogLevel, fail2ban or a firewall rule silences it',
      any: 'On the client: ssh -vvv; on the server: journalctl -u ssh of the same second',
    },
  },
  {
    product: 'FTP',
    is: /\bftp\b|\bvsftpd\b|\bproftpd\b|\bFileZilla\b|^42[156][ -]|\n42[156][ -]|\bdata connection\b/i,
    steps: {
      'tls-alert':
        'On the server: vsftpd require_ssl_reuse=NO, proftpd TLSOptions NoSessionReuseRequired, FileZilla Server "require TLS session resumption"; or a client that resumes the session on the data connection',
      'server-idle-kill':
        'On the server: idle_session_timeout, data_connection_timeout (vsftpd), TimeoutIdle, TimeoutNoTransfer (proftpd), -I (pure-ftpd); on the client: NOOP during long transfers',
      'no-listener':
        'On the server: pasv_min_port to pasv_max_port open in the firewall, pasv_address set to the public address',
      any: 'On the server: its log of the same second; passive ports and the address in the 227 answer',
    },
  },
  {
    product: 'git',
    is: /\bgit (?:push|pull|clone|fetch)\b|\bRPC failed\b|\bremote end hung up\b|\bWriting objects\b|\bindex-pack\b|\bearly EOF\b/i,
    steps: {
      'early-response-unread-body':
        'At the git server and its proxy: client_max_body_size (nginx) or the push limit of the platform; push in smaller steps, or over SSH',
      'http2-stream-reset':
        'git config --global http.version HTTP/1.1 to test; the proxy’s or server’s error log of the same second',
      any: 'GIT_CURL_VERBOSE=1 GIT_TRACE=1 git … shows the status and the curl error; SSH instead of HTTPS tells path from server',
    },
  },
  {
    product: 'Docker',
    is: /\bdocker (?:push|pull|login)\b|\bregistry(?:-1)?\b|\berror pulling image\b|\berror parsing HTTP \d{3} response\b|\bcontainerd\b|\bResponse from daemon\b/i,
    steps: {
      'early-response-unread-body':
        'At the proxy before the registry: client_max_body_size 0 (nginx), proxy-body-size "0" (ingress); a layer is one request body',
      'path-mtu-blackhole':
        'On the Docker host: ping -M do -s 1472 REGISTRY, then smaller; set the MTU of the interface, or "mtu" in /etc/docker/daemon.json, to what passes',
      any: 'On the Docker host: journalctl -u docker of the same second; curl -v https://REGISTRY/v2/ from the host tells daemon from path',
    },
  },
  {
    product: 'curl',
    is: /\bcurl: \(\d{1,2}\)|\bcURL error \d/,
    steps: {
      'injected-reset':
        'curl -v the same URL directly and through the proxy, and another name through the same proxy: a reset for one name only is a filter; the proxy’s log (499, ABORTED) shows that the reset came from outside',
      'http2-stream-reset':
        'curl --http1.1 -v to compare; then the error log of the server or proxy in the same second',
      any: 'curl -v --trace-time shows at which step it ended ("Re-using existing connection" before it means a reused one)',
    },
  },
  {
    product: 'Node.js server',
    is: /\bnode:_http_server\b|\bexpress\b|\bfastify\b|\bnext\.js\b|\bkeepAliveTimeout\b/i,
    steps: {
      [KEEPALIVE]:
        'In the Node server: server.keepAliveTimeout (5 s) above the idle time of the client or balancer before it, server.headersTimeout above that',
    },
  },
  {
    product: 'undici, fetch',
    is: /\bundici\b|\bfetch failed\b|\bother side closed\b|\bUND_ERR/,
    steps: {
      [KEEPALIVE]:
        'In undici: new Agent({ keepAliveTimeout }) (4 s unless the server gives a hint) below the server’s keep-alive timeout; a retry for what may run twice, or @whyreset/guard',
    },
  },
  {
    product: 'Node.js client',
    is: /\bsocket hang up\b|\bread ECONNRESET\b|\bnode:_http_client\b|\baxios\b/i,
    steps: {
      [KEEPALIVE]:
        'In the client: err.request.reusedSocket tells a reused connection; agentkeepalive freeSocketTimeout (or undici keepAliveTimeout) below the server’s keep-alive timeout; a retry where reusedSocket is true and the method may run twice',
    },
  },
  {
    product: 'aiohttp',
    is: /\baiohttp\b|\bServerDisconnectedError\b/,
    steps: {
      [KEEPALIVE]:
        'In aiohttp: TCPConnector(keepalive_timeout=…) (15 s) below the keep-alive timeout of the server (uvicorn 5 s, gunicorn 2 s), or raise timeout_keep_alive there',
    },
  },
  {
    product: 'uvicorn',
    is: /\buvicorn\b|\bfastapi\b/i,
    steps: {
      [KEEPALIVE]:
        'In uvicorn: --timeout-keep-alive (5 s) above the idle time of the client or proxy before it',
    },
  },
  {
    product: 'requests',
    is: /\brequests\.|\burllib3\b|\bhttpx\b|\bConnection aborted\b/,
    steps: {
      [KEEPALIVE]:
        'In Python: requests and urllib3 keep idle connections without limit: a Retry(connect=…, read=…, allowed_methods=…) on the adapter, or httpx Limits(keepalive_expiry=…) below the server’s keep-alive timeout',
      'early-response-unread-body':
        'Send the same request with a small body: if that gives a 413 or 401, the answer was lost behind the upload; look at the body limit in the server’s or proxy’s log',
    },
  },
  {
    product: 'Java client',
    is: /\bNoHttpResponseException\b|\borg\.apache\.http|\bokhttp\b|\bjava\.net\.http\b|\breactor\.netty\b|\bresttemplate\b|\bHttpConnectionOverHTTP\b|\bConnection prematurely closed\b/i,
    steps: {
      [KEEPALIVE]:
        'In the client: Apache HttpClient setConnectionTimeToLive and evictIdleConnections, OkHttp ConnectionPool(5, 20, SECONDS), reactor-netty maxIdleTime, Jetty setIdleTimeout: below the server’s keep-alive timeout',
      'http-version-mismatch':
        'Check host and port of the URL: the port may belong to another protocol (a broker, ZooKeeper, a TLS port); curl -v http://HOST:PORT/ from the same host shows what answers',
      'plaintext-to-tls-port':
        'Check scheme and port of the URL: openssl s_client -connect HOST:PORT tells whether it wants TLS',
      'middlebox-idle-silent-drop':
        'In the client: SO_KEEPALIVE on (SocketConfig.setSoKeepAlive(true)) with net.ipv4.tcp_keepalive_time below the firewall’s idle timeout; evict connections that were idle for some minutes',
    },
  },
  {
    product: 'Go',
    is: /\bnet\/http\b|\bhttp: server closed idle connection\b|\bread tcp \S+->|\bwrite tcp \S+->|\bdial tcp\b/,
    steps: {
      [KEEPALIVE]:
        'In Go: http.Transport.IdleConnTimeout (90 s) below the server’s keep-alive timeout; Go repeats only idempotent requests and those with an Idempotency-Key header or GetBody',
      'health-check-reset':
        'In Go: compare the addresses with the balancer’s; an HTTP(S) health check instead of TCP, or a filter in http.Server.ErrorLog, silences "TLS handshake error … EOF"',
    },
  },
  {
    product: 'gRPC',
    is: /\bgrpc\b|\brpc error\b|\btoo_many_pings\b|\bENHANCE_YOUR_CALM\b/i,
    steps: {
      'http2-stream-reset':
        'Compare the keepalive time of the client with the server’s KeepaliveEnforcementPolicy (MinTime 5 min, PermitWithoutStream false): the client must ping less often, or the server must permit it; MAX_CONNECTION_AGE sends GOAWAY as well',
      'max-requests-or-age':
        'On the server: MAX_CONNECTION_AGE and MAX_CONNECTION_AGE_GRACE; clients must retry on UNAVAILABLE',
      'state-lost':
        'On the client: keepalive time below the idle timeout of NAT and balancer (but not below the server’s MinTime)',
      any: 'GRPC_GO_LOG_SEVERITY_LEVEL=info GRPC_GO_LOG_VERBOSITY_LEVEL=99 (or GRPC_TRACE=connectivity_state,http_keepalive GRPC_VERBOSITY=debug) names who closed; keepalive and MAX_CONNECTION_AGE on both sides',
    },
  },
  {
    product: 'WebSocket',
    is: /\bwebsocket|\bwss?:\/\/|\bsocket\.io\b|\bclose 1006\b/i,
    steps: {
      'middlebox-idle-reset-at-expiry':
        'Send a ping of the protocol every 20 to 30 s, from server or client, and raise the idle timeout of each proxy on the way: nginx proxy_read_timeout (60 s), AWS ALB idle_timeout (60 s), HAProxy timeout tunnel',
      'state-lost':
        'Send a ping of the protocol every 20 to 30 s, from server or client; the smallest idle timeout of the path decides',
      any: 'The close code and how long the connection lived: a constant number of seconds is an idle timeout; ping every 20 to 30 s',
    },
  },
  {
    product: 'Azure',
    is: /\bazure\w*\b|\.windows\.net\b|\.azurewebsites\.net\b/i,
    steps: {
      'snat-port-reuse':
        'In the Azure portal: Diagnose and solve problems, SNAT port exhaustion (or the balancer’s metric SNAT connection count, failed); reuse one HttpClient (IHttpClientFactory, PooledConnectionLifetime), or a NAT gateway',
      'state-lost':
        'Azure drops flows that are idle for 4 minutes: TCP keep-alive below 240 s, or enableTcpReset on the balancer to see it at once',
    },
  },
  {
    product: '.NET',
    is: /\bSystem\.Net\b|\bHttpRequestException\b|(?<![-\w])HttpClient\b(?!\/)/,
    steps: {
      'snat-port-reuse':
        'In Azure: Diagnose and solve problems, SNAT port exhaustion; elsewhere netstat -s and the count of TIME_WAIT. One HttpClient for all (IHttpClientFactory), not one per request',
      [KEEPALIVE]:
        'In .NET: SocketsHttpHandler.PooledConnectionIdleTimeout (60 s) below the server’s keep-alive timeout',
      'tls-alert':
        'Which TLS versions does the server take: openssl s_client -connect HOST:443 -tls1_2. .NET Framework below 4.7 offers TLS 1.0 unless told: ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12, or SchUseStrongCrypto in the registry',
    },
  },
  {
    product: 'mail client',
    is: /\bnodemailer\b|\bsmtplib\b|\bsmtp-connection\b|\bphpmailer\b|\bcommand["']?\s?:\s?["']CONN["']/i,
    steps: {
      'connection-limit-reached':
        'From the client’s host: openssl s_client -connect HOST:465 (TLS at once, secure: true) or openssl s_client -starttls smtp -connect HOST:587 (secure: false). Does a 220 line come? If it does for one connection, the limit of connections per client is reached: use a pool (pool: true, maxConnections)',
      'client-not-allowed':
        'From the client’s host: nc -v HOST 587; no 220 line, and none from other addresses of that network: the provider refuses or its network blocks mail ports',
      'tls-alert':
        'From the client’s host: openssl s_client -connect HOST:465 or -starttls smtp -connect HOST:587 shows the version that is accepted; do not fix secureProtocol to TLSv1_method',
      'policy-reset':
        'From the client’s host: openssl s_client -connect HOST:465, and the same from another network: firewalls, antivirus and hosting providers block or intercept mail ports',
      any: 'In the client: logger: true, debug: true; does the failure come before the 220 greeting, or after a pause on a pooled connection?',
    },
  },
  {
    product: 'FTPS, mail',
    is: /\bpostfix\b|\bdovecot\b|\bsmtp\b|\bimap\b/i,
    steps: {
      'health-check-reset':
        'Compare the address with your monitoring; postscreen and fail2ban keep scanners away; the line itself is harmless',
      any: 'In the mail log: the session by its queue or process id, and the greylisting or rate limit of the other side',
    },
  },
  {
    product: 'Linux kernel',
    is: /\bPossible SYN flooding\b|\bnf_conntrack\b|\bTCP: \w/,
    steps: {
      'syn-queue-overflow':
        'On the host: ss -ltn sport = :PORT (Recv-Q against Send-Q) and nstat -az TcpExtListenOverflows: with overflows the program accepts too slowly: raise its listen backlog and net.core.somaxconn; without, raise net.ipv4.tcp_max_syn_backlog',
      'snat-port-reuse':
        'On the host: sysctl net.netfilter.nf_conntrack_count against nf_conntrack_max; raise it, or exempt flows from tracking; new connections are dropped until then',
      'policy-drop':
        'On the host: sysctl net.netfilter.nf_conntrack_count against nf_conntrack_max; raise it, or exempt flows from tracking; new connections are dropped until then',
    },
  },
];
