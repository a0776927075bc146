import type { EndingId } from '../../logs/endings.ts';

/** Where to look first for a cause, whatever the product: sentences without a final stop. */
export const causeSteps: Readonly<Record<string, string>> = {
  'no-listener':
    'On the server: ss -ltnp shows what listens on that port and on which address (127.0.0.1 is not reachable from outside); in a container use its published port or service name, not localhost',
  'firewall-reject':
    'On the server: nft list ruleset, or iptables -S; look for REJECT. A refusal that comes faster than a ping round trip was made by a box before the server',
  'accept-queue-overflow-drop':
    'On the server: ss -ltn (Recv-Q above Send-Q means a full queue) and nstat -az TcpExtListenOverflows; raise the listen backlog and net.core.somaxconn together, and accept faster',
  'accept-queue-overflow-reset':
    'On the server: nstat -az TcpExtListenOverflows TcpExtTCPAbortOnOverflow, and sysctl net.ipv4.tcp_abort_on_overflow (set it to 0)',
  'syn-queue-overflow':
    'On the server: nstat -az TcpExtTCPReqQFullDrop TcpExtTCPReqQFullDoCookies TcpExtListenOverflows; raise the listen backlog, net.core.somaxconn and net.ipv4.tcp_max_syn_backlog',
  'descriptor-exhaustion':
    'On the server: compare ls /proc/PID/fd | wc -l with "Max open files" in /proc/PID/limits; raise LimitNOFILE, and find what leaks',
  'connection-limit-reached':
    'On the server: compare the number of connections (ss -tn state established "( sport = :PORT )" | wc -l) with the limit of the program, and look for its message about it',
  'client-not-allowed':
    'At the service: compare the access list with the address that the server sees (curl https://ifconfig.me on the client’s network); hosts.deny, fail2ban and IP allow lists close before any greeting',
  'no-healthy-target':
    'At the balancer: read the health of its targets, and why the checks fail; the client’s error follows from it',
  'listener-closed-with-queue':
    'On the server: compare the second of the error with the second in which the program was stopped or started; drain before closing the listener',
  'stale-four-tuple':
    'On the server: ss -tn "( sport = :PORT )" | grep CLIENT shows an old connection with the same ports; nstat -az TcpExtTCPSYNChallenge grows',
  'snat-port-reuse':
    'At the address translator: read its SNAT port metric (Azure: Diagnose and solve problems, SNAT port exhaustion; AWS NAT gateway: ErrorPortAllocation; GCP: dropped_sent_packets_count). On the host: ss -s, and sysctl net.ipv4.ip_local_port_range. Reuse connections, add addresses',
  'reset-of-unexpected-syn-ack':
    'On the client: compare its connect timeout with the round trip, and look for two routes to the server (ip route get ADDRESS)',
  'policy-drop':
    'From the client: nc -vz HOST PORT; on the server: tcpdump for the SYN. Where it does not arrive, look at security groups, firewalls and the route back',
  'plaintext-to-tls-port':
    'From the client: openssl s_client -connect HOST:PORT. If that completes a handshake, the port wants TLS: change the scheme or switch TLS on',
  'tls-to-plaintext-port':
    'From the client: curl -v http://HOST:PORT/. If that answers, the port speaks plain text: change the scheme, or put TLS on the server',
  'tls-alert':
    'From the client: openssl s_client -connect HOST:PORT -servername HOST shows the alert, the certificate chain and the versions on offer',
  'http-version-mismatch':
    'From the client: printf "" | nc HOST PORT and openssl s_client -connect HOST:PORT -alpn h2,http/1.1 show what the port speaks; check the port number in the configuration',
  'proxy-protocol-mismatch':
    'Compare both sides: send-proxy or proxy_protocol at the balancer, and the listener that must expect it (or must not)',
  'injected-reset':
    'From the same client: the same request to another name at the same address. If only one name is reset, a box reads the name; a capture at both ends proves that the server sent no RST',
  'policy-reset':
    'At the firewall, proxy or WAF: find the session in its log by address and second; its end reason names the rule',
  'http2-stream-reset':
    'Read the error code: NO_ERROR is a drain, ENHANCE_YOUR_CALM too many pings or streams, INTERNAL_ERROR and PROTOCOL_ERROR are faults of the server or its proxy: read their error log of the same second',
  'mptcp-subflow-reset': 'On either host: ss -M, and nstat -az MPTcpExtMPRstRx',
  'max-requests-or-age':
    'At the server: read its limit of requests or age per connection (nginx keepalive_requests 1000, Apache MaxKeepAliveRequests 100, MAX_CONNECTION_AGE of gRPC), and whether it was redeployed; on the client repeat the request once on a new connection: a GOAWAY names the last stream that was processed',
  'process-died':
    'On the server: dmesg -T | grep -i -E "killed process|segfault", the supervisor’s log, exit code and restart count of the same second',
  'worker-killed':
    'On the server: the supervisor’s log of the same second, and its time limit against the duration of the request',
  'closed-without-answer':
    'At the server: its log of the same second for this request: a handler that ends the connection (panic, destroy(), return 444, a limit of the program)',
  'window-stayed-closed':
    'On the client while it hangs: ss -tnoi dst HOST shows "timer:(persist,…)" and a full Send-Q; on the server: ss -tn shows the full Recv-Q of that connection, and a stack dump of its process what it waits for',
  'unread-data-at-close':
    'On the server: its access and error log of the same second (a 413, a 401, a body limit, an exception before the body was read); nstat -az TcpExtTCPAbortOnClose before and after grows with each such reset',
  'abort-by-linger-zero':
    'On the side that resets: nstat -az TcpExtTCPAbortOnData TcpExtTCPAbortOnClose; look for SO_LINGER 0, resetAndDestroy() or destroy() in its code',
  'write-after-close':
    'In the program that wrote: treat the end of the stream as the end, and look for what made the other side close (its log of the same second)',
  'early-response-unread-body':
    'At the server and every proxy before it: look for a 413, 401 or redirect in the access log of the same second, and compare the body limit with the size that was sent',
  'server-timeout-on-slow-client':
    'At the server: its limits for headers, body and request against the time that the client needs; the age of the connection at the error is the limit',
  'client-gave-up':
    'On the client: its timeout, and whether the request was cancelled; at the server: how long the request took',
  'tcp-memory-exhausted':
    'On the host: dmesg | grep -i tcp, cat /proc/net/sockstat against sysctl net.ipv4.tcp_mem and tcp_max_orphans',
  'administrative-kill':
    'Compare the second of the error with deploys, failovers, scaling and shutdowns of the server; drain connections before the stop',
  'fin-wait-expiry':
    'On the side that closed: sysctl net.ipv4.tcp_fin_timeout, and ss -tn state fin-wait-2 -o',
  'retransmission-give-up':
    'On the client while it hangs: ss -tnoi dst HOST shows "timer:(on,…)", a growing backoff and unacked; then mtr to the server, and whether its host lives',
  'path-mtu-blackhole':
    'From the client: ping -M do -s 1472 HOST, then smaller until it answers. If 1472 vanishes and 1400 passes, lower the MTU of the interface (or of the container network), or clamp the MSS on the router',
  'unnatted-reply':
    'On the node: conntrack -S (invalid grows) and sysctl net.netfilter.nf_conntrack_tcp_be_liberal (set it to 1), or drop INVALID packets before NAT',
  'sequence-rewritten':
    'At the firewall: switch sequence randomisation off for this flow, or SACK off at the hosts to test it',
  'timestamps-went-back': 'On the receiver: nstat -az TcpExtPAWSEstab TcpExtPAWSActive while it fails',
  'firewall-reject-mid-connection': 'At the firewall: which rule was added or changed in that second',
  'keep-alive-race-crossing':
    'Compare two numbers: how long the client’s pool keeps idle connections, and the keep-alive timeout of the server. The client’s must be smaller. To test it, switch keep-alive off for an hour',
  'keep-alive-race-unread':
    'Compare two numbers: how long the client’s pool keeps idle connections, and the keep-alive timeout of the server. The client’s must be smaller. To test it, switch keep-alive off for an hour',
  'stale-pool-reuse':
    'Compare two numbers: how long the client’s pool keeps idle connections, and the keep-alive or session timeout of the server. The client’s must be smaller, or the pool must test a connection before it hands it out',
  'closed-before-own-hint':
    'Compare the Keep-Alive header of the server (curl -v) with the time after which it really closes',
  'middlebox-idle-reset-on-next-packet':
    'List what lies between client and server (NAT gateway, balancer, firewall) and its idle timeout: 350 s AWS NLB and NAT gateway, 240 s Azure, 600 s GCP, 900 s IPVS. Then send TCP keep-alive more often than that: ss -tno shows "timer:(keepalive,…)" if it is on',
  'middlebox-idle-reset-at-expiry':
    'Measure how long the connection was quiet when it ended; compare it with the idle timeout of each balancer on the way (60 s AWS ALB and many proxies, 100 s Cloudflare). Send a ping more often than the smallest, or raise it',
  'middlebox-idle-silent-drop':
    'On the client while it hangs: ss -tnoi dst HOST shows unacked data and a growing backoff. List NATs, firewalls and balancers between the two with their idle timeouts; send TCP keep-alive more often than the smallest, and set a pool idle time below it',
  'peer-lost-state':
    'On the server: uptime, the time of the last failover, and which host holds the address now',
  'close-not-seen':
    'Capture at both ends: the FIN or RST of the other side is in the one and not in the other; look at what lies between (a firewall that forgot the connection, packet loss)',
  'nat-rebinding':
    'At the server: the same client appears with another source port after a pause; send keep-alive more often than the NAT forgets',
  'keepalive-gave-up':
    'On the server’s host: was it gone (power, network, migration) at the time of the last packet? Set a socket timeout and a shorter TCP keep-alive on the client (ss -tno shows the timer), so that it is found in seconds, not hours',
  'server-idle-kill':
    'At the server: its idle and session timeouts, against the pause before the error; let the pool close or test connections earlier',
  'client-reset-after-response': 'Nothing to repair. Lower the log level for this line, or leave it',
  'late-packet-after-close': 'Nothing to repair: both sides had ended the connection',
  'health-check-reset':
    'Nothing to repair. Compare the client address with your balancers, health checks and monitors; then let the check speak the protocol (an HTTP check instead of TCP), or filter the line',
  'server-reset-after-response': 'Nothing to repair: the exchange was over',
  'next-address-accepted':
    'Nothing to repair if the next address answered; bring localhost and ::1 in line otherwise',
  'blind-reset-ignored': 'Nothing to repair: the connection outlived it',
};

/** Where to look for an ending that no cause of a connection stands behind. */
export const endingSteps: Readonly<Partial<Record<EndingId, string>>> = {
  'NO-ADDRESS':
    'On the client: getent hosts NAME and cat /etc/resolv.conf; in Kubernetes nslookup NAME in the pod, and the log of CoreDNS. A name that is found only sometimes points to the resolver, not to the server',
};
