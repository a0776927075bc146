import type { Host } from './path/addresses.ts';
import type { PathOptions } from './path/network.ts';
import type { Step } from './steps.ts';

/** What a scenario needs of the machine. */
export type Needs = 'nothing' | 'namespaces' | 'root';

/** The shape of the RST that the scenario makes: see reference of `reset` evidence. */
export type Shape = 'active' | 'passive' | 'answer-to-syn' | 'forged';

/** What a right verdict names at one vantage. */
export interface Truth {
  /** Whose RST it is; null when it cannot be decided there. */
  sender: Host | null;
  /** The true cause first; others that the same packets allow as well. Empty: nothing is to be reported. */
  causes: readonly string[];
  /** So many troubles there are, when a verdict could tell one several times. */
  count?: number;
}

/** What the run must show, by construction; `whyreset lab --check` holds the run and its diagnosis against it. */
export interface Expectation {
  /** Who sends the RST; null when none is sent. */
  resetBy: Host | null;
  shape: Shape | null;
  /** A RST of this host may be seen as well, by the timing of its program. */
  mayReset?: Host;
  /** It is made by the packet filter of that host, not by its TCP: to call that a box is no false accusation. */
  byFirewall?: true;
  /** The client program's own error; null when it sees none. Any of its errors may match; `a|b` is either. */
  error: { code: string; errno?: number; syscall?: string; message?: RegExp } | null;
  /** A line that a program must print, by its name. */
  says?: Readonly<Record<string, RegExp>>;
  /**
   * Window of the server's active RST against its last segment before: `reopened` when __tcp_close had emptied the
   * receive queue first, `shrunk` when the kernel aborted with the queue full. Absent: not asserted.
   */
  window?: 'reopened' | 'shrunk';
  /** Kernel reason (`reason=` of tcp:tcp_send_reset) of a RST sent; null: the kernel sent none. Absent: not asserted. */
  reason?: string | null;
  /** Changes of kernel counters that must be seen; `some` is any growth. */
  counters?: Partial<Record<Host, Record<string, number | 'some'>>>;
  /** Causes that other connections of the same run truly have. */
  also?: readonly string[];
  /** The router resets as well, later and on its own account: to say so is no false accusation. */
  routerToo?: true;
  /**
   * By vantage; `both` is the two captures together, `kernel` these with the kernels' records (as `both`),
   * `router` the router's own capture, where the scenario asks for one.
   */
  truth: { client: Truth; server: Truth; both: Truth; kernel?: Truth; router?: Truth };
}

/** One way to make one cause happen, as data that the lab performs. The id is the file name. */
export interface Scenario {
  id: string;
  title: string;
  /** One to three sentences: what the reader sees here. */
  shows: string;
  needs: Needs;
  /** Programs of the system it runs, with the Debian package that has them. */
  tools?: Readonly<Record<string, string>>;
  path?: PathOptions;
  /** Bytes that the recordings at both ends keep of a frame, as `tcpdump -s`; all when left out. */
  snapLength?: number;
  /** Interfaces of the router that are recorded as well, into one capture: several as `tcpdump -i any` records them. */
  captureAtRouter?: readonly string[];
  steps: readonly Step[];
  expect: Expectation;
}

export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}

/** The same truth from every vantage. */
export function everywhere(sender: Host | null, ...causes: string[]): Expectation['truth'] {
  const truth = { sender, causes };
  return { client: truth, server: truth, both: truth };
}

/** Nothing to report: the packets at that vantage hold no trouble. */
export const NOTHING: Truth = { sender: null, causes: [] };
