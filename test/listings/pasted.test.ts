import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose, NotACaptureError, type Result } from '../../packages/whyreset/src/index.ts';
import { root, whyreset } from '../helpers/cli.ts';

const folder = join(root, 'test/listings/pasted');
const text = (name: string) => readFileSync(join(folder, `${name}.txt`), 'utf8');
const read = (pasted: string): Result => diagnose(new TextEncoder().encode(pasted));
const warning = ({ inputs }: Result, code: string) => inputs[0]!.warnings.find((one) => one.code === code);

describe('texts as people paste them', () => {
  it('a mail with reply marks, broken after 72 columns', () => {
    const result = read(text('mail-quoted-wrapped'));
    expect(result.inputs[0]).toMatchObject({ format: 'tcpdump-text', packets: 10, tcpPackets: 10 });
    expect(result.resets).toHaveLength(1);
    expect(result.resets[0]).toMatchObject({
      packet: 29,
      time: '09:14:31.610480',
      verdict: { cause: 'stale-pool-reuse', certainty: 'proven' },
    });
    expect(warning(result, 'other-lines')).toMatchObject({ count: 5 });
    expect(warning(result, 'unread-lines')).toBeUndefined();
  });

  it.each([
    ['old-tcpdump', 'tcpdump-text', '192.168.5.20:33012', '192.168.5.4:9999'],
    ['openbsd-verbose', 'tcpdump-text', '10.77.1.2:40082', '10.77.2.2:8080'],
    ['html-escaped', 'tcpdump-text', '10.0.0.1:5000', '10.0.0.2:81'],
    ['any-interface-list', 'tcpdump-text', '10.9.1.2:40100', '10.9.2.2:80'],
    ['wireshark-plain', 'tshark-text', '172.16.4.8:50122', '172.16.4.30:5432'],
    ['tshark-1', 'tshark-text', '172.16.4.8:50122', '172.16.4.30:5432'],
  ])('%s is a refused connection', (name, format, client, server) => {
    const result = read(text(name));
    expect(result.inputs[0]!.format).toBe(format);
    expect(result.resets[0]).toMatchObject({
      connection: { originator: client, responder: server, state: 'REJ' },
      verdict: { family: 'refused' },
    });
  });

  it('names of hosts and services stay names', () => {
    const result = read(text('names'));
    expect(result.resets.map(({ connection }) => connection.originator)).toEqual([
      'app-7.example.com:51820',
      'app-7.example.com:caerpc',
    ]);
    expect(result.resets[0]!.connection.responder).toBe('db.example.com:5432');
    expect(warning(result, 'host-names')?.message).toContain('app-7.example.com, db.example.com');
    expect(warning(result, 'port-names')?.message).toContain('caerpc');
    // The numbers that stand in for the names are nobody's business.
    expect(JSON.stringify(result)).not.toMatch(/\b2[45]\d\.\d+\.\d+\.\d+/);
  });

  it('an interface of -i any tells the copies that a router forwards', () => {
    const result = read(text('any-interface-list'));
    expect(result.summary.connections).toBe(1);
    expect(result.resets[0]!.connection.history).toBe('Sr');
  });

  it('both ends in one text: the second list is not taken for repetitions', () => {
    const result = read(text('both-ends'));
    expect(warning(result, 'second-list')?.message).toContain('from line 8 on');
    expect(result.summary.connections).toBe(2);
    expect(result.resets.every(({ connection }) => connection.history === 'Sr')).toBe(true);
  });

  it('cut lines are counted, with the first of them', () => {
    const result = read(text('cut-lines'));
    expect(warning(result, 'unread-lines')).toMatchObject({
      count: 2,
      message: expect.stringContaining('the first is line 3'),
    });
    expect(result.resets).toHaveLength(2);
  });

  it.each(['\t', '    ', ''])('a request that -v shows behind its packet, indented by %j', (indent) => {
    const list = [
      '12:00:00.000001 IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [S], seq 1200300, win 29200, options [mss 1460,sackOK,TS val 5 ecr 0,nop,wscale 7], length 0',
      '12:00:00.000301 IP 10.0.0.2.80 > 10.0.0.1.5000: Flags [S.], seq 500, ack 1200301, win 28960, options [mss 1460,sackOK,TS val 9 ecr 5,nop,wscale 7], length 0',
      '12:00:00.000310 IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [.], ack 1, win 229, options [nop,nop,TS val 5 ecr 9], length 0',
      '12:00:00.000401 IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [P.], seq 1:39, ack 1, win 229, options [nop,nop,TS val 5 ecr 9], length 38: HTTP, length: 38',
      `${indent}GET / HTTP/1.1`,
      `${indent}Host: example.test`,
      indent,
      '12:00:00.000801 IP 10.0.0.2.80 > 10.0.0.1.5000: Flags [.], ack 39, win 227, options [nop,nop,TS val 9 ecr 5], length 0',
      '12:00:00.008101 IP 10.0.0.2.80 > 10.0.0.1.5000: Flags [R.], seq 1, ack 39, win 227, options [nop,nop,TS val 17 ecr 5], length 0',
    ];
    const result = JSON.stringify(read(list.join('\n')).resets);
    expect(result).toContain('example.test');
    expect(result).not.toContain('had not ended');
  });

  it('an ICMP error and the packet that it quotes', () => {
    const result = read(text('icmp-reject'));
    expect(result.inputs[0]).toMatchObject({ packets: 2, tcpPackets: 1 });
    expect(result.resets[0]).toMatchObject({ verdict: { cause: 'firewall-reject', sender: 'middlebox' } });
  });

  it('a list that begins in the middle, with relative numbers and hours between its lines', () => {
    const result = read(text('middle-of-a-list'));
    expect(result.resets[0]).toMatchObject({
      connection: { responder: '10.4.0.3:3306' },
      verdict: { cause: 'stale-pool-reuse' },
    });
    expect(JSON.stringify(result.resets[0]!.evidence)).toContain('28800 s');
  });

  it('tcpdump -q has nothing to go by, and the message says why', () => {
    expect(() => read(text('quiet'))).toThrow(NotACaptureError);
    expect(() => read(text('quiet'))).toThrow(/tcpdump -q leaves out flags and numbers \(line 1\)/);
  });

  it('text without packets says what is wanted', () => {
    expect(() => read('Dear all,\nit does not work.\n')).toThrow(
      /nor a packet list of tcpdump, tshark or Wireshark: this is text\.$/,
    );
  });
});

