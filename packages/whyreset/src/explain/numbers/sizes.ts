import type { Finding } from './kernel.ts';
import { thousands } from './words.ts';

const UNIT: Record<string, number> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const SIZE =
  /(?<![\w.])(\d{1,9}(?:\.\d{1,6})?) ?(k|m|g)i?b\b|\bContent-Length["']?[:=]? ?["']?(\d{5,15})\b|\b(\d{5,15}) bytes\b/gi;

/** Body limits unless they are set, in bytes. */
const LIMITS: readonly { is: RegExp; product: string; option: string; bytes: number; source: string }[] = [
  {
    is: /\bnginx\b|\bingress\b|\bgitlab\b/i,
    product: 'nginx',
    option: 'client_max_body_size',
    bytes: 1024 ** 2,
    source: 'nginx ngx_http_core_module',
  },
  {
    is: /\bexpress\b|\bbody-parser\b|\braw-body\b/i,
    product: 'Express',
    option: 'express.json({ limit })',
    bytes: 100 * 1024,
    source: 'body-parser readme',
  },
  {
    is: /\bPHP\b/,
    product: 'PHP',
    option: 'post_max_size',
    bytes: 8 * 1024 ** 2,
    source: 'php.ini-development',
  },
  {
    is: /\bexecute-api\b|\bAPI Gateway\b/i,
    product: 'API Gateway',
    option: 'not configurable',
    bytes: 10 * 1024 ** 2,
    source: 'AWS API Gateway quotas',
  },
  {
    is: /\blambda\b/i,
    product: 'AWS Lambda',
    option: 'not configurable',
    bytes: 6 * 1024 ** 2,
    source: 'AWS Lambda quotas',
  },
  {
    is: /\bes\.amazonaws\.com\b/i,
    product: 'Amazon OpenSearch (small instances)',
    option: 'instance type',
    bytes: 10 * 1024 ** 2,
    source: 'Amazon OpenSearch Service quotas',
  },
  {
    is: /\b_bulk\b|\belastic\w*\b|\bopensearch\b/i,
    product: 'Elasticsearch',
    option: 'http.max_content_length',
    bytes: 100 * 1024 ** 2,
    source: 'Elasticsearch networking settings',
  },
  {
    is: /\bcloudflare\b/i,
    product: 'Cloudflare',
    option: 'by plan',
    bytes: 100 * 1024 ** 2,
    source: 'Cloudflare upload limits',
  },
  {
    is: /\bkestrel\b|\bIIS\b|\baspnet\w*\b/i,
    product: 'Kestrel, IIS',
    option: 'MaxRequestBodySize, maxAllowedContentLength',
    bytes: 30_000_000,
    source: 'KestrelServerLimits',
  },
  {
    is: /\btomcat\b|\bcatalina\b/i,
    product: 'Tomcat',
    option: 'maxPostSize',
    bytes: 2 * 1024 ** 2,
    source: 'Tomcat HTTP connector',
  },
  {
    is: /\bspring\b/i,
    product: 'Spring',
    option: 'spring.servlet.multipart.max-file-size',
    bytes: 1024 ** 2,
    source: 'Spring Boot properties',
  },
  {
    is: /\bgrpc\b/i,
    product: 'gRPC',
    option: 'max receive message size',
    bytes: 4 * 1024 ** 2,
    source: 'gRPC documentation',
  },
  {
    is: /\bmysql\b|\bmariadb\b/i,
    product: 'MySQL',
    option: 'max_allowed_packet',
    bytes: 64 * 1024 ** 2,
    source: 'MySQL 8 manual',
  },
  {
    is: /\bkafka\b/i,
    product: 'Kafka',
    option: 'message.max.bytes',
    bytes: 1_048_588,
    source: 'Kafka configuration',
  },
];

/** A size of the text that lies above the limit of a product that it names. */
export function knownSize(text: string): Finding | null {
  const largest = Math.max(0, ...[...text.matchAll(SIZE)].map(bytesOf));
  const limit = LIMITS.find(({ is, bytes }) => largest > bytes && is.test(text));
  if (limit === undefined) return null;
  return {
    says: `${mebibytes(largest)} lies above ${mebibytes(limit.bytes)}, the limit of ${limit.product} unless it is set (${limit.option})`,
    source: limit.source,
    mark: 'number-size',
    certain: true,
  };
}

function bytesOf([, number, unit, length, bytes]: RegExpMatchArray): number {
  return number === undefined ? Number(length ?? bytes) : Number(number) * UNIT[unit!.toLowerCase()]!;
}

const mebibytes = (bytes: number): string =>
  bytes >= 1024 ** 2 ? `${thousands(bytes / 1024 ** 2)} MiB` : `${thousands(bytes / 1024)} KiB`;
