import type { SocketOption } from './kernel/socket.ts';
import type { Host } from './path/addresses.ts';
import type { BoxOptions } from './path/box.ts';
import type { Meddling } from './path/meddle.ts';

/** What is sent: text, bytes in hexadecimal, or so many filler bytes. */
export type Data = string | { hex: string } | { bytes: number };

/**
 * The words a scenario is written in. Sockets and programs have names: a
 * listener is `listener`, the client's connection `client`, the accepted one
 * `server`, unless `as` says otherwise.
 */
export type Step =
  | {
      act: 'listen';
      host: Host;
      port: number;
      as: string;
      backlog: number;
      /** Only on the host's loopback address. */
      loopback?: boolean;
      /** At the address of this host, which the listening one has taken over. */
      address?: Host;
      family?: 4 | 6;
      multipath?: boolean;
      set?: Partial<Record<SocketOption, number>>;
    }
  | {
      act: 'connect';
      host: Host;
      to: Host;
      port: number;
      as: string;
      /** false: the SYN is sent and nothing waited for. */
      wait: boolean;
      fromPort?: number;
      family?: 4 | 6;
      multipath?: boolean;
      set?: Partial<Record<SocketOption, number>>;
    }
  | { act: 'accept'; on: string; as: string }
  | { act: 'send'; on: string; data: Data }
  | { act: 'read'; on: string; max: number }
  | { act: 'close'; on: string }
  | { act: 'abort'; on: string }
  | { act: 'shutdown'; on: string }
  /** The connection vanishes without a packet (TCP_REPAIR, then close): a crash of the host as the wire sees it. */
  | { act: 'vanish'; on: string }
  | { act: 'set'; on: string; option: SocketOption; value: number }
  | {
      act: 'start';
      host: Host;
      as: string;
      /** A file of the package's programs/ (`*.mjs` by Node, `*.py` by Python), or a command of the system. */
      program: string;
      args: readonly string[];
      /** A line that says it is ready. */
      ready?: RegExp;
      /** Descriptor limit (ulimit -n). */
      descriptors?: number;
    }
  /** A file in the scenario's private directory, e.g. a server's configuration. */
  | { act: 'write'; file: string; text: string }
  | { act: 'finish'; as: string }
  | { act: 'signal'; as: string; signal: NodeJS.Signals }
  | { act: 'tell'; as: string; line: string }
  | { act: 'firewall'; host: Host; rules: string; does: string }
  | { act: 'sysctl'; host: Host; key: string; value: string }
  /** Empties the connection tracking table. */
  | { act: 'forget'; host: Host }
  | { act: 'lose-server' }
  | { act: 'plug-server' }
  /** The standby host takes the server's address over; the server is not asked, and goes on. */
  | { act: 'move-address' }
  /** `ss -K`: an operator destroys the sockets of a port. */
  | { act: 'destroy'; host: Host; port: number }
  /** A box on the router that forges packets. */
  | { act: 'box'; options: BoxOptions }
  /** The router sends so many SYNs to a port of the server, from addresses where nobody is. */
  | { act: 'flood'; port: number; count: number }
  /** The path delivers the server's frame that holds `text` a second time. */
  | { act: 'repeat'; text: string; laterMs: number }
  /** The path loses the server's next frame that holds `text`. */
  | { act: 'lose'; text: string }
  /** From now on what the server sends waits in a queue of the path, which only SYN and RST pass. */
  | { act: 'hold' }
  /** The queue empties, in order. */
  | { act: 'release' }
  /** From now on the path delivers every frame twice. */
  | { act: 'duplicate' }
  /** A bad box between router and server changes what passes from now on. */
  | { act: 'meddle'; how: Meddling; does: string }
  /** Lines for `ip -batch`. */
  | { act: 'configure'; host: Host; lines: readonly string[] }
  | { act: 'until'; that: Condition }
  /** Time itself is what happens: an idle connection, an expiring timer. */
  | { act: 'silence'; seconds: number; because: string };

export type Condition =
  /** So many bytes have arrived that the program has not read. */
  | { unread: string; atLeast: number }
  /** Everything sent was acknowledged. */
  | { acknowledged: string }
  /** The kernel has no connection any more (TCP_INFO: CLOSE). */
  | { gone: string }
  /** The connect begun without waiting is over, one way or the other. */
  | { settled: string }
  | { said: string; line: RegExp }
  /** A segment passed a host's interface. */
  | { seen: Seen };

export interface Seen {
  at: 'client' | 'server';
  from: 'client' | 'server';
  /** Exactly these flags, in tcpdump's letters. */
  flags: string;
  /** With payload or without; either when left out. */
  payload?: boolean;
  /** So many of them (1). */
  times?: number;
}