describe('what stands beside the packets', () => {
  const wanted = [
    { name: 'capture', kind: 'sockets', records: 1 },
    { name: 'capture', kind: 'conntrack', records: 1 },
    { name: 'capture', kind: 'counters', records: 3 },
  ];
  const said = ({ resets }: Result, fact: string) =>
    resets[0]!.evidence.find((line) => line.fact === fact)?.says;

  it('sockets, conntrack and counters are records of the host', () => {
    const result = read(text('beside-sockets-and-conntrack'));
    expect(result.hostFiles).toMatchObject(wanted);
    expect(said(result, 'socketState')).toContain('500 bytes that the program has not read');
    expect(said(result, 'conntrackEntry')).toContain('translates 10.5.0.9:8080 to 172.18.0.4:80');
    expect(said(result, 'counterDeltas')).toContain('TCPAbortOnClose +1');
    expect(warning(result, 'other-lines')).toMatchObject({ count: 7 });
  });

  it('they may come in a file of their own', () => {
    const [packets, records] = text('beside-sockets-and-conntrack').split('and on the server') as [
      string,
      string,
    ];
    const result = diagnose([
      { name: 'client.txt', bytes: new TextEncoder().encode(packets) },
      { name: 'server.txt', bytes: new TextEncoder().encode(records) },
    ]);
    expect(result.hostFiles).toMatchObject(wanted.map((source) => ({ ...source, name: 'server.txt' })));
    expect(said(result, 'socketState')).toContain('Recv-Q');
  });

  it.each([
    [
      'netstat -tn',
      'tcp        0    250 10.5.0.2:40200          10.5.0.9:8080           FIN_WAIT1',
      'socketState',
      /FIN-WAIT1, with 250 bytes/,
    ],
    [
      'ss of one state',
      '0      500    [::ffff:10.5.0.9]:8080    [::ffff:10.5.0.2]:40200',
      'socketState',
      /500 bytes sent or queued/,
    ],
    [
      'conntrack -E',
      '[DESTROY] tcp      6 src=10.5.0.2 dst=10.5.0.9 sport=40200 dport=8080 src=10.5.0.9 dst=10.5.0.2 sport=8080 dport=40200 [ASSURED]',
      'conntrackEntry',
      /^conntrack removed the connection$/,
    ],
    [
      '/proc/net/nf_conntrack, unanswered',
      'ipv4     2 tcp      6 118 SYN_SENT src=10.5.0.2 dst=10.5.0.9 sport=40200 dport=8080 [UNREPLIED] src=10.5.0.9 dst=10.5.0.2 sport=8080 dport=40200 mark=0 use=2',
      'conntrackEntry',
      /SYN_SENT without an answer \(UNREPLIED\) to expire 118 s/,
    ],
  ])('%s', (_, line, fact, words) => {
    const packets = text('beside-sockets-and-conntrack').split('and on the server')[0]!;
    expect(said(read(`${packets}\n${line}\n`), fact)).toMatch(words);
  });

  it('sockets of another connection say nothing about this one', () => {
    const packets = text('beside-sockets-and-conntrack').split('and on the server')[0]!;
    const result = read(`${packets}\nESTAB 0 0 10.5.0.9:8080 10.5.0.2:40201\n`);
    expect(result.hostFiles).toMatchObject([{ kind: 'sockets', records: 1 }]);
    expect(said(result, 'socketState')).toBeUndefined();
  });
});

