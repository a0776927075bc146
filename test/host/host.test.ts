import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import {
  diagnose,
  type HostInput,
  NotHostDataError,
  type Result,
} from '../../packages/whyreset/src/index.ts';
import { root, whyreset } from '../helpers/cli.ts';

const folder = join(root, 'test/host');
const at = (name: string) => join('test/host', name);
const scratch = mkdtempSync(join(tmpdir(), 'whyreset-host-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const own = (name: string, content: string | Uint8Array) => {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
};

const schema = JSON.parse(readFileSync(join(root, 'packages/whyreset/schema/result.schema.json'), 'utf8'));
const valid = new Ajv2020({ strict: false }).compile(schema);

function told(name: string, ...options: string[]): Result {
  const { stdout, stderr } = whyreset(['diagnose', at(`${name}.pcap`), '--format', 'json', ...options]);
  expect(stderr).toBe('');
  const result = JSON.parse(stdout) as Result;
  expect(valid(result), JSON.stringify(valid.errors)).toBe(true);
  return result;
}

const trace = (name: string) => ['--trace', at(`${name}.trace`)];
const counters = (name: string) => ['--counters', at(`${name}.before`), at(`${name}.after`)];

describe('a kernel trace decides', () => {
  it.each([
    ['close-unread', 'unread-data-at-close', 'TCP_ABORT_ON_CLOSE', 'proven'],
    ['linger-zero', 'abort-by-linger-zero', 'SO_LINGER 0', 'proven'],
    ['ss-kill', 'administrative-kill', 'ss -K', 'proven'],
    // The kernel does not know whether it lost the connection or never had it: the cause covers both.
    ['forgotten', 'peer-lost-state', 'TCP_FLAGS', 'likely'],
  ])('%s', (name, cause, says, certainty) => {
    expect(told(name).resets[0]!.verdict.certainty).not.toBe('proven');
    const [entry] = told(name, ...trace(name)).resets;
    expect(entry!.verdict).toMatchObject({ cause, certainty, sender: 'responder' });
    if (certainty === 'proven') expect(entry!.next).toBeNull();
    const line = entry!.evidence.find(({ fact }) => fact === 'kernelReason')!;
    expect(line.says).toContain(says);
    // The line it cites is the one that tells of this connection.
    const { source, line: number } = line.lines![0]!;
    const text = readFileSync(join(root, source), 'utf8').split('\n')[number - 1]!;
    expect(text).toMatch(/tcp_send_reset: .*src=10\.77\.2\.2:8317/);
  });

  it('of another connection says nothing, and is not asked for again', () => {
    const without = told('close-unread').resets[0]!;
    const [entry] = told('close-unread', ...trace('linger-zero')).resets;
    expect(entry!.verdict).toEqual(without.verdict);
    expect(entry!.evidence.map(({ fact }) => fact)).not.toContain('kernelReason');
    expect(without.next?.text).toContain('--trace');
    expect(entry!.next?.item).not.toBe('trace');
  });

  it('without stacks leaves the ways that share a reason open', () => {
    const bare = readFileSync(join(folder, 'linger-zero.trace'), 'utf8').replace(/^ => .*\n/gm, '');
    const [entry] = told('linger-zero', '--trace', own('bare.trace', bare)).resets;
    expect(entry!.verdict.certainty).not.toBe('proven');
    expect(entry!.ruledOut.map(({ cause }) => cause)).toContain('unread-data-at-close');
    const more = [
      '--trace',
      join(scratch, 'bare.trace'),
      ...counters('linger-zero'),
      '--counters-of',
      '10.77.2.2',
    ];
    const [sure] = told('linger-zero', ...more).resets;
    expect(sure!.verdict).toMatchObject({ cause: 'abort-by-linger-zero', certainty: 'proven' });
  });
});

describe('a host that was traced and sent nothing', () => {
  it('did not make the RST that left it', () => {
    const { resets } = told('host-silence', ...trace('host-silence'));
    expect(resets.map(({ verdict }) => [verdict.sender, verdict.certainty])).toEqual([
      ['responder', 'proven'],
      ['responder', 'likely'],
      ['responder', 'proven'],
    ]);
    expect(resets[1]!.verdict.cause).toBe('firewall-reject-mid-connection');
    expect(resets[1]!.evidence.flatMap(({ lines = [] }) => lines)).toHaveLength(2);
  });

  it.each([
    ['lost lines', (text: string) => text.replace('7/7', '7/9')],
    [
      'was stopped before',
      (text: string) => text.slice(0, text.lastIndexOf('\n', text.lastIndexOf('tcp_send_reset:'))),
    ],
    ['was cut to one task', (text: string) => text.replace(/^.*tcp_receive_reset.*\n/gm, '')],
  ])('is not blamed when the trace %s', (_, change) => {
    const text = readFileSync(join(folder, 'host-silence.trace'), 'utf8');
    const cut = change(text);
    expect(cut).not.toBe(text);
    const { resets } = told('host-silence', '--trace', own('cut.trace', cut));
    expect(resets[1]!.verdict.cause).not.toBe('firewall-reject-mid-connection');
    expect(resets[1]!.evidence.map(({ fact }) => fact)).not.toContain('hostSilence');
  });
});

describe('counters', () => {
  it('corroborate and exclude when their host is named, and prove nothing alone', () => {
    const [entry] = told('close-unread', ...counters('close-unread'), '--counters-of', '10.77.2.2').resets;
    const line = entry!.evidence.find(({ fact }) => fact === 'counterDeltas')!;
    expect(line.says).toContain('TCPAbortOnClose +1');
    expect(entry!.verdict).toMatchObject({ cause: 'unread-data-at-close' });
    expect(entry!.verdict.certainty).not.toBe('proven');
    expect(entry!.ruledOut.map(({ cause }) => cause)).toContain('abort-by-linger-zero');
  });

  it('of nobody knows which host change no verdict', () => {
    const with_ = told('linger-zero', ...counters('linger-zero')).resets[0]!;
    expect(with_.verdict).toEqual(told('linger-zero').resets[0]!.verdict);
    expect(with_.evidence.map(({ fact }) => fact)).toContain('counterDeltas');
  });
});

it('a log is matched to the connection that it is about, and proves nothing', () => {
  const [entry] = told('nginx-upstream', '--log', at('nginx-upstream.log')).resets;
  const line = entry!.evidence.find(({ fact }) => fact === 'programLog')!;
  expect(line).toMatchObject({ packets: [], lines: [{ source: at('nginx-upstream.log'), line: 1 }] });
  expect(line.says).toContain('recv() failed (104');
  expect(entry!.verdict).toEqual(told('nginx-upstream').resets[0]!.verdict);
});

describe('bad input beside the captures gets one sentence and exit code 2', () => {
  const pcap = at('close-unread.pcap');
  it.each<[string, string[], RegExp]>([
    ['a missing trace', ['--trace', 'nowhere.trace'], /no file nowhere\.trace/],
    [
      'a trace that is none',
      ['--trace', at('nginx-upstream.log')],
      /nginx-upstream\.log holds no line of a kernel trace/,
    ],
    [
      'counters that are none',
      ['--counters', at('nginx-upstream.log'), at('close-unread.after')],
      /no TCP counters/,
    ],
    [
      'counters in the wrong order',
      ['--counters', at('close-unread.after'), at('close-unread.before')],
      /smaller counters/,
    ],
    ['one file of counters', ['--counters', at('close-unread.after')], /--counters takes two files/],
    [
      'a host that is no address',
      [...counters('close-unread'), '--counters-of', 'db'],
      /--counters-of takes the address/,
    ],
    ['a host without counters', ['--counters-of', '10.0.0.1'], /give --counters/],
    ['a log that is no text', ['--log', pcap], /is no text/],
    ['an annotation over its input', ['--annotate', pcap], /would overwrite/],
    [
      'an annotation that cannot be written',
      ['--annotate', '/nowhere/out.pcapng'],
      /\/nowhere\/out\.pcapng cannot be written/,
    ],
  ])('%s', (_, options, says) => {
    const { stderr, code } = whyreset(['diagnose', pcap, ...options]);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('an annotation of standard input', () => {
    const { stderr, code } = whyreset(['diagnose', '-', '--annotate', join(scratch, 'x.pcapng')], {
      input: readFileSync(join(root, pcap)),
    });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/save it to a file first/)]);
  });
});

