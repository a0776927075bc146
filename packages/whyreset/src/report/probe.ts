import { matchTimeouts } from '@whyreset/guard/timeouts';
import { seconds } from '../evidence/packets.ts';
import type { Http2Manners } from '../probe/http2.ts';
import type { ProbeResult } from '../probe/probe.ts';
import type { RawAnswer } from '../probe/raw-exchange.ts';
import { indent, page, table } from './layout.ts';
import { inline } from './markdown-escape.ts';
import { type PenOptions, penOf } from './pen.ts';

export interface ProbeRendering extends PenOptions {
  format: 'text' | 'markdown';
  /** Seconds that idleness was watched for. */
  max: number;
}

const HOW = { fin: 'with a FIN', rst: 'with a RST' } as const;

/** Products whose default the measured time is, the first few. */
function known(value: number): string {
  const names = matchTimeouts(value, {
    tolerance: Math.max(0.3, 0.02 * value),
    what: ['server-keepalive', 'lb-idle'],
  })
    .filter(({ rule }) => rule === 'at-expiry')
    .map(({ timeout }) => timeout.product);
  return names.length === 0 ? '' : `; the default of ${[...new Set(names)].slice(0, 3).join(', ')}`;
}

function idleText(idle: NonNullable<ProbeResult['idle']>): string {
  if ('none' in idle) return `not ended within ${seconds(idle.none)}`;
  const { least, most, how, seen } = idle;
  const range = most - least < 0.05 * most + 0.05 ? seconds(least) : `${seconds(least)} to ${seconds(most)}`;
  return `ended after ${range} ${HOW[how]} (${seen} connection${seen === 1 ? '' : 's'})`;
}

/** The lines of a result: what was measured, and what it came to. */
/** `1 MiB`. */
const sizeText = (bytes: number) =>
  bytes >= 1024 ** 2 ? `${Math.round(bytes / 1024 ** 2)} MiB` : `${Math.round(bytes / 1024)} KiB`;

const MANNER = { fin: 'then a FIN', rst: 'then a RST' } as const;

function exchangeText({ status, ended }: RawAnswer): string {
  const answer = status === null ? 'no answer' : `answered ${status}`;
  return ended === null ? `${answer}, and the connection stays open` : `${answer}, ${MANNER[ended]}`;
}

function uploadText({ bytes, ...answer }: RawAnswer & { bytes: number }): string {
  const part =
    answer.sent >= bytes ? 'the whole body was taken' : `the body was cut at ${sizeText(answer.sent)}`;
  const lost =
    answer.ended === 'rst' && answer.status === null
      ? '; an early answer, if there was one, went with it'
      : '';
  return `${sizeText(bytes)}: ${exchangeText(answer)}; ${part}${lost}`;
}

function http2Text({ streams, ping, idle }: Http2Manners): string {
  const end =
    'none' in idle
      ? `not ended within ${seconds(idle.none)} of idleness`
      : `ended after ${seconds(idle.seconds)} of idleness ${idle.goaway === null ? 'without GOAWAY' : `with GOAWAY code ${idle.goaway}`}`;
  return `${streams === null ? 'no limit of streams' : `${streams} streams at a time`}; PING ${ping === null ? 'not answered' : `answered in ${seconds(ping)}`}; ${end}`;
}

function lines(result: ProbeResult): { term: string; text: string }[] {
  const { reachable, http, idle, forgotten, silentIdle, requests, manners, http2, path, greeting } = result;
  const rows: { term: string; text: string }[] = [];
  const add = (term: string, text: string) => rows.push({ term, text });
  if ('error' in reachable) {
    add('reachable', `no: ${reachable.error} (${reachable.text})`);
    return rows;
  }
  add(
    'reachable',
    `yes, the handshake took ${seconds(reachable.handshake)}${reachable.protocol === null ? '' : `; ALPN ${reachable.protocol}`}`,
  );
  if (http === null && result.target.scheme !== 'tcp') add('HTTP', 'no answer that is HTTP/1.1');
  if (http !== null) {
    add('answer', `${http.status}${http.server === null ? '' : `, ${http.server}`}`);
    const hint = http.hint === null ? 'no Keep-Alive hint' : `Keep-Alive: timeout=${http.hint}`;
    add('keep-alive', http.keepAlive ? `yes, ${hint}` : 'no: the server closes behind its answer');
  }
  if (requests !== null)
    add(
      'requests',
      'none' in requests
        ? `no limit within ${requests.none}`
        : `ended after ${requests.limit} on one connection`,
    );
  if (idle !== null) add('idle', `${idleText(idle)}${'none' in idle ? '' : known(idle.least)}`);
  if (path !== null) add('path', `packets of ${path.mtu} bytes as far as known, ${path.mss} of data`);
  if (greeting !== null) add('says first', `"${greeting}"`);
  if (manners !== null) {
    add('Connection: close', exchangeText(manners.close));
    add('half-close', exchangeText(manners.halfClose));
    if (manners.upload !== null) add('upload', uploadText(manners.upload));
  }
  if (http2 !== null) add('HTTP/2', http2Text(http2));
  if (silentIdle !== null) add('idle, nothing sent', idleText(silentIdle));
  if (forgotten !== null)
    add(
      'forgotten',
      `between ${seconds(forgotten.kept)} and ${seconds(forgotten.after)} of silence a box on the path forgot the connection: the next request met ${forgotten.how === 'rst' ? 'a RST' : 'silence'}`,
    );
  return rows;
}

/** What to set, from what was measured. */
function advice({ http, idle, forgotten }: ProbeResult): string | null {
  if (forgotten !== null)
    return `Send TCP keep-alive or close idle connections before ${seconds(Math.max(1, forgotten.kept))} of silence.`;
  if (http?.keepAlive !== true || idle === null || 'none' in idle) return null;
  const below = idle.least - Math.min(1, idle.least / 4);
  const early = http.hint !== null && idle.least < http.hint - 0.5;
  return `${early ? `The server closes before the ${http.hint} s that it announces. ` : ''}Clients: let idle connections go before ${seconds(below)} (undici keepAliveTimeout: ${Math.floor(below * 1000)}).`;
}

export function renderProbe(name: string, result: ProbeResult, options: ProbeRendering): string {
  const rows = lines(result);
  const todo = advice(result);
  const cut = result.complete ? null : 'Interrupted: what had been measured until then.';
  if (options.format === 'markdown')
    return `${[`## ${inline(name)}`, '', ...rows.map(({ term, text }) => `- ${inline(term)}: ${inline(text)}`), ...(todo === null ? [] : ['', inline(todo)]), ...(cut === null ? [] : ['', cut])].join('\n')}\n`;
  const pen = penOf(options);
  return page([
    pen.paint.strong(pen.safe(name)),
    ...indent(
      table(
        rows.map(({ term, text }) => ({ term, text: pen.safe(text) })),
        pen.width - 2,
        pen.paint.dim,
      ),
      2,
    ),
    ...(todo === null
      ? []
      : indent(
          table([{ term: pen.glyphs.arrow, text: pen.safe(todo) }], pen.width - 2, (text) => text),
          2,
        )),
    ...(cut === null ? [] : indent([pen.paint.warn(cut)], 2)),
  ]);
}
