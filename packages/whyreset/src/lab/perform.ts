import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flushConntrack } from './kernel/conntrack.ts';
import { SystemCallError } from './kernel/libc.ts';
import { KernelSocket, TCP_CLOSE } from './kernel/socket.ts';
import { LabError } from './lab-error.ts';
import { conditionText } from './narrate.ts';
import type { Stage } from './stage.ts';
import type { Condition, Data, Seen, Step } from './steps.ts';
import { tool } from './tool.ts';
import { until } from './until.ts';

type Act = Step['act'];
type Of<A extends Act> = Extract<Step, { act: A }>;

/** What a step came to, where that is worth telling: bytes read, an error met. */
export type Outcome = string | null;

function bytesOf(data: Data): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  if ('hex' in data) return Buffer.from(data.hex, 'hex');
  return new Uint8Array(data.bytes).fill(0x78);
}

/** Notes a socket's error as the words its host would see; anything else is a fault of the lab. */
function met(stage: Stage, on: string, error: unknown): Outcome {
  if (!(error instanceof SystemCallError)) throw error;
  const { code, errno, syscall, message } = error;
  stage.words.push({ host: stage.hostOf(on), as: on, code, errno, syscall, message });
  return message;
}

async function sendAll(stage: Stage, on: string, data: Uint8Array): Promise<void> {
  const socket = stage.socket(on);
  let sent = 0;
  await until(`there is room to send on ${on}`, () => {
    sent += socket.send(data.subarray(sent));
    return sent === data.length;
  });
}

function seen(stage: Stage, { at, from, flags, payload, times = 1 }: Seen): boolean {
  const recorder = stage.need('waiting for a packet') && stage.recorders![at];
  const sources = [stage.address(from), stage.address(from, 6)];
  const matching = recorder.segments.filter(
    (segment) =>
      segment.flags === flags &&
      sources.includes(segment.source) &&
      (payload === undefined || payload === segment.length > 0),
  );
  return matching.length >= times;
}

function holds(stage: Stage, that: Condition): boolean {
  if ('unread' in that) return stage.socket(that.unread).unread >= that.atLeast;
  if ('acknowledged' in that) return stage.socket(that.acknowledged).unacknowledged === 0;
  if ('gone' in that) return stage.socket(that.gone).state === TCP_CLOSE;
  if ('settled' in that) return stage.socket(that.settled).connected();
  if ('seen' in that) return seen(stage, that.seen);
  return false;
}