describe('what is put around the lines changes nothing', () => {
  const plain = readFileSync(join(root, 'test/listings/keepalive-race-unread.tcpdump-n.txt'), 'utf8');
  const lines = plain.trimEnd().split('\n');
  const wanted = read(plain);

  /** All but the numbers of lines, which a wrapped list has others of. */
  const essence = ({ resets }: Result) =>
    resets.map(({ verdict, connection: { originator, responder, state, history } }) => ({
      verdict,
      originator,
      responder,
      state,
      history,
    }));

  const wrapped = (width: number, keepsSpace: boolean) =>
    lines
      .flatMap((line) => {
        const parts: string[] = [];
        let rest = line;
        while (rest.length > width) {
          const at = keepsSpace ? rest.lastIndexOf(' ', width) : width;
          parts.push(rest.slice(0, at));
          rest = rest.slice(keepsSpace ? at + 1 : at);
        }
        return [...parts, rest];
      })
      .join('\n');

  const utf16 = (content: string) => {
    const bytes = new Uint8Array(2 + 2 * content.length);
    bytes.set([0xff, 0xfe]);
    for (let i = 0; i < content.length; i++) {
      bytes[2 + 2 * i] = content.charCodeAt(i) & 0xff;
      bytes[3 + 2 * i] = content.charCodeAt(i) >> 8;
    }
    return bytes;
  };

  it.each<[string, string | Uint8Array]>([
    ['reply marks', lines.map((line) => `> ${line}`).join('\n')],
    ['reply marks of a reply', lines.map((line) => `>> ${line}`).join('\n')],
    ['a list', lines.map((line) => `* ${line}`).join('\n')],
    ['a numbered list', lines.map((line, i) => `${i + 1}. ${line}`).join('\n')],
    ['indentation', lines.map((line) => `        ${line}`).join('\n')],
    ['a code fence', `Look:\n\`\`\`text\n${plain}\`\`\`\nThanks!\n`],
    ['colours', lines.map((line) => `\u001b[32m${line}\u001b[0m`).join('\n')],
    ['line ends of Windows', lines.join('\r\n')],
    ['no-break spaces', plain.replaceAll(' ', '\u00a0')],
    ['blank lines', lines.join('\n\n')],
    ['a byte-order mark', `\ufeff${plain}`],
    ['UTF-16 of PowerShell', utf16(plain)],
    ['words broken at 80 columns', wrapped(80, true)],
    ['words broken at 60 columns', wrapped(60, true)],
    ['lines cut into 100 columns', wrapped(100, false)],
    ['lines cut into 132 columns', wrapped(132, false)],
  ])('%s', (_, pasted) => {
    const result = typeof pasted === 'string' ? read(pasted) : diagnose(pasted);
    expect(result.inputs[0]!.tcpPackets).toBe(wanted.inputs[0]!.tcpPackets);
    expect(essence(result)).toEqual(essence(wanted));
  });
});

describe('the command', () => {
  it('takes a text from standard input, names its form and what it lacks', () => {
    const run = whyreset(['diagnose', '-'], { input: text('mail-quoted-wrapped') });
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('tcpdump-text, 10 packets');
    expect(run.stdout).toContain('Not in the text');
    expect(run.stdout).toContain('does not show TTL');
    expect(run.stderr).toBe('');
  });
});
