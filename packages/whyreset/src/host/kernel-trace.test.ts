import { describe, expect, it } from 'vitest';
import { kernelReasons } from './kernel-reasons.ts';
import { KernelTrace } from './kernel-trace.ts';
import { NotHostDataError } from './source.ts';

function read(text: string, pieces = 7) {
  const trace = new KernelTrace(0);
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += pieces) trace.push(bytes.subarray(at, at + pieces));
  return { trace, told: trace.end('reset.trace') };
}

const FIELDS =
  'skbaddr=0000000000000000 skaddr=00000000c4c6afe3 src=10.77.2.2:8317 dest=10.77.1.2:32796 state=TCP_CLOSE reason=TCP_ABORT_ON_CLOSE';

describe('a sent reset is read from', () => {
  it.each([
    [
      'trace and trace_pipe',
      `         python3-7837    [000] .....  1226.091888: tcp_send_reset: ${FIELDS}`,
      true,
      'python3-7837',
    ],
    [
      'a trace with thread groups',
      `  python3-7837    (   7830) [000] ..s2.  1226.091888: tcp_send_reset: ${FIELDS}`,
      false,
      'python3-7837',
    ],
    [
      'trace-cmd report',
      `         python3-7837  [000]  1226.091888: tcp_send_reset:       ${FIELDS}`,
      null,
      'python3-7837',
    ],
    [
      'perf script',
      `         python3  7837 [000]  1226.091888:    tcp:tcp_send_reset: ${FIELDS.replace('0000000000000000', '(nil)')}`,
      null,
      'python3-7837',
    ],
    ['a tool that prints the fields alone', `tcp_send_reset ${FIELDS}`, null, ''],
  ])('%s', (_, line, inTask, task) => {
    const { trace } = read(`${line}\n`);
    expect(trace.events).toMatchObject([
      {
        kind: 'send',
        line: 1,
        local: { address: '10.77.2.2', port: 8317 },
        remote: { address: '10.77.1.2', port: 32796 },
        reason: 'TCP_ABORT_ON_CLOSE',
        state: 'TCP_CLOSE',
        answer: false,
        socket: true,
        inTask,
        task,
      },
    ]);
    expect(trace.events[0]!.time).toEqual(line.includes('1226') ? 1226.091888 : Number.NaN);
  });

  it('a kernel before 6.10, which gives no reason', () => {
    const { trace } = read(
      ' curl-9 [001] ..s. 12.5: tcp_send_reset: family=AF_INET6 sport=80 dport=4321 saddr=0.0.0.0 daddr=0.0.0.0 saddrv6=fd77:1:0:0::2 daddrv6=::ffff:10.0.0.9 state=TCP_ESTABLISHED\n',
    );
    expect(trace.events).toMatchObject([
      {
        local: { address: 'fd77:1::2', port: 80 },
        remote: { address: '10.0.0.9', port: 4321 },
        reason: null,
        answer: null,
      },
    ]);
  });

  it('every reason, by name, with the prefix and by number', () => {
    for (const [name, { number }] of Object.entries(kernelReasons)) {
      const of = (reason: string) =>
        read(`tcp_send_reset: ${FIELDS.replace('TCP_ABORT_ON_CLOSE', reason)}\n`).trace.events[0]!.reason;
      expect([of(name), of(`SK_RST_REASON_${name}`), of(`${number}`)]).toEqual([name, name, name]);
    }
    expect(Object.keys(kernelReasons)).toHaveLength(26);
  });
});

it('knows an answer by its segment, and a listener by the peer it does not name', () => {
  const { trace } = read(
    'tcp_send_reset: skbaddr=0xffff8881097b6ee0 skaddr=(nil) src=[::1]:8318 dest=[::1]:51210 state=UNKNOWN reason=NO_SOCKET\n' +
      'tcp_send_reset: skbaddr=0000000093c3ff56 skaddr=00000000e935efa3 src=[::ffff:10.77.2.2]:8317 dest=0.0.0.0:0 state=TCP_LISTEN reason=TCP_FLAGS\n',
  );
  expect(trace.events).toMatchObject([
    { answer: true, socket: false, remote: { address: '::1', port: 51210 } },
    { answer: true, socket: true, local: { address: '10.77.2.2', port: 8317 }, remote: null },
  ]);
});

