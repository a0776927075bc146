import { defineProduct } from '../wording.ts';

// Fields of an ALB access log: type time elb client target request_time target_time response_time elb_status target_status …
const alb = (rest: string): RegExp =>
  new RegExp(
    `\\bapp/\\S{1,120} \\S{1,60} \\S{1,60} -?[\\d.]{1,12} -?[\\d.]{1,12} -?[\\d.]{1,12} ${rest} `,
    'g',
  );
const line = (times: string, status: string, target = '10.0.0.2:3000'): string =>
  `https 2026-11-21T01:00:00.186641Z app/my-lb/50dc6c495c0c9188 10.0.0.9:2817 ${target} ${times} ${status} 34 366 "POST https://example.com:443/orders HTTP/1.1" "curl/8.0" - -`;

export default defineProduct(
  {
    program: 'AWS load balancers',
    source:
      'docs.aws.amazon.com ELB access logs and troubleshooting guide, CloudFront standard logs, API Gateway',
    service: 'http',
    reporter: 'proxy',
    marks: ['aws', 'balancer'],
  },
  [
    {
      id: 'alb-502-no-target-answer',
      class: 'UPSTREAM-ENDED',
      marks: ['pool'],
      regexp: alb('502 -'),
      says: 'The balancer made the 502 itself: no status from the target, which closed or reset the connection.',
      examples: [line('0.001 0.004 -1', '502 -'), line('-1 -1 -1', '502 -')],
    },
    {
      id: 'alb-502-target',
      class: 'ANSWERED',
      ended: 'neither',
      regexp: alb('50[023] 50[023]'),
      says: 'The target itself sent this status: the connection between balancer and target was in order. Look in the target’s own log.',
      examples: [line('0.001 0.004 0.000', '502 502')],
    },
    {
      id: 'alb-503',
      class: 'NO-UPSTREAM',
      strength: 'decisive',
      marks: ['said-no-upstream'],
      regexp: alb('503 -'),
      says: '503: the target group had no registered or healthy target.',
      examples: [line('-1 -1 -1', '503 -', '-')],
    },
    {
      id: 'alb-504',
      class: 'TIMEOUT',
      marks: ['long-request'],
      regexp: alb('504 -'),
      says: '504: the target did not connect within 10 s, or did not answer within the idle timeout (60 s unless set).',
      examples: [line('0.001 60.000 -1', '504 -')],
    },
    {
      id: 'alb-460',
      class: 'CLIENT-GONE',
      regexp: alb('460 \\S{1,4}'),
      says: '460: the client closed before the balancer could answer.',
      examples: [line('0.001 4.000 -1', '460 -')],
    },
    {
      id: 'alb-408',
      class: 'SESSION-KILL',
      strength: 'decisive',
      marks: ['said-slow-request'],
      regexp: alb('408 \\S{1,4}'),
      says: '408: the client sent no data before the idle timeout.',
      examples: [line('-1 -1 -1', '408 -')],
    },
    {
      id: 'alb-561',
      class: 'ANSWERED',
      strength: 'decisive',
      regexp: alb('(?:463|561|464) \\S{1,4}'),
      says: '463: too many X-Forwarded-For addresses. 464: the protocol version of request and target group differ. 561: the identity provider failed.',
      examples: [line('-1 -1 -1', '464 -')],
    },
    {
      id: 'cloudfront-origin',
      program: 'CloudFront',
      class: 'REFUSED',
      ended: 'unclear',
      regexp: /\bCloudFront (?:wasn't|was not) able to connect to the origin\b|\bOriginConnectError\b/,
      examples: ["CloudFront wasn't able to connect to the origin."],
    },
    {
      id: 'cloudfront-comm',
      program: 'CloudFront',
      class: 'UPSTREAM-ENDED',
      regexp: /\bOriginCommError\b|\bOriginReadError\b|\bOriginWriteError\b|\bOriginHeaderTooBigError\b/,
      examples: ['Error\tOriginCommError\thttps'],
    },
    {
      id: 'cloudfront-client',
      program: 'CloudFront',
      class: 'CLIENT-GONE',
      regexp: /\bClientCommError\b|\bClientHungUpRequest\b/,
      examples: ['Error\tClientCommError\thttps'],
    },
    {
      id: 'apigateway-timeout',
      program: 'API Gateway',
      class: 'TIMEOUT',
      strength: 'decisive',
      marks: ['long-request', 'number-request'],
      regexp: /\bEndpoint request timed out\b|\bINTEGRATION_TIMEOUT\b/,
      says: 'API Gateway gives an integration 29 s.',
      examples: ['{"message": "Endpoint request timed out"}'],
    },
    {
      id: 'apigateway-network',
      program: 'API Gateway',
      class: 'CLOSED',
      regexp: /\bNetwork error communicating with endpoint\b|\bINTEGRATION_FAILURE\b/,
      examples: ['Execution failed due to configuration error: Network error communicating with endpoint'],
    },
    {
      id: 'lambda-timed-out',
      program: 'AWS Lambda',
      class: 'PROCESS-ENDED',
      reporter: 'host',
      strength: 'decisive',
      marks: ['worker-timeout', 'serverless'],
      regexp: /\bTask timed out after [\d.]{1,9} seconds\b/,
      examples: ['2026-11-21T01:00:00.000Z 4f1a Task timed out after 3.00 seconds'],
    },
  ],
);
