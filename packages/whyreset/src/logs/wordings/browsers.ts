import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Browser',
    source: 'Chromium net/base/net_error_list.h; Firefox netwerk NS_ERROR codes; Safari CFNetwork',
    service: 'http',
    marks: ['browser'],
  },
  [
    {
      id: 'chrome-reset',
      class: 'RST-READ',
      regexp:
        /\bERR_CONNECTION_RESET\b|\bNS_ERROR_NET_RESET\b|\bPR_CONNECT_RESET_ERROR\b|\bThe connection was reset\b/,
      examples: ['net::ERR_CONNECTION_RESET', 'NS_ERROR_NET_RESET', 'PR_CONNECT_RESET_ERROR'],
    },
    {
      id: 'chrome-closed',
      class: 'CLOSED',
      stage: 'waiting',
      regexp:
        /\bERR_CONNECTION_CLOSED\b|\bNSURLErrorDomain[^\n]{0,20}-1005\b|\bThe network connection was lost\b/,
      examples: [
        'net::ERR_CONNECTION_CLOSED',
        'Error Domain=NSURLErrorDomain Code=-1005 "The network connection was lost."',
      ],
    },
    {
      id: 'chrome-empty',
      class: 'EOF',
      regexp:
        /\bERR_EMPTY_RESPONSE\b|\bdidn’t send any data\b|\bdidn't send any data\b|\bNS_ERROR_NET_EMPTY_RESPONSE\b/,
      examples: ['net::ERR_EMPTY_RESPONSE'],
    },
    {
      id: 'chrome-refused',
      class: 'REFUSED',
      regexp:
        /\bERR_CONNECTION_REFUSED\b|\bNS_ERROR_CONNECTION_REFUSED\b|\brefused to connect\b|\bNSURLErrorDomain[^\n]{0,20}-1004\b/,
      examples: ['GET http://localhost:3000/ net::ERR_CONNECTION_REFUSED'],
    },
    {
      id: 'chrome-timed-out',
      class: 'TIMEOUT-CONNECT',
      regexp: /\bERR_(?:CONNECTION_)?TIMED_OUT\b|\bNS_ERROR_NET_TIMEOUT\b|\btook too long to respond\b/,
      examples: ['net::ERR_CONNECTION_TIMED_OUT', 'net::ERR_TIMED_OUT'],
    },
    {
      id: 'chrome-aborted',
      class: 'LOCAL-ABORT',
      marks: ['cancelled'],
      regexp: /\bERR_ABORTED\b|\bNS_BINDING_ABORTED\b|\(canceled\)|\bERR_CONNECTION_ABORTED\b/,
      says: 'The page or the browser itself gave the request up: navigation, an extension, abort().',
      examples: ['GET https://example.com/x net::ERR_ABORTED', 'NS_BINDING_ABORTED'],
    },
    {
      id: 'chrome-network-changed',
      class: 'LOCAL-ABORT',
      regexp: /\bERR_NETWORK_CHANGED\b|\bERR_INTERNET_DISCONNECTED\b|\bERR_NETWORK_IO_SUSPENDED\b/,
      says: 'The network of the client changed (WLAN, VPN, standby).',
      marks: ['vpn'],
      examples: ['net::ERR_NETWORK_CHANGED', 'net::ERR_NETWORK_IO_SUSPENDED'],
    },
    {
      id: 'chrome-mid',
      class: 'EOF-MID',
      regexp:
        /\bERR_CONTENT_LENGTH_MISMATCH\b|\bERR_INCOMPLETE_CHUNKED_ENCODING\b|\bNS_ERROR_NET_PARTIAL_TRANSFER\b/,
      ended: 'unclear',
      examples: ['net::ERR_INCOMPLETE_CHUNKED_ENCODING 200 (OK)', 'net::ERR_CONTENT_LENGTH_MISMATCH'],
    },
    {
      id: 'chrome-ssl',
      class: 'TLS-EOF',
      ended: 'unclear',
      regexp: /\bERR_SSL_PROTOCOL_ERROR\b|\bSSL_ERROR_RX_RECORD_TOO_LONG\b|\bPR_END_OF_FILE_ERROR\b/,
      marks: ['tls-alert', 'tls-to-plain'],
      says: 'The TLS handshake failed: the port may speak plain text, or a box closed it.',
      examples: ['net::ERR_SSL_PROTOCOL_ERROR', 'PR_END_OF_FILE_ERROR', 'SSL_ERROR_RX_RECORD_TOO_LONG'],
    },
    {
      id: 'chrome-cert',
      class: 'TLS-ALERT',
      regexp: /\bERR_CERT_[A-Z_]{4,40}\b|\bERR_BAD_SSL_CLIENT_AUTH_CERT\b|\bSEC_ERROR_[A-Z_]{4,40}\b/,
      marks: ['certificate'],
      examples: ['net::ERR_CERT_AUTHORITY_INVALID'],
    },
    {
      id: 'chrome-tunnel',
      class: 'NOT-ALLOWED',
      marks: ['through-proxy', 'said-not-allowed'],
      ended: 'unclear',
      regexp: /\bERR_TUNNEL_CONNECTION_FAILED\b|\bERR_PROXY_CONNECTION_FAILED\b/,
      examples: ['net::ERR_TUNNEL_CONNECTION_FAILED', 'net::ERR_PROXY_CONNECTION_FAILED'],
    },
    {
      id: 'chrome-invalid',
      class: 'HTTP-MISMATCH',
      marks: ['said-wrong-protocol'],
      regexp: /\bERR_INVALID_HTTP_RESPONSE\b|\bERR_RESPONSE_HEADERS_TRUNCATED\b/,
      examples: ['net::ERR_INVALID_HTTP_RESPONSE'],
    },
    {
      id: 'chrome-unreachable',
      class: 'UNREACHABLE',
      regexp: /\bERR_ADDRESS_UNREACHABLE\b/,
      examples: ['net::ERR_ADDRESS_UNREACHABLE'],
    },
    {
      id: 'chrome-name',
      class: 'NO-ADDRESS',
      regexp: /\bERR_NAME_NOT_RESOLVED\b|\bDNS_PROBE_FINISHED_\w{4,20}\b/,
      examples: ['net::ERR_NAME_NOT_RESOLVED'],
    },
    {
      id: 'chrome-failed',
      class: 'CLOSED',
      strength: 'hint',
      regexp:
        /\bnet::ERR_FAILED\b|\bTypeError: Failed to fetch\b|\bTypeError: Load failed\b|\bNetworkError when attempting to fetch resource\b/,
      says: 'The browser hides the reason from the page; the network panel and chrome://net-export show it. CORS looks the same.',
      examples: [
        'TypeError: Failed to fetch',
        'net::ERR_FAILED',
        'TypeError: NetworkError when attempting to fetch resource.',
      ],
    },
  ],
);
