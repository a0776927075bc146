import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { causes } from '../../packages/whyreset/src/causes/index.ts';
import { diagnose, type ResetEntry, type Result } from '../../packages/whyreset/src/index.ts';
import { FORMATS } from '../../packages/whyreset/src/listing/formats.ts';
import { root } from '../helpers/cli.ts';

const folder = join(root, 'test/listings');
const captures = join(root, 'test/captures');
const bytesOf = (path: string) => new Uint8Array(readFileSync(path));
const captureFile = (name: string) =>
  readdirSync(captures).find((file) => /\.pcap(?:ng)?$/.test(file) && file.startsWith(`${name}.`))!;

const texts = readdirSync(folder)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => {
    const [capture, ...form] = file.slice(0, -'.txt'.length).split('.') as [string, ...string[]];
    return { file, capture, form: form.join('.') };
  });

/** The format that `inputs[].format` must name for a form. */
function formatOf(form: string): string {
  if (form.startsWith('tcpdump')) return 'tcpdump-text';
  if (form === 'wireshark.csv') return 'wireshark-csv';
  return /^tshark-(?:json|ek|pdml|fields)$/.test(form) ? form : 'tshark-text';
}

/** Forms that show every byte of each packet, or every field. */
const WHOLE = /^(?:tcpdump-nx|tcpdump-nXX|tshark-delta-x|tshark-json|tshark-ek|tshark-pdml)$/;

const results = new Map<string, Result>();
function diagnosed(path: string): Result {
  const known = results.get(path) ?? diagnose(bytesOf(path));
  results.set(path, known);
  return known;
}

const byPorts = ({ resets }: Result) =>
  new Map(
    resets.map((entry) => [
      `${entry.connection.originator} ${entry.connection.responder}`.replace(/\S*:/g, ''),
      entry,
    ]),
  );

/** The cause, and the more general ones that it is a form of. */
function withGeneral(id: string | null): (string | null)[] {
  const cause = causes.find((one) => one.id === id);
  return [id, ...(cause?.refines ?? []).flatMap(withGeneral)];
}

/** It names what the capture's verdict names, or a more general cause of it, or claims little. */
function isHonest(text: ResetEntry, capture: ResetEntry): boolean {
  const { verdict } = text;
  if (verdict.certainty === 'undetermined' || verdict.certainty === 'possible') return true;
  return (
    withGeneral(capture.verdict.cause).includes(verdict.cause) || verdict.family === capture.verdict.family
  );
}

describe.each(texts)('$file', ({ file, capture, form }) => {
  const text = diagnosed(join(folder, file));
  const truth = diagnosed(join(captures, captureFile(capture)));

  it('is known by its content, and every packet is read', () => {
    const [input] = text.inputs;
    expect(input).toMatchObject({ format: formatOf(form), packets: truth.inputs[0]!.packets });
    const lost = input!.warnings.filter(({ code }) => /^(?:unread|other-lines|second|truncated)/.test(code));
    expect(lost).toEqual([]);
    const leftOut = input!.warnings.find(({ code }) => code === 'unattributed-packet')?.count ?? 0;
    expect(input!.tcpPackets + leftOut).toBe(truth.inputs[0]!.tcpPackets);
  });

  it('claims nothing that its capture does not show', () => {
    const told = byPorts(text);
    for (const [ports, entry] of byPorts(truth)) {
      const found = told.get(ports);
      if (found !== undefined)
        expect(isHonest(found, entry), `${ports}: ${JSON.stringify(found.verdict)}`).toBe(true);
    }
    // A text may leave out what makes an ending trouble; it never makes trouble of its own.
    const ofTruth = byPorts(truth);
    expect([...told.keys()].filter((ports) => !ofTruth.has(ports))).toEqual([]);
  });
});

describe('a text that shows every byte', () => {
  it.each(texts.filter(({ form }) => WHOLE.test(form)))(
    '$file is diagnosed as its capture is',
    ({ file, capture }) => {
      const verdicts = ({ resets }: Result) => resets.map(({ verdict }) => verdict);
      expect(verdicts(diagnosed(join(folder, file)))).toEqual(
        verdicts(diagnosed(join(captures, captureFile(capture)))),
      );
    },
  );
});

describe('every format', () => {
  const used = new Set(texts.map(({ form }) => formatOf(form)));

  it.each(FORMATS.map(({ id }) => id))('%s has a text to show that it is read', (id) => {
    expect(used.has(id)).toBe(true);
  });

  it('has an id of its own, which the schema of the result lists', () => {
    const ids = FORMATS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const schema = readFileSync(join(root, 'packages/whyreset/schema/result.schema.json'), 'utf8');
    for (const id of ids) expect(schema).toContain(`"${id}"`);
  });

  it.each(FORMATS)('$id takes no line of prose, of a log or of another format', (format) => {
    const parser = format.parser({
      packet: () => expect.fail('a packet was found'),
      damaged: () => expect.fail('a line was taken for a damaged packet'),
      foreign: () => {},
    });
    const foreign = [
      'Hello, we see many connection resets since Monday.',
      '2024-01-09 13:24:39 worker > master: connection lost',
      'Jan  9 13:24:39 web1 kernel: TCP: request_sock_TCP: Possible SYN flooding on port 80.',
      '{"level":"error","msg":"read ECONNRESET"}',
      'IP addresses were changed on purpose.',
      '1. restart the service > 2. look again: nothing',
      '<html><body>404</body></html>',
      'a,b,c',
      '$ tcpdump -n port 80',
    ];
    for (const [i, line] of foreign.entries()) expect(parser.take(line, i + 1), line).toBe(false);
    parser.flush();
  });
});