type Listen = Extract<Step, { act: 'listen' }>;
type Connect = Extract<Step, { act: 'connect' }>;
type Start = Extract<Step, { act: 'start' }>;

export const listen = (host: Host, options: Partial<Listen> = {}): Step => ({
  act: 'listen',
  host,
  port: 8080,
  as: 'listener',
  backlog: 16,
  ...options,
});
export const connect = (options: Partial<Connect> = {}): Step => ({
  act: 'connect',
  host: 'client',
  to: 'server',
  port: 8080,
  as: 'client',
  wait: true,
  ...options,
});
export const accept = (as = 'server', on = 'listener'): Step => ({ act: 'accept', on, as });
export const send = (on: string, data: Data): Step => ({ act: 'send', on, data });
/** Reads once, as soon as there is something: bytes, the end, or an error. */
export const read = (on: string, max = 65_536): Step => ({ act: 'read', on, max });
export const close = (on: string): Step => ({ act: 'close', on });
/** SO_LINGER {1, 0} and close. */
export const abort = (on: string): Step => ({ act: 'abort', on });
export const shutdown = (on: string): Step => ({ act: 'shutdown', on });
export const vanish = (on: string): Step => ({ act: 'vanish', on });
export const set = (on: string, option: SocketOption, value: number): Step => ({
  act: 'set',
  on,
  option,
  value,
});
export const start = (
  host: Host,
  as: string,
  program: string,
  args: readonly string[],
  options: Partial<Start> = {},
): Step => ({
  act: 'start',
  host,
  as,
  program,
  args,
  ...options,
});
export const write = (file: string, text: string): Step => ({ act: 'write', file, text });
export const finish = (as: string): Step => ({ act: 'finish', as });
export const signal = (as: string, name: NodeJS.Signals): Step => ({ act: 'signal', as, signal: name });
export const tell = (as: string, line: string): Step => ({ act: 'tell', as, line });
/** @param does what the rules do, in words, after “the router …” */
export const firewall = (host: Host, does: string, rules: string): Step => ({
  act: 'firewall',
  host,
  rules,
  does,
});
export const sysctl = (host: Host, key: string, value: string): Step => ({ act: 'sysctl', host, key, value });
export const forget = (host: Host): Step => ({ act: 'forget', host });
export const loseServer: Step = { act: 'lose-server' };
export const plugServer: Step = { act: 'plug-server' };
export const moveAddress: Step = { act: 'move-address' };
export const destroy = (host: Host, port = 8080): Step => ({ act: 'destroy', host, port });
export const box = (options: BoxOptions): Step => ({ act: 'box', options });
export const flood = (count: number, port = 8080): Step => ({ act: 'flood', port, count });
export const repeat = (text: string, laterMs: number): Step => ({ act: 'repeat', text, laterMs });
export const lose = (text: string): Step => ({ act: 'lose', text });
export const hold: Step = { act: 'hold' };
export const release: Step = { act: 'release' };
export const duplicate: Step = { act: 'duplicate' };
/** @param does in words, after “a box on the path …” */
export const meddle = (how: Meddling, does: string): Step => ({ act: 'meddle', how, does });
export const configure = (host: Host, ...lines: string[]): Step => ({ act: 'configure', host, lines });
export const until = (that: Condition): Step => ({ act: 'until', that });
export const silence = (seconds: number, because: string): Step => ({ act: 'silence', seconds, because });

/** A small HTTP/1.1 request and its answer, for scenarios that move sockets by hand. */
export const REQUEST = 'GET / HTTP/1.1\r\nHost: example.test\r\n\r\n';
export const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** A connection from client to server, accepted. */
export const CONNECTED: readonly Step[] = [listen('server'), connect(), accept()];
/** A connection with one request answered, then idle. */
export const ANSWERED: readonly Step[] = [
  ...CONNECTED,
  send('client', REQUEST),
  read('server'),
  send('server', RESPONSE),
  read('client'),
  until({ acknowledged: 'server' }),
];

/**
 * Another connection, 0.5 s later, with one request answered and a FIN from each end, the client's first:
 * what a capture must show to prove that it still ran.
 */
export const laterExchange = (port: number, family: 4 | 6 = 4): readonly Step[] => [
  silence(0.5, 'the client waits before it connects again'),
  listen('server', { port, family, as: 'later listener' }),
  connect({ port, family, as: 'later client' }),
  accept('later server', 'later listener'),
  send('later client', REQUEST),
  read('later server'),
  send('later server', RESPONSE),
  read('later client'),
  close('later client'),
  read('later server'),
  close('later server'),
];
