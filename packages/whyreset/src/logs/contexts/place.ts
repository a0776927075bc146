import { defineContexts } from '../context.ts';

/** Where it happened: platforms, boxes on the path, kinds of clients. */
export default defineContexts([
  {
    regexp:
      /\b\S{1,100}\.svc(?:\.cluster\.local)?\b|\bkube(?:-proxy|let|ctl|rnetes|adm)?\b|\bk8s\b|\bpods?\b|\bnamespace[:=/]|\bistio\w*\b|\bsidecar\b|\bingress\b|\b(?:EKS|GKE|AKS|OpenShift|Rancher|k3s|minikube)\b|\bcalico\b|\bcilium\b|\bflannel\b|\bcontainers?\b|\bdocker\b/i,
    marks: ['kubernetes'],
    example: 'orders.shop.svc.cluster.local',
  },
  {
    regexp: /\bazure\w*\b|\.windows\.net\b|\.azurewebsites\.net\b|\bAKS\b|\bApp Service\b/i,
    marks: ['azure'],
    example: 'cache.redis.cache.windows.net',
  },
  {
    regexp:
      /\.amazonaws\.com\b|\bAWS\b|\bEC2\b|\bEKS\b|\bRDS\b|\bElastiCache\b|\b[AN]LB\b|\bELB\b|\bFargate\b|\bVPC\b|\bAurora\b/,
    marks: ['aws'],
    example: 'my-nlb-1.elb.eu-west-1.amazonaws.com',
  },
  {
    regexp:
      /\bGCP\b|\bGKE\b|\bCloud (?:Run|SQL|NAT|Functions)\b|\bGoogle Cloud\b|\bMemorystore\b|\.googleapis\.com\b|\bCompute Engine\b/,
    marks: ['gcp'],
    example: 'Google Cloud Run',
  },
  { regexp: /\b[Cc]loud[Ff]lare\b|\bcf-ray\b/i, marks: ['cloudflare', 'balancer'], example: 'cf-ray: 7d1' },
  {
    regexp: /\b(?:docker )?swarm\b|\bIPVS\b|\bipvsadm\b|\bingress network\b|\bendpoint_mode\b/i,
    marks: ['docker-swarm'],
    example: 'docker swarm VIP',
  },
  {
    regexp:
      /\bLambda\b|\bCloud Functions?\b|\bAzure Functions?\b|\bserverless\b|\bVercel\b|\bNetlify\b|\bCloud Run\b/i,
    marks: ['serverless'],
    example: 'AWS Lambda',
  },
  {
    regexp:
      /\bVPN\b|\bIPsec\b|\bWireGuard\b|\bOpenVPN\b|\bPPPoE\b|\bGRE\b|\btunnel(?:ed|ing)?\b|\bbridged?\b|\bVMware\b|\boverlay network\b|\bVXLAN\b|\bTailscale\b|\bZeroTier\b|\bHyper-V\b|\bWSL2?\b/i,
    marks: ['vpn'],
    example: 'over a WireGuard VPN',
  },
  {
    regexp:
      /\bload[ -]?balancer\b|\b(?:[ANC]LB|ELB|GFE|F5|BIG-IP|NetScaler|HAProxy|keepalived|LVS|MetalLB|Traefik|Application Gateway|Front Door)\b|\breverse proxy\b|\bX-Forwarded-For\b/i,
    marks: ['balancer'],
    example: 'behind a load balancer',
  },
  {
    regexp:
      /\bfirewalls?\b|\bNAT\b|\biptables\b|\bnftables\b|\bsecurity groups?\b|\b(?:Palo Alto|FortiGate|Fortinet|Checkpoint|Check Point|SonicWall|pfSense|OPNsense|Juniper SRX|Cisco ASA|Zscaler)\b|\bNACL\b|\bufw\b|(?<![\w/.[-])routers?\b(?![\w/.\]-])|\bCGNAT\b|\b(?:default|vpn|security|internet) gateway\b/i,
    marks: ['firewall'],
    example: 'a firewall between the two',
  },
  {
    regexp: /\bconntrack\b|\bnf_conntrack\b|\bctstate INVALID\b|\bbe_liberal\b/i,
    marks: ['conntrack'],
    example: 'conntrack -S',
  },
  {
    regexp:
      /\b(?:GFW|great firewall|censor\w*|DPI|in China|from China|mainland|Iran|Russia|ISP blocks?|blocked by (?:the )?ISP|Roskomnadzor|中国|国内|防火墙)\b|mainland China/i,
    marks: ['censorship', 'by-name'],
    example: 'from mainland China',
  },
  {
    regexp:
      /\b(?:corporate|company|school|university|office|enterprise) (?:network|proxy|firewall|laptop|vpn|LAN)\b|\b(?:WAF|IPS|IDS|antivirus|anti-virus|Zscaler|Netskope|Kaspersky|Avast|ESET|Bitdefender|McAfee|Sophos|endpoint protection|SSL inspection|TLS inspection|deep packet)\b/i,
    marks: ['firewall', 'by-name'],
    example: 'on the company network',
  },
  {
    regexp:
      /\bCONNECT \S{3,253}:\d{1,5} HTTP\/1|\bEstablish HTTP proxy tunnel\b|\bhttps?_proxy\b|\bProxy-Connection\b|\bforward proxy\b|\bsquid\b|\btunnel(?:ing)? socket could not be established\b/i,
    marks: ['through-proxy', 'by-name'],
    example: 'CONNECT www.example.com:443 HTTP/1.1',
  },
  {
    regexp:
      /\b(?:ELB-HealthChecker|kube-probe|GoogleHC|Amazon-Route53-Health-Check|HealthCheck|health[ -_]?checks?|healthz?|livez|readyz|liveness|readiness|Pingdom|UptimeRobot|Zabbix|Nagios|Blackbox|haproxy check|option tcp-check|tcp-?check|monitoring)\b/i,
    marks: ['health-check'],
    example: 'ELB-HealthChecker/2.0',
  },
  {
    regexp: /\b(?:scanner|port ?scan\w*|nmap|masscan|zgrab|Shodan|Censys|Nessus|Qualys|OpenVAS|bots?)\b/i,
    marks: ['scanner'],
    example: 'zgrab/0.x',
  },
  {
    regexp: /\bMozilla\/5\.0\b|\bChrome\/\d|\bFirefox\/\d|\bSafari\/\d|\bnet::ERR_|\bdevtools\b/i,
    marks: ['browser'],
    example: 'Mozilla/5.0',
  },
  {
    regexp: /\b(?:127\.0\.0\.1|localhost|::1)(?::\d{1,5})?\b/,
    marks: ['localhost'],
    example: 'localhost:3000',
  },
  {
    regexp:
      /\.mongodb\.net\b|\bAtlas\b|\.rds\.amazonaws\.com\b|\.database\.windows\.net\b|\.cosmos\.azure\.com\b|\bElastic Cloud\b|\bSupabase\b|\bNeon\b|\bPlanetScale\b|\bHeroku Postgres\b|\.upstash\.io\b|\.redis-?labs?\b|\.snowflakecomputing\.com\b|\bIP (?:access|allow|white)[ -]?list\b|\bwhitelist\w*\b|\ballow ?list\w*\b/i,
    marks: ['managed-service'],
    example: 'cluster0.abcde.mongodb.net',
  },
  {
    regexp:
      /\bregistry-?\d?\b|\bdocker (?:pull|push)\b|\bquay\.io\b|\bghcr\.io\b|\bnpm (?:install|ci|ERR)\b|\bpip install\b|\bapt(?:-get)? (?:update|install)\b|\bmaven\b|\bgradle\b/i,
    marks: ['registry'],
    example: 'registry-1.docker.io',
  },
  {
    regexp:
      /\bPROXY protocol\b|\bproxy_protocol\b|\bsend-proxy(?:-v2)?\b|\baccept-proxy\b|\bPROXY TCP[46]\b|\bproxy-protocol\b/i,
    marks: ['proxy-protocol'],
    example: 'listen 443 ssl proxy_protocol',
  },
  {
    regexp: /\bport (?:was )?wrong\b|\bwrong port\b|\bbogus\b|\bgot ['"]?\\?x1[56]|\\x16\\x03|\\x15\\x03/i,
    marks: ['said-wrong-protocol'],
    example: '\\x16\\x03\\x01',
  },
  {
    regexp:
      /\bhttp\/2 (?:preface|prior knowledge)\b|\bh2c\b|\bALPN\b|\bprior[- ]knowledge\b|\bHTTP\/2 cleartext\b|\bPRI \* HTTP\/2\b/i,
    marks: ['http-version'],
    example: 'PRI * HTTP/2.0',
  },
  {
    regexp:
      /\bsecurity\.protocol\b|\bSASL_SSL\b|\bSASL_PLAINTEXT\b|\bsslmode\b|\buseSSL\b|\bssl=(?:true|false)\b|\brequire_secure_transport\b|\bforce[_ ]ssl\b/i,
    marks: ['sasl-or-security'],
    example: 'security.protocol=PLAINTEXT',
  },
]);
