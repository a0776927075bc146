import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Azure',
    source: 'learn.microsoft.com Application Gateway diagnostics (error_info), Front Door errorInfo',
    service: 'http',
    reporter: 'proxy',
    marks: ['azure', 'balancer'],
  },
  [
    {
      id: 'azure-closed',
      class: 'UPSTREAM-ENDED',
      marks: ['pool'],
      regexp: /\bERRORINFO_UPSTREAM_CLOSED_CONNECTION\b|\bOriginConnectionAborted\b/,
      examples: ['"error_info":"ERRORINFO_UPSTREAM_CLOSED_CONNECTION"'],
    },
    {
      id: 'azure-refused',
      class: 'REFUSED',
      ended: 'unclear',
      regexp: /\bOriginConnectionRefused\b|\bOriginConnectionError\b/,
      examples: ['"errorInfo":"OriginConnectionRefused"'],
    },
    {
      id: 'azure-timeout',
      class: 'TIMEOUT',
      marks: ['long-request'],
      regexp: /\bERRORINFO_UPSTREAM_TIMED_OUT\b|\bOriginTimeout\b/,
      examples: ['"error_info":"ERRORINFO_UPSTREAM_TIMED_OUT"'],
    },
    {
      id: 'azure-no-live',
      class: 'NO-UPSTREAM',
      strength: 'decisive',
      marks: ['said-no-upstream'],
      regexp: /\bERRORINFO_UPSTREAM_NO_LIVE\b/,
      examples: ['"error_info":"ERRORINFO_UPSTREAM_NO_LIVE"'],
    },
    {
      id: 'azure-client',
      class: 'CLIENT-GONE',
      regexp: /\bERRORINFO_CLIENT_CLOSED_REQUEST\b|\bClientDisconnected\b/,
      examples: ['"error_info":"ERRORINFO_CLIENT_CLOSED_REQUEST"'],
    },
    {
      id: 'azure-gateway-502',
      class: 'UPSTREAM-ENDED',
      strength: 'hint',
      regexp: /\bWeb server received an invalid response while acting as a gateway or proxy server\b/,
      examples: ['502 - Web server received an invalid response while acting as a gateway or proxy server.'],
    },
    {
      id: 'azure-sql',
      class: 'SESSION-KILL',
      service: 'database',
      program: 'Azure SQL',
      strength: 'decisive',
      marks: ['said-shutdown'],
      regexp:
        /\bError(?: Number)?: ?(?:40613|40197|40501|49918|10928)\b|\bis not currently available\. Please retry the connection later\b/,
      examples: [
        "Database 'shop' on server 'sql1' is not currently available. Please retry the connection later.",
      ],
    },
  ],
);
