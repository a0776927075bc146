import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { diagnoseCommand } from '../../packages/whyreset/src/cli/commands/diagnose.ts';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import { renderText } from '../../packages/whyreset/src/report/text.ts';
import { root, whyreset } from '../helpers/cli.ts';

const captures = join(root, 'test/captures');
const closedPort = join(captures, 'closed-port.pcap');
const folder = mkdtempSync(join(tmpdir(), 'whyreset-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** A pcap header and nothing else: a capture in which nothing happened. */
const EMPTY_CAPTURE = new Uint8Array(readFileSync(closedPort).subarray(0, 24));

describe('exit codes', () => {
  it('1 when problems were found, 0 when that is not to count', () => {
    expect(whyreset(['diagnose', closedPort]).code).toBe(1);
    expect(whyreset(['diagnose', closedPort, '--fail-on', 'never']).code).toBe(0);
    expect(whyreset(['diagnose', closedPort, '--format', 'json']).code).toBe(1);
  });

  it('0 when nothing was reset, and the report says so', () => {
    const { code, stdout } = whyreset(['diagnose', file('empty.pcap', EMPTY_CAPTURE)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/No TCP connection found/);
  });

  it('0 for harmless resets, 1 when every reset is to count', () => {
    const health = join(captures, 'health-check.pcap');
    expect(whyreset(['diagnose', health]).code).toBe(0);
    expect(whyreset(['diagnose', health, '--fail-on', 'resets']).code).toBe(1);
  });
});

describe('bad input gets one sentence and exit code 2', () => {
  const cases: [string, string[], RegExp][] = [
    ['a missing file', ['diagnose', join(folder, 'nowhere.pcap')], /nowhere\.pcap/],
    ['a directory', ['diagnose', folder], /director/],
    [
      'a text',
      ['diagnose', file('notes.txt', 'just some notes, nothing captured here at all\n')],
      /notes\.txt: Not a packet capture .*this is text/,
    ],
    ['an empty file', ['diagnose', file('nothing.pcap', '')], /empty/],
    ['a port that is none', ['diagnose', closedPort, '--port', '70000'], /--port takes a number/],
    [
      'a connection that is none',
      ['diagnose', closedPort, '--connection', 'somewhere'],
      /is not a connection/,
    ],
    ['a format that is none', ['diagnose', closedPort, '--format', 'xml'], /xml/],
    ['an error text nobody knows', ['explain', 'the moon is made of cheese'], /not recognised/],
  ];
  it.each(cases)('%s', (_, args, says) => {
    const { code, stdout, stderr } = whyreset(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('inputs', () => {
  const plain = readFileSync(closedPort);
  const verdicts = (args: string[], input?: Uint8Array) =>
    JSON.parse(
      whyreset(['diagnose', ...args, '--format', 'json'], input === undefined ? {} : { input }).stdout,
    ).resets;
  const expected = verdicts([closedPort]);

  it('come from standard input and from gzip as well', () => {
    expect(verdicts(['-'], plain)).toEqual(expected);
    expect(verdicts(['-'], gzipSync(plain))).toEqual(expected);
    expect(verdicts([file('closed.pcap.gz', gzipSync(plain))])).toEqual(expected);
  });

  it('may be several, each with its own index', () => {
    const resets = verdicts([closedPort, join(captures, 'closed-port-ipv6.pcapng')]);
    expect(resets.map((reset: { input: number }) => reset.input)).toEqual([0, 1]);
    expect(resets[1].connection.responder).toMatch(/^\[.*\]:\d+$/);
  });

  it('are analysed as far as they can be read, and the report says where they stopped', () => {
    const result = JSON.parse(
      whyreset(['diagnose', file('cut.pcap', plain.subarray(0, plain.length - 5)), '--format', 'json'])
        .stdout,
    );
    expect(result.inputs[0].packets).toBeGreaterThan(0);
    expect(result.inputs[0].warnings[0]).toMatchObject({ code: 'truncated', offset: expect.any(Number) });
  });

  it('are narrowed by port and by connection', () => {
    const many = join(captures, 'listener-closed-queue.pcap');
    const [first] = verdicts([many]);
    const { originator, responder } = first.connection;
    expect(verdicts([many, '--connection', `${originator}>${responder}`])).toHaveLength(1);
    expect(verdicts([many, '--port', originator.split(':').at(-1)])).toHaveLength(1);
  });
});

describe('the result', () => {
  const schema = JSON.parse(readFileSync(join(root, 'packages/whyreset/schema/result.schema.json'), 'utf8'));
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
  const names = readdirSync(captures).filter((name) => /\.pcap(ng)?$/.test(name));

  it.each(names)('of %s keeps to its schema, and the library gives the same as the command', async (name) => {
    const path = join(captures, name);
    const output = join(folder, 'result.json');
    await diagnoseCommand([path], { format: 'json', output, failOn: 'never' });
    const printed = JSON.parse(readFileSync(output, 'utf8'));
    validate(printed);
    expect(validate.errors).toBeNull();
    const result = diagnose([{ name: path, bytes: new Uint8Array(readFileSync(path)) }]);
    expect(JSON.parse(JSON.stringify(result))).toEqual(printed);
  });

  it('counts what it lists', () => {
    for (const name of names) {
      const { resets, summary, findings } = diagnose(new Uint8Array(readFileSync(join(captures, name))));
      expect(summary.problems + summary.benign).toBe(resets.length);
      expect(summary.resets).toBe(resets.filter((entry) => entry.reset).length);
      expect(findings.reduce((sum, finding) => sum + finding.count, 0)).toBe(resets.length);
    }
  });

  it('cites only packets of the capture', () => {
    for (const name of names) {
      const { resets, inputs } = diagnose(new Uint8Array(readFileSync(join(captures, name))));
      for (const { evidence, packet } of resets) {
        for (const number of [packet, ...evidence.flatMap((line) => line.packets)]) {
          expect(number).toBeGreaterThan(0);
          expect(number).toBeLessThanOrEqual(inputs[0]!.packets);
        }
      }
    }
  });
});

describe('the terminal', () => {
  it('gets no colours when it is none, nor under NO_COLOR', () => {
    expect(whyreset(['diagnose', closedPort]).stdout).not.toContain('\x1b');
    expect(whyreset(['diagnose', closedPort], { env: { FORCE_COLOR: '1' } }).stdout).toContain('\x1b[');
    expect(
      whyreset(['diagnose', closedPort], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout,
    ).not.toContain('\x1b');
  });

  it('of 40 lines holds the only finding of a capture', () => {
    const heights = readdirSync(captures)
      .filter((n) => /\.pcap(ng)?$/.test(n))
      .flatMap((name) => {
        const result = diagnose([{ name, bytes: new Uint8Array(readFileSync(join(captures, name))) }]);
        if (result.findings.filter(({ verdict }) => !verdict.benign).length !== 1) return [];
        const report = renderText(result, { width: 100, colour: false, explain: false });
        return [{ name, lines: report.split('\n').length - 1 }];
      });
    const tall = heights.filter(({ lines }) => lines > 40);
    // A ladder whose every packet decides, and a cause in many words, may take a few lines more.
    expect(tall.filter(({ lines }) => lines > 42)).toEqual([]);
    expect(tall.length).toBeLessThanOrEqual(heights.length / 10);
  });

  it.each([80, 100, 140])('of %i columns is never overrun', (width) => {
    for (const name of readdirSync(captures).filter((n) => /\.pcap(ng)?$/.test(n))) {
      const result = diagnose([{ name, bytes: new Uint8Array(readFileSync(join(captures, name))) }]);
      const report = renderText(result, { width, colour: false, explain: true });
      for (const line of report.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});
