import { kernelReasons, reasonName } from '../host/kernel-reasons.ts';

/** A host as the items are asked of it; `sender` is the side whose address the RST carries. */
export type AskedHost = 'client' | 'server' | 'sender' | 'box';

/** Where a further capture is to be taken, or what it has to hold. */
export type CapturePlace = 'client' | 'server' | 'box' | 'other end' | 'both directions' | 'beginning';

/** The one extra item that tells two causes apart, as data: its words are made in `askText` alone. */
export type Ask =
  | { item: 'counters'; of: AskedHost; names: readonly string[] }
  /** The line of tracepoint tcp:tcp_send_reset; `means` says which reason stands for which cause. */
  | { item: 'trace'; of: AskedHost; means: readonly { reasons: readonly string[]; cause: string }[] }
  | { item: 'capture'; at: CapturePlace; shows: string }
  /** `what` is a noun phrase: `the idle timeout and its keep-alive hint`. */
  | { item: 'config'; of: AskedHost; what: string }
  | { item: 'log'; of: AskedHost; what: string }
  /** Something to look at while it happens: a command and what its output would mean. */
  | { item: 'state'; of: AskedHost; what: string }
  /** Something to try by hand, as an imperative: `connect with and without TLS`. */
  | { item: 'attempt'; what: string };

export const ask = {
  counters: (of: AskedHost, ...names: string[]): Ask => ({ item: 'counters', of, names }),
  trace: (of: AskedHost, ...means: { reasons: readonly string[]; cause: string }[]): Ask => ({
    item: 'trace',
    of,
    means,
  }),
  capture: (at: CapturePlace, shows: string): Ask => ({
    item: 'capture',
    at,
    shows,
  }),
  config: (of: AskedHost, what: string): Ask => ({ item: 'config', of, what }),
  log: (of: AskedHost, what: string): Ask => ({ item: 'log', of, what }),
  state: (of: AskedHost, what: string): Ask => ({ item: 'state', of, what }),
  attempt: (what: string): Ask => ({ item: 'attempt', what }),
};

/** Host names as sentences have them; `sender` is replaced where the side is known. */
export type HostNames = Readonly<Record<AskedHost, string>>;

export const HOSTS: HostNames = {
  client: 'the client',
  server: 'the server',
  sender: 'the host that sent the RST',
  box: 'the box on the path',
};

const TRACING = '/sys/kernel/tracing';
const EVENT = 'events/tcp/tcp_send_reset';

/** What its content would mean: `TCP_STATE means x, no line means y`; null where that is a matter of reading it. */
export function askAnswers(asked: Ask): string | null {
  return asked.item === 'trace' ? traceAnswers(asked.means) : null;
}

function traceAnswers(means: Extract<Ask, { item: 'trace' }>['means']): string | null {
  const name = (reason: string) =>
    kernelReasons[reasonName(reason)] === undefined ? reason : reasonName(reason);
  const answers = means.map(({ reasons, cause }) =>
    reasons.length === 0 ? `no line means ${cause}` : `${reasons.map(name).join(' or ')} means ${cause}`,
  );
  return answers.length === 0 ? null : answers.join(', ');
}

/** Shell lines that record the item; null where words are enough. */
export function askCommand({ item }: Pick<Ask, 'item'>): string | null {
  if (item !== 'trace') return null;
  return `sudo sh -c 'cd ${TRACING}; echo stacktrace > ${EVENT}/trigger; echo 1 > ${EVENT}/enable; cat trace_pipe' > reset.trace`;
}

/** The item in words: a noun phrase, or an imperative for `attempt`. */
export function askText(asked: Ask, hosts: HostNames = HOSTS): string {
  switch (asked.item) {
    case 'counters':
      return `the counters ${asked.names.join(', ')} of ${hosts[asked.of]} before and after: nstat -asz > before, and again > after (--counters before after)`;
    case 'trace':
      return `the kernel's trace line for the RST on ${hosts[asked.of]}, recorded while it happens (Linux 6.10 or later; then --trace FILE)`;
    case 'capture':
      if (asked.at === 'both directions')
        return `a capture that holds both directions (every link of the route, no filter by source or destination): ${asked.shows}`;
      if (asked.at === 'beginning')
        return `a capture that holds the beginning of such a connection: ${asked.shows}`;
      return `a capture of the same moment at ${asked.at === 'other end' ? 'the other end' : hosts[asked.at]}: ${asked.shows}`;
    case 'config':
      return `the configuration of ${hosts[asked.of]}: ${asked.what}`;
    case 'log':
      return `the log of ${hosts[asked.of]} (--log FILE): ${asked.what}`;
    case 'state':
      return `on ${hosts[asked.of]}: ${asked.what}`;
    case 'attempt':
      return asked.what;
  }
}