const PERFORM: { [A in Act]: (stage: Stage, step: Of<A>) => Outcome | Promise<Outcome> } = {
  listen(stage, { host, port, as, backlog, loopback, address: of = host, family = 4, multipath, set = {} }) {
    const address = loopback === true ? (family === 6 ? '::1' : '127.0.0.1') : stage.address(of, family);
    const socket = stage.on(host, () => KernelSocket.open(address, multipath));
    stage.sockets.set(as, { socket, host });
    socket.set('SO_REUSEADDR', 1);
    for (const [option, value] of Object.entries(set)) socket.set(option as keyof typeof set, value);
    try {
      socket.bind(address, port);
    } catch (error) {
      const why = `Port ${port} of the ${host} cannot be listened on: ${(error as Error).message}`;
      throw new LabError(
        'lab-port-taken',
        stage.network === null
          ? `${why}; without network namespaces the lab needs it on this machine.`
          : `${why}.`,
        error,
      );
    }
    socket.listen(backlog);
    return null;
  },
  async connect(stage, { host, to, port, as, wait, fromPort, family = 4, multipath, set = {} }) {
    const address = stage.address(to, family);
    const socket = stage.on(host, () => KernelSocket.open(address, multipath));
    stage.sockets.set(as, { socket, host });
    for (const [option, value] of Object.entries(set)) socket.set(option as keyof typeof set, value);
    try {
      if (fromPort !== undefined) {
        socket.set('SO_REUSEADDR', 1);
        socket.bind(stage.address(host, family), fromPort);
      }
      socket.connect(address, port);
      if (wait) await until(`${as} is connected`, () => socket.connected());
      return null;
    } catch (error) {
      return met(stage, as, error);
    }
  },
  async accept(stage, { on, as }) {
    let socket: KernelSocket | null = null;
    await until(`a connection comes in on ${on}`, () => {
      socket = stage.socket(on).accept();
      return socket !== null;
    });
    stage.sockets.set(as, { socket: socket!, host: stage.hostOf(on) });
    return null;
  },
  async send(stage, { on, data }) {
    try {
      await sendAll(stage, on, bytesOf(data));
      return null;
    } catch (error) {
      return met(stage, on, error);
    }
  },
  async read(stage, { on, max }) {
    try {
      let read: Uint8Array | null = null;
      await until(`there is something to read on ${on}`, () => {
        read = stage.socket(on).recv(max);
        return read !== null;
      });
      const { length } = read!;
      return length === 0 ? 'the end of the stream' : `${length} bytes`;
    } catch (error) {
      return met(stage, on, error);
    }
  },
  close(stage, { on }) {
    stage.socket(on).close();
    return null;
  },
  abort(stage, { on }) {
    stage.socket(on).lingerZero();
    stage.socket(on).close();
    return null;
  },
  shutdown(stage, { on }) {
    stage.socket(on).shutdown();
    return null;
  },
  vanish(stage, { on }) {
    stage.socket(on).set('TCP_REPAIR', 1);
    stage.socket(on).close();
    return null;
  },
  set(stage, { on, option, value }) {
    stage.socket(on).set(option, value);
    return null;
  },
  async start(stage, { host, as, program, args, ready, descriptors }) {
    const started = stage.start(host, as, program, args, descriptors);
    if (ready !== undefined) await started.said(ready);
    return null;
  },
  write(stage, { file, text }) {
    writeFileSync(join(stage.directory, file), stage.fill(text));
    return null;
  },
  async finish(stage, { as }) {
    await stage.program(as).end();
    return stage.words.filter((word) => word.as === as).at(-1)?.message ?? null;
  },
  signal(stage, { as, signal }) {
    stage.program(as).signal(signal);
    return null;
  },
  tell(stage, { as, line }) {
    stage.program(as).write(stage.fill(line));
    return null;
  },
  firewall(stage, { host, rules, does }) {
    stage.need(`a firewall that ${does}`).nft(host, stage.fill(rules));
    return null;
  },
  sysctl(stage, { host, key, value }) {
    stage.need(`setting ${key}`).sysctl(host, key, value);
    return null;
  },
  forget(stage, { host }) {
    stage.need('connection tracking').within(host, flushConntrack);
    return null;
  },
  'lose-server'(stage) {
    stage.loseServer();
    return null;
  },
  'plug-server'(stage) {
    stage.plugServer();
    return null;
  },
  'move-address'(stage) {
    stage.need('a second server host').moveAddress();
    return null;
  },
  destroy(stage, { host, port }) {
    const network = stage.need('destroying sockets');
    network.within(host, () => tool('ss', 'iproute2', ['-K', 'sport', '=', `:${port}`]));
    return null;
  },
  box(stage, { options }) {
    stage.box(options, () => {});
    return null;
  },
  flood(stage, { port, count }) {
    stage.need('forged SYNs').flood(port, count);
    return null;
  },
  repeat(stage, { text, laterMs }) {
    stage.need('a path that repeats a frame').line.repeat(Buffer.from(text), laterMs);
    return null;
  },
  lose(stage, { text }) {
    stage.need('a path that loses a frame').line.lose(Buffer.from(text));
    return null;
  },
  hold(stage) {
    stage.need('a queue on the path').line.hold();
    return null;
  },
  release(stage) {
    stage.need('a queue on the path').line.release();
    return null;
  },
  duplicate(stage) {
    stage.need('a path that delivers twice').line.duplicating = true;
    return null;
  },
  meddle(stage, { how }) {
    stage.need('a box that changes what passes').line.meddling = how;
    return null;
  },
  configure(stage, { host, lines }) {
    stage.need('configuring a host').ip(
      host,
      lines.map((line) => stage.fill(line)),
    );
    return null;
  },
  async until(stage, { that }) {
    if ('said' in that) {
      await stage.program(that.said).said(that.line);
      return null;
    }
    try {
      await until(conditionText(that), () => holds(stage, that));
      return null;
    } catch (error) {
      if ('settled' in that) return met(stage, that.settled, error);
      throw error;
    }
  },
  async silence(_stage, { seconds }) {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return null;
  },
};

/** Does one step. */
export async function perform(stage: Stage, step: Step): Promise<Outcome> {
  return await PERFORM[step.act](stage, step as never);
}