describe('--annotate', () => {
  const out = join(scratch, 'out.pcapng');
  const tshark = spawnSync('tshark', ['-v']).status === 0;
  if (!tshark)
    console.warn('Skipped, reading annotations with tshark and capinfos: tshark is not installed.');

  function annotated(captures: string[], ...options: string[]): Uint8Array {
    rmSync(out, { force: true });
    whyreset(['diagnose', ...captures, '--annotate', out, ...options]);
    expect(existsSync(`${out}.part`)).toBe(false);
    return new Uint8Array(readFileSync(out));
  }

  it('writes a capture that is diagnosed as the one it came from', () => {
    const all = ['close-unread', 'host-silence', 'nginx-upstream'].map((name) => at(`${name}.pcap`));
    const kinds = ['healthy.pcapng', 'closed-port-ipv6.pcapng', 'linger-zero.pcap'].map(
      (n) => `test/captures/${n}`,
    );
    for (const path of [...all, ...kinds]) {
      const { resets } = diagnose([{ name: 'x', bytes: new Uint8Array(readFileSync(join(root, path))) }]);
      expect(diagnose([{ name: 'x', bytes: annotated([path]) }]).resets, path).toEqual(resets);
    }
  });

  it('reads compressed captures as well', () => {
    const packed = own('close-unread.pcap.gz', gzipSync(readFileSync(join(folder, 'close-unread.pcap'))));
    const of = (bytes: Uint8Array) => diagnose([{ name: 'x', bytes }]);
    expect(of(annotated([packed]))).toEqual(of(annotated([at('close-unread.pcap')])));
  });

  it.skipIf(!tshark)('opens in Wireshark with the verdict on the deciding packet', () => {
    annotated([at('close-unread.pcap')], ...trace('close-unread'));
    const rows = execFileSync(
      'tshark',
      ['-r', out, '-Y', 'frame.comment', '-T', 'fields', '-e', 'frame.number', '-e', 'frame.comment'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const comments = new Map(
      rows
        .trim()
        .split('\n')
        .map((row) => row.split('\t') as [string, string]),
    );
    expect([...comments.keys()]).toEqual(['8', '9']);
    expect(comments.get('9')).toMatch(
      /^whyreset: .* Socket closed with received data still unread\. Proven\./,
    );
    expect(comments.get('9')).toContain('reason TCP_ABORT_ON_CLOSE');
    const about = execFileSync('capinfos', [out], { encoding: 'utf8' });
    expect(about).toMatch(/Capture comment:\s+whyreset: 1 problem in 1 connection/);
    expect(about).toMatch(/Number of packets:\s+9/);
  });

  it.skipIf(!tshark)('merges several captures by time, each on an interface of its own', () => {
    annotated([at('linger-zero.pcap'), at('close-unread.pcap')]);
    const about = execFileSync('capinfos', [out], { encoding: 'utf8' });
    expect(about).toMatch(/Strict time order:\s+True/);
    expect(about).toMatch(/Interface #0 info:\s+Description = test\/host\/close-unread\.pcap/);
    expect(about).toMatch(/Interface #1 info:\s+Description = test\/host\/linger-zero\.pcap/);
    expect(about).toMatch(/Number of packets:\s+18/);
  });
});

describe('the library', () => {
  const bytes = (name: string) => new Uint8Array(readFileSync(join(root, at(name))));
  const text = (name: string) => ({ name: at(name), text: readFileSync(join(root, at(name)), 'utf8') });
  const snapshots = (name: string, host?: string): HostInput => ({
    kind: 'counters',
    before: text(`${name}.before`),
    after: text(`${name}.after`),
    ...(host && { host }),
  });
  const read = (kind: 'trace' | 'log', name: string): HostInput => ({
    kind,
    name: at(name),
    bytes: bytes(name),
  });

  it.each<[string, HostInput[], string[]]>([
    ['close-unread', [read('trace', 'close-unread.trace')], trace('close-unread')],
    [
      'linger-zero',
      [snapshots('linger-zero', '10.77.2.2')],
      [...counters('linger-zero'), '--counters-of', '10.77.2.2'],
    ],
    ['nginx-upstream', [read('log', 'nginx-upstream.log')], ['--log', at('nginx-upstream.log')]],
  ])('says of %s and its host what the command says', (name, beside, options) => {
    const captures = [{ name: at(`${name}.pcap`), bytes: bytes(`${name}.pcap`) }];
    expect(diagnose(captures, beside).resets).toEqual(told(name, ...options).resets);
    expect(diagnose(captures, beside).resets).not.toEqual(diagnose(captures).resets);
  });

  it('names the file that is not what it is said to be', () => {
    const refused = (beside: HostInput) => () => diagnose(bytes('linger-zero.pcap'), [beside]);
    const log = { ...read('trace', 'linger-zero.before'), name: 'counters.txt' } as HostInput;
    expect(refused(log)).toThrow(NotHostDataError);
    expect(refused(log)).toThrow(/^counters\.txt .*\.$/);
    expect(refused(snapshots('linger-zero', 'the server'))).toThrow(/'the server', which is no address/);
  });
});
