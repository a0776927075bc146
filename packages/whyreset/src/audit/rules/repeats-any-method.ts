import { defineRule } from '../rule.ts';
import { placesOf, said, whereOf } from '../say.ts';

export default defineRule({
  id: 'repeats-any-method',
  severity: 'error',
  title: 'A proxy does not send a request again that may have been executed, unless its method allows it.',
  why: 'A reset or an end without an answer does not say whether the request was executed. A POST that is sent again then is executed twice.',
  sources: [
    'RFC 9110 §9.2.2',
    'nginx.org proxy_next_upstream',
    'envoyproxy.io x-envoy-retry-on',
    'docs.haproxy.org retry-on',
  ],
  bad: [
    {
      title: 'nginx, non_idempotent',
      files: {
        'nginx.conf':
          'http { server { listen 80; location / { proxy_pass http://127.0.0.1:3000; proxy_next_upstream error timeout non_idempotent; } } }',
      },
    },
    {
      title: 'HAProxy, all retryable errors',
      files: {
        'haproxy.cfg':
          'frontend web\n  bind :80\n  default_backend app\nbackend app\n  retry-on all-retryable-errors\n  server a 10.0.0.2:8080\n',
      },
    },
  ],
  good: [
    {
      title: 'HAProxy, without POST',
      files: {
        'haproxy.cfg':
          'frontend web\n  bind :80\n  default_backend app\nbackend app\n  retry-on all-retryable-errors\n  http-request disable-l7-retry if METH_POST\n  server a 10.0.0.2:8080\n',
      },
    },
    {
      title: 'nginx, as shipped',
      files: {
        'nginx.conf': 'http { server { listen 80; location / { proxy_pass http://127.0.0.1:3000; } } }',
      },
    },
  ],
  hop(hop) {
    const repeats = hop.connects.repeatsAny;
    if (repeats?.value !== true) return null;
    return {
      message: `${said(hop, 'sends requests of any method again after an end without an answer', repeats, () => '')}`,
      positions: placesOf([repeats, hop]),
      edits: [
        {
          at: null,
          where: whereOf(hop),
          text: INSTEAD[hop.product] ?? 'retry only GET, HEAD, OPTIONS, PUT and DELETE',
        },
      ],
    };
  },
});

const INSTEAD: Readonly<Record<string, string>> = {
  nginx: 'proxy_next_upstream error timeout;',
  haproxy: 'http-request disable-l7-retry if METH_POST',
  envoy: 'retry_on: connect-failure,refused-stream',
};
