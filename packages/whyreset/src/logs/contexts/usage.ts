import { defineContexts } from '../context.ts';

/** How the connection was used, in log fields and in people's words. */
export default defineContexts([
  {
    regexp:
      /\breusedSocket["']?\s?[:=]\s?true\b|\bRe-using existing (?:http[s]? )?connection\b|\breused=true\b|"reused":\s?true|\bon a reused connection\b/i,
    marks: ['reused', 'pool'],
    example: 'reusedSocket: true',
  },
  {
    regexp:
      /\breusedSocket["']?\s?[:=]\s?false\b|"reused":\s?false|\bon (?:a|every|each) (?:new|fresh) connection\b/i,
    marks: ['fresh'],
    example: 'reusedSocket: false',
  },
  {
    regexp: /\b(?:POST|PATCH)\b(?= |["']|:)|\bPost "https?:|\bmethod["']?\s?[:=]\s?["']?(?:post|patch)\b/,
    marks: ['not-idempotent'],
    example: 'POST /orders',
  },
  {
    regexp:
      /\b(?:keep-?alive|keepalive|connection pool|pooled connection|PoolingHttpClient|http\.Agent|requests\.Session|HttpClientFactory)\b/i,
    marks: ['pool'],
    example: 'a keepalive connection',
  },
  {
    regexp:
      /\b(?:after|when|while|being|has been|was|were|been|sitting|left|goes|stays?) (?:some |a (?:long |while |period of )?|being |it |long |periods? of )?(?:time )?(?:of )?(?:idle|inactiv\w+|idling|unused|quiet|no activity)\b|\b(?:sat|sits|stays?|stayed|went|left) idle\b|\bidle (?:for|time|connection|socket|client|period|session)\b|\binactiv(?:e|ity)\b|\b(?:over|after a|every) ?night\b|\bovernight\b|\bfirst (?:request|query|call|command|packet|message) (?:of the day|in the morning|after|fails)\b|\b(?:a while|some time|long time|period of time|few (?:minutes|hours)) (?:of|without)\b|\bafter (?:a )?(?:a while|some time|few minutes|\d{1,3} (?:min|minutes|hours?) (?:of (?:idle|inactiv\w+|no|silence)|idle))\b|\bno traffic\b|\bquiet (?:time|period|phase)\b|\bsilence\b|\blow traffic\b|\bnot been used\b|\binfrequent\w*\b|\bsleep(?:s|ing)?\b(?: for | between |\()/i,
    marks: ['idle-before'],
    example: 'it fails when the connection was idle for an hour',
  },
  {
    regexp:
      /\blast packet (?:successfully )?(?:received|sent)[^\n]{0,60}? was [\d,.]{5,15} (?:milli)?seconds ago\b/,
    marks: ['idle-before'],
    example: 'The last packet successfully received from the server was 7,893,852 milliseconds ago.',
  },
  {
    regexp:
      /\b(?:every|exactly(?: after)?|after exactly|precisely(?: after)?|always after|always at|each) (?:about |around |roughly |exactly |~ ?)?(?:\d{1,5}|an?|few|couple of|thirty|sixty|five|ten|fifteen|twenty)?\s?(?:s|sec|secs|second|seconds|min|mins|minute|minutes|hour|hours|h|m)\b|\bregular intervals?\b|\bfixed interval\b|\blike clockwork\b|\bperiodically\b/i,
    marks: ['interval'],
    example: 'disconnects every 60 seconds',
  },
  {
    regexp:
      /\b(?:random(?:ly)?|sporadic(?:ally)?|intermittent(?:ly)?|occasional(?:ly)?|sometimes|once in a while|from time to time|flaky|not always|rarely|1 (?:in|out of) \d{2,7}|a (?:small )?(?:fraction|percentage) of)\b/i,
    marks: ['random'],
    example: 'sporadically',
  },
  {
    regexp:
      /\bafter (?:exactly |about )?\d{1,9} requests\b|\bevery \d{2,6}(?:th|st|nd|rd)? requests?\b|\bkeepalive_requests\b|\bMaxKeepAliveRequests\b/i,
    marks: ['request-count', 'reused'],
    example: 'after 100 requests',
  },
  {
    regexp:
      /\b(?:upload\w*|uploading|multipart|PUT \/|Content-Length: \d{7,}|docker push|git push|pushing|Writing objects|request body|pass request body|sending request|bulk|attachment|large file|big file|backup)\b/i,
    marks: ['upload'],
    example: 'Writing objects: 100%',
  },
  {
    regexp:
      /\b(?:large|big|huge|bigger|larger) (?:file|files|body|bodies|request|requests|payload|payloads|upload|uploads|response|responses|message|messages|image|images|object|objects|query|queries|layer|layers|repo\w*|download\w*|packet\w*)\b|\bfile size\b|\b(?:more|larger|greater|bigger) than \d{1,6} ?(?:k|m|g)i?b\b/i,
    marks: ['large-body'],
    example: 'a large file',
  },
  {
    regexp:
      /\b(?:only|just) (?:for |with |on |when )?(?:large|big|larger|bigger|long)\w*\b|\bsmall(?:er)? (?:ones?|files?|requests?|responses?|messages?|images?|packets?|payloads?|repl\w+)\b[^\n]{0,40}\b(?:work|fine|ok|pass|succeed|go through)\w*|\bping works?\b|\bhello-world\b/i,
    marks: ['large-only'],
    example: 'only with large files; small files work',
  },
  {
    regexp:
      /\b(?:MTU|MSS|fragment\w*|jumbo|DF bit|message too long|packet too big|path mtu|pmtu\w*|needs? fragmentation|frag needed)\b/i,
    marks: ['mtu'],
    example: 'set the MTU to 1400',
  },
  {
    regexp:
      /\b(?:long[- ](?:running|query|request|poll\w*|transaction|job|operation|report)|slow query|slow request|takes? (?:more|longer) than|heavy (?:query|report))\b/i,
    marks: ['long-request'],
    example: 'a long-running query',
  },
  {
    regexp:
      /\b(?:all (?:connections|clients|pods|workers|sockets) (?:at once|at the same time|simultaneously|dropped|failed|lost)|at the same (?:time|moment|second)|simultaneous(?:ly)?|mass disconnect\w*|in one instant|everything disconnect\w*)\b/i,
    marks: ['many-at-once'],
    example: 'all clients drop at the same time',
  },
  {
    regexp:
      /\b(?:concurren\w+|burst\w*|spike\w*|load test\w*|stress test\w*|under (?:heavy |high )?load|high (?:load|traffic|throughput)|many (?:parallel|simultaneous|clients|connections)|parallel|peak (?:hours?|traffic|load)|flood\w*|\b(?:ab|wrk|jmeter|k6|locust|hey|siege)\b (?:-\w|test|run))\b/i,
    marks: ['concurrent'],
    example: 'under heavy load',
  },
  {
    regexp:
      /\b(?:restart\w*|redeploy\w*|deploy(?:s|ed|ing|ment|ments)?|rollout|rolling update|upgrade[ds]?|failover|failed over|scal(?:e|ed|ing) (?:up|down|in|out)|evict\w*|drain(?:ed|ing)?|SIGTERM|shut(?:ting)? ?down|reboot\w*|maintenance|patching|Booting worker|new pod)\b|\b(?:pod|container|task|instance|backend|upstream) (?:is |was |gets? |has been )?(?:terminat|delet|kill|clos|restart|stop|replac)\w*/i,
    marks: ['restart'],
    example: 'after a redeploy',
  },
  {
    regexp:
      /\b(?:when(?:ever)?|each time|every time|once|if|during|after|while) (?:\w{1,20} ){0,4}?(?:pods?|containers?|tasks?|instances?|backend|upstream|server|service|deployment|replica|node|rollout|rolling update|deploy) (?:is |are |was |were |gets? |has been |being )?(?:terminat|delet|kill|clos|restart|stop|replac|redeploy|scal(?:ed|ing) down|rolled|rolling|shut)\w*|\b(?:triggered by|with every|at every|at each|upon) (?:the |a )?(?:shutdown|restart|reboot|redeploy)\b|\bfull system restart\b|\b(?:during|on (?:each|every|a)|after (?:each|every|a)) (?:rolling update|rollout|deploy(?:ment)?|redeploy(?:ment)?|release|restart)s?\b/i,
    marks: ['when-restarted', 'restart'],
    example: 'whenever a pod is terminated',
  },
  {
    regexp:
      /\b(?:service|duration|elapsed|took|latency|response[_ ]?time|request_time|upstream_response_time|active_time|rt)["']?\s?[=:]?\s?["']?(?:(?:[3-9]\d{3}|\d{5,7})(?:\.\d{1,6})?\s?ms\b|(?:[3-9]|\d{2,4})(?:\.\d{1,6})?\s?s(?:ec|econds)?\b|(?:[3-9]|\d{2,4})\.\d{3}\b)/i,
    marks: ['took-long'],
    example: 'connect=0ms service=15813ms status=503',
  },
  {
    regexp: /\b(?:SIGKILL|kill -9|was killed|got killed|Killed process|out of memory|OOM|memory limit)\b/,
    marks: ['killed'],
    example: 'the worker got killed: OOM',
  },
  {
    regexp:
      /\b(?:segfault|SIGSEGV|core dump(?:ed)?|crash(?:ed|es|ing)?|panic(?:ked|s)?(?! at\b)|unhandled exception|uncaught exception)\b/i,
    marks: ['crash'],
    example: 'the process crashed',
  },
  {
    regexp:
      /\b(?:cancel(?:l?ed|s|ling)?|user (?:closed|navigated|left|aborted)|closed (?:the )?(?:tab|page|browser)|abort controller|AbortController|navigat\w+ away)\b/i,
    marks: ['cancelled'],
    example: 'the user closed the tab',
  },
  {
    regexp:
      /\b(?:max[_ ]?connections|connection limit|too many (?:connections|clients|sessions)|maxclients|max_clients|MaxStartups|MaxSessions|maxconn|worker_connections|circuit breaker)\b/i,
    marks: ['said-too-many'],
    example: 'max_connections',
  },
  {
    regexp:
      /\b(?:backlog|somaxconn|listen queue|accept queue|ListenOverflows|listen drops?|tcp_abort_on_overflow)\b/i,
    marks: ['backlog'],
    example: 'somaxconn',
  },
  {
    regexp: /\bSNAT\b|\bport exhaustion\b|\bephemeral ports?\b|\bEADDRNOTAVAIL\b|\boutbound connections?\b/i,
    marks: ['port-exhaustion'],
    example: 'SNAT port exhaustion',
  },
  {
    regexp:
      /\bwebsockets?\b|\bwss?:\/\/|\bsocket\.io\b|\bserver-sent events\b|\bEventSource\b|\btext\/event-stream\b|\bstreaming (?:api|response|connection)\b|\blong[- ]?poll\w*\b/i,
    marks: ['idle-before'],
    example: 'wss://example.com/ws',
  },
  {
    regexp: /\bretransmi\w+\b|\bpacket loss\b|\bpackets? lost\b|\bdup(?:licate)? acks?\b/i,
    marks: ['retransmission'],
    example: 'TCP Retransmission',
  },
  {
    regexp: /\btermination grace\b|\bgraceful\w*\b|\bpreStop\b/i,
    marks: ['restart'],
    example: 'preStop hook',
  },
  {
    regexp:
      /\bClusterIP\b|\bNodePort\b|\bkube-proxy\b|\bIPVS\b|\b(?:real|backend) (?:pod )?IP\b|\bpod IP\b|\bDNAT\b|\bun-?NAT\w*|\b(?:client|pod|node)\b[^.\n]{0,40}\bsends? (?:an? )?(?:TCP )?RST\b/i,
    marks: ['conntrack', 'kubernetes'],
    example: 'through a ClusterIP service the client pod sends a RST to the pod IP',
  },
  {
    regexp: /\bBuffer 16 03 0[0-4]\b|\b0x16 ?0x03\b|\bx16\\{1,4}x03\b/i,
    marks: ['tls-to-plain'],
    example: 'rawPacket: <Buffer 16 03 01 02 00>',
  },
  {
    regexp:
      /\b(?:watch(?:es|ing|er)?|subscri\w+|listen(?:er|ing)? (?:for|on|connection)|tail(?:ing)?|follow(?:ing)?|change ?stream|replication|logical decoding|long-lived|persistent connection|event stream|informer|streaming)\b/i,
    marks: ['long-lived'],
    example: 'Watch services unexpectedly closed',
  },
  { regexp: /\bdownload\w*\b|\bdownloading\b/i, marks: ['download'], example: 'downloading a big file' },
  {
    regexp:
      /(?:^|\s)\/simple\/[\w.-]+\/|\bfiles\.pythonhosted\.org\b|\bpypi\.org\b|\brubygems\.org\b|\brepo1?\.maven\b|\bregistry\.npmjs\.org\b|\bproxy\.golang\.org\b|\bcrates\.io\b|\bpackagist\.org\b|^E: Failed to fetch https?:|^Err:\d{1,4} https?:|\bdeb\.debian\.org\b|\barchive\.ubuntu\.com\b/im,
    marks: ['registry'],
    example: 'after connection broken: /simple/pip/',
  },
]);
