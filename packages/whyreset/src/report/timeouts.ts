import type { AtExpiry, KnownTimeout } from '@whyreset/guard/timeouts';
import { seconds } from '../evidence/packets.ts';
import { inert } from './json.ts';
import { hanging, page } from './layout.ts';
import { inline } from './markdown-escape.ts';
import { type PenOptions, penOf } from './pen.ts';
import { padLeft } from './wrap.ts';

/** A known timeout, and how it stands to the duration that was asked for. */
export interface TimeoutLine {
  timeout: KnownTimeout;
  /** `offBy`: seconds by which the duration is longer; `outlasted`: it forgets earlier, and shows it to the next packet. */
  match?: { offBy: number } | { outlasted: true };
}

export interface TimeoutsOptions extends PenOptions {
  format: 'text' | 'json' | 'markdown';
}

const KINDS: Readonly<Record<KnownTimeout['what'], string>> = {
  'client-keepalive': 'idle, client',
  conntrack: 'idle, connection tracking',
  'db-session': 'idle, session',
  drain: 'drain at shutdown',
  header: 'request header',
  'lb-idle': 'idle, balancer',
  'max-age': 'age of a connection',
  'max-requests': 'requests of a connection',
  'nat-idle': 'idle, NAT',
  request: 'request',
  'server-keepalive': 'idle, server',
  'tcp-keepalive': 'TCP keep-alive',
  'upstream-keepalive': 'idle, to the upstream',
};

const ENDS: Readonly<Record<AtExpiry, string>> = {
  fin: 'ends with a FIN',
  rst: 'ends with a RST',
  'rst-on-next-packet': 'forgets, and answers the next packet with a RST',
  silent: 'forgets, and drops what comes later',
  error: 'an error of the protocol above TCP',
};

function defaultText({ unit, defaultSeconds }: KnownTimeout): string {
  if (defaultSeconds === null) return 'none';
  if (defaultSeconds === 0) return 'off';
  return unit === 'requests' ? `${defaultSeconds} requests` : `${defaultSeconds} s`;
}

function matchText({ match }: TimeoutLine): string {
  if (match === undefined) return '';
  if ('outlasted' in match) return 'forgets earlier than that';
  return Math.abs(match.offBy) < 0.0005
    ? 'exactly'
    : `${seconds(Math.abs(match.offBy))} ${match.offBy > 0 ? 'shorter' : 'longer'}`;
}

function asMarkdown(lines: readonly TimeoutLine[]): string {
  const rows = lines.map(({ timeout, ...line }) =>
    [
      timeout.product,
      KINDS[timeout.what],
      defaultText(timeout),
      timeout.configurableAs ?? '',
      matchText({ timeout, ...line }),
      timeout.source,
    ]
      .map((text) => inline(text).replaceAll('|', '\\|'))
      .join(' | '),
  );
  return [
    '| product | what | default | setting | beside it | source |',
    '|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}

/** Known timeouts, one entry each, in the order given. */
export function renderTimeouts(lines: readonly TimeoutLine[], options: TimeoutsOptions): string {
  if (options.format === 'json')
    return `${inert(
      JSON.stringify(
        lines.map(({ timeout, match }) => ({ ...timeout, ...(match !== undefined && { match }) })),
        null,
        2,
      ),
    )}\n`;
  if (options.format === 'markdown') return asMarkdown(lines);
  const pen = penOf(options);
  const widest = Math.max(...lines.map(({ timeout }) => defaultText(timeout).length));
  const under = ' '.repeat(widest + 2);
  return page(
    lines.flatMap((line) => {
      const { product, what, configurableAs, atExpiry, appliesTo } = line.timeout;
      const value = padLeft(defaultText(line.timeout), widest);
      const details = [matchText(line), configurableAs, atExpiry === null ? null : ENDS[atExpiry], appliesTo];
      const rest = details.filter((part) => part !== null && part !== '').join('; ');
      return [
        ...hanging(`${value}  `, pen.safe(`${product} · ${KINDS[what]}`), pen.width, pen.paint.strong),
        ...(rest === '' ? [] : hanging(under, pen.safe(rest), pen.width, pen.paint.dim)),
      ];
    }),
  );
}
