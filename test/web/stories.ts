import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type CaptureInput, diagnose, type Result } from '../../packages/whyreset/src/index.ts';
import { renderHtml } from '../../packages/whyreset/src/report/html.ts';
import type { ResetEntry } from '../../packages/whyreset/src/verdict/result.ts';
import { root } from '../helpers/cli.ts';

/*
 * The states in which a page of a result is looked at, each made from a real
 * capture: `npm run page:dev` opens them, and the tests and screenshots do.
 */

function capture(...names: string[]): CaptureInput[] {
  return names.map((name) => ({ name, bytes: readFileSync(join(root, 'test/captures', name)) }));
}

/** Sixteen bytes after the file header: a capture in which nothing was captured. */
function emptyCapture(): CaptureInput[] {
  const [{ bytes }] = capture('closed-port.pcap') as [CaptureInput];
  return [{ name: 'empty.pcap', bytes: bytes.subarray(0, 24) }];
}

const HOSTILE =
  '<img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script>\u202egnp.exe\u0007';

/** Every text of a result that comes from packets or files holds markup. */
function hostile(result: Result): Result {
  const texts = new Set([
    'says',
    'name',
    'text',
    'because',
    'headline',
    'statement',
    'title',
    'note',
    'application',
    'do',
    'command',
  ]);
  const spoil = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return texts.has(key) ? `${value} ${HOSTILE}` : value;
    if (Array.isArray(value)) return value.map((part) => spoil(part, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, spoil(part, name)]));
  };
  return spoil(result) as Result;
}

/** So many connections of the race, over an hour, from many clients. */
function many(result: Result, count: number): Result {
  const start = Date.parse('2026-11-21T08:00:00Z');
  const resets = Array.from({ length: count }, (_, i): ResetEntry => {
    const entry = result.resets[i % result.resets.length]!;
    return {
      ...entry,
      time: new Date(start + Math.floor((i / count) * 3_600_000)).toISOString(),
      packet: i * 12 + 7,
      connection: {
        ...entry.connection,
        originator: `10.77.${i % 7}.${(i >> 3) % 250}:${1024 + (i % 60_000)}`,
      },
    };
  });
  const findings = result.findings.map((finding) => ({ ...finding, count }));
  return {
    ...result,
    resets,
    findings,
    summary: { ...result.summary, connections: count + 400, resets: count, problems: count },
  };
}

const race = () => diagnose(capture('keepalive-race-100-posts.pcap'));

/** By name, each made when it is asked for. */
export const stories: Readonly<Record<string, () => Result>> = {
  empty: () => diagnose(emptyCapture()),
  healthy: () => diagnose(capture('healthy.pcapng')),
  'one-finding': race,
  'many-findings': () => diagnose(capture('mixed-500.pcap')),
  undetermined: () => diagnose(capture('client-reset-after-response.pcap', 'linger-zero.pcap')),
  refused: () => diagnose(capture('firewall-reject-syn.pcap')),
  'box-on-the-path': () => diagnose(capture('nat-idle-reject-client.pcap')),
  'two-vantages': () => diagnose(capture('injected-both-ends-client.pcap', 'injected-both-ends-server.pcap')),
  'loopback-times': () => diagnose(capture('keepalive-race-unread-loopback.pcap')),
  'fifty-thousand': () => many(race(), 50_000),
  'hostile-strings': () => hostile(race()),
};

export const storyNames = [...Object.keys(stories), 'broken-file'];

const pack = (text: string) => gzipSync(text).toString('base64');

/** The page of a story, as `diagnose --format html` would write it. */
export function storyPage(name: string, template: string): string {
  const { resets, ...rest } = (stories[name] ?? race)();
  const html = [...renderHtml(template, resets, () => rest, pack)].join('');
  // As a file that was cut in the middle of an upload.
  return name === 'broken-file' ? html.replace(/(id="whyreset-head">.{500}).*?(<\/script>)/s, '$1$2') : html;
}