describe('the stack below a line tells how the kernel came to it', () => {
  const ftrace = (...frames: string[]) =>
    read(
      `tcp_send_reset: ${FIELDS}\n a-1 [0] ..... 1.0: <stack trace>\n${frames.map((f) => ` => ${f}\n`).join('')}`,
    ).trace.events[0]!.path;

  it.each([
    ['close', ['tcp_send_active_reset', '__tcp_close', 'tcp_close', '__x64_sys_close']],
    ['linger', ['tcp_send_active_reset', 'tcp_disconnect', '__tcp_close', '__x64_sys_close']],
    ['exit', ['tcp_send_active_reset', '__tcp_close', '__fput', 'task_work_run', 'do_exit', 'get_signal']],
    [
      'listener-closed',
      ['tcp_send_active_reset', 'tcp_disconnect', 'inet_child_forget', 'inet_csk_listen_stop', '__tcp_close'],
    ],
    ['killed', ['tcp_send_active_reset', 'tcp_abort', 'tcp_diag_destroy']],
    ['disconnect', ['tcp_send_active_reset', 'tcp_disconnect', '__inet_stream_connect']],
    [
      'timer',
      [
        'tcp_send_active_reset',
        'tcp_keepalive_timer',
        'call_timer_fn',
        'handle_softirqs',
        '__tcp_close',
        'do_exit',
      ],
    ],
    ['answer', ['tcp_v4_send_reset', 'tcp_v4_do_rcv', 'handle_softirqs', '__tcp_close', 'do_exit']],
    [null, ['something_else', 'handle_softirqs', '__tcp_close']],
  ])('%s', (path, frames) => {
    expect(ftrace(...frames)).toBe(path);
  });

  it('in the writing of perf, where it also tells whose task it was', () => {
    const stack =
      '\tffffffff82034227 tcp_send_active_reset+0x677 ([kernel.kallsyms])\n\tffffffff82036402 tcp_abort+0x8c2 ([kernel.kallsyms])\n\n';
    const { trace } = read(`ss 7686 [001] 1224.4: tcp:tcp_send_reset: ${FIELDS}\n${stack}`);
    expect(trace.events).toMatchObject([{ path: 'killed', inTask: true, task: 'ss-7686' }]);
  });
});

describe('a trace that is not whole says so', () => {
  it.each([
    ['lost events', `tcp_send_reset: ${FIELDS}\nCPU:1 [LOST 12 EVENTS]\n`],
    ['an overrun buffer', `# entries-in-buffer/entries-written: 3/9   #P:2\ntcp_send_reset: ${FIELDS}\n`],
    ['a damaged line', `tcp_send_reset: ${FIELDS}\ntcp_send_reset: skbaddr=0 src=10.77.2.2:8317 de\n`],
    ['a line without an end', `tcp_send_reset: ${FIELDS}\n${'x'.repeat(100_000)}\n`],
  ])('%s', (_, text) => {
    expect(read(text, 1000).trace.whole).toBe(false);
  });

  it('and one that is, does not', () => {
    const { trace, told } = read(
      `# tracer: nop\n# entries-in-buffer/entries-written: 1/1\ntcp_send_reset: ${FIELDS}\r\n`,
    );
    expect(trace.whole).toBe(true);
    expect(told).toEqual({ name: 'reset.trace', kind: 'trace', records: 1, warnings: [] });
  });
});

it('refuses what is no trace, and takes an empty one', () => {
  expect(() => read('GET / HTTP/1.1\n')).toThrow(NotHostDataError);
  expect(read('').told.warnings).toMatchObject([{ code: 'no-events' }]);
  expect(read('# tracer: nop\n#\n').told).toMatchObject({ records: 0 });
});
