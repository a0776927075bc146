import { ADDRESSES } from './path/addresses.ts';
import type { Condition, Data, Step } from './steps.ts';

function dataText(data: Data): string {
  if (typeof data === 'string') {
    const [line] = data.split(/\r?\n/, 1);
    return `“${line}”${data.length > line!.length + 2 ? ' …' : ''} (${Buffer.byteLength(data)} bytes)`;
  }
  return 'hex' in data ? `${data.hex.length / 2} bytes` : `${data.bytes.toLocaleString('en')} bytes`;
}

/** Places that are filled in when a step is performed, by their names. */
const plain = (text: string) => text.replace(/\$\{(\w+)\}/g, '$1');

/** What is waited for, as “wait until …”. */
export function conditionText(that: Condition): string {
  if ('unread' in that) return `${that.atLeast} bytes wait unread on ${that.unread}`;
  if ('acknowledged' in that) return `all that ${that.acknowledged} sent is acknowledged`;
  if ('gone' in that) return `the kernel has let go of ${that.gone}`;
  if ('settled' in that) return `the handshake of ${that.settled} is over`;
  if ('said' in that) return `${that.said} says ${that.line}`;
  const { at, from, flags, times = 1 } = that.seen;
  return `${times > 1 ? `${times} segments` : 'a segment'} [${flags}] of the ${from} ${times > 1 ? 'have' : 'has'} passed the ${at}’s interface`;
}

/** One line of narration: who does what. */
export function narrate(step: Step): string {
  switch (step.act) {
    case 'listen':
      return `${step.host}: listens on port ${step.port}${step.loopback === true ? ', on loopback only' : ''} (backlog ${step.backlog})`;
    case 'connect':
      return `${step.host}: ${step.as === step.host ? '' : `${step.as} `}connects to ${step.to === 'server' ? 'the server' : `the ${step.to}`}, port ${step.port}${step.wait ? '' : ', and does not wait'}`;
    case 'accept':
      return `${step.as}: accepts the connection`;
    case 'send':
      return `${step.on}: sends ${dataText(step.data)}`;
    case 'read':
      return `${step.on}: reads`;
    case 'close':
      return `${step.on}: closes`;
    case 'abort':
      return `${step.on}: aborts (SO_LINGER {1, 0}, close)`;
    case 'shutdown':
      return `${step.on}: ends its sending direction (shutdown)`;
    case 'vanish':
      return `${step.on}: vanishes without a packet`;
    case 'set':
      return `${step.on}: sets ${step.option} to ${step.value}`;
    case 'start':
      return `${step.host}: starts ${step.as} (${plain([step.program, ...step.args].join(' '))})`;
    case 'write':
      return `writes ${step.file}`;
    case 'finish':
      return `${step.as}: runs to its end`;
    case 'signal':
      return `${step.as}: gets ${step.signal}`;
    case 'tell':
      return `${step.as}: is told “${step.line}”`;
    case 'firewall':
      return `${step.host}: ${step.does}`;
    case 'sysctl':
      return `${step.host}: ${step.key.replaceAll('/', '.')} = ${step.value}`;
    case 'forget':
      return `${step.host}: forgets all connections it tracked`;
    case 'lose-server':
      return `server: loses power (${ADDRESSES.server.v4} answers no more)`;
    case 'plug-server':
      return 'server: a host that remembers nothing comes up under the same address';
    case 'move-address':
      return `standby: takes ${ADDRESSES.server.v4} over; the server goes on`;
    case 'destroy':
      return `${step.host}: an operator destroys the sockets of port ${step.port} (ss -K)`;
    case 'box':
      return `router: ${step.options.does}`;
    case 'flood':
      return `router: ${step.count} SYNs with forged senders go to port ${step.port} of the server`;
    case 'repeat':
      return `path: will deliver the server’s “${step.text}” a second time, ${step.laterMs} ms later`;
    case 'lose':
      return `path: will lose the server’s next “${step.text}”`;
    case 'hold':
      return 'path: what the server sends waits in a queue, which only SYN and RST pass';
    case 'release':
      return 'path: the queue empties';
    case 'duplicate':
      return 'path: delivers every frame twice from now on';
    case 'meddle':
      return `path: a box ${step.does}`;
    case 'configure':
      return `${step.host}: ${step.lines.map((line) => `ip ${line}`).join('; ')}`;
    case 'until':
      return `wait until ${conditionText(step.that)}`;
    case 'silence':
      return `${step.seconds} s of silence: ${step.because}`;
  }
}
