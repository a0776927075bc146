import { constants } from 'node:os';

interface Entry {
  signals: readonly NodeJS.Signals[];
  exit: boolean;
  drain(reason: string): Promise<unknown>;
}

const entries = new Set<Entry>();
const listeners = new Map<NodeJS.Signals, () => void>();
let underWay = false;

/**
 * Drains on the entry's signals, together with every other server of the process: the process exits when the
 * last of them is done, and at once on a second signal.
 *
 * @returns takes the entry back.
 */
export function drainOnSignals(entry: Entry): () => void {
  entries.add(entry);
  for (const signal of entry.signals) {
    if (listeners.has(signal)) continue;
    const listener = () => onSignal(signal);
    listeners.set(signal, listener);
    process.on(signal, listener);
  }
  return () => {
    if (underWay) return;
    entries.delete(entry);
    for (const [signal, listener] of listeners) {
      if ([...entries].some(({ signals }) => signals.includes(signal))) continue;
      process.off(signal, listener);
      listeners.delete(signal);
    }
  };
}

async function onSignal(signal: NodeJS.Signals): Promise<void> {
  if (underWay) process.exit(128 + constants.signals[signal]);
  underWay = true;
  const concerned = [...entries].filter(({ signals }) => signals.includes(signal));
  await Promise.allSettled(concerned.map((entry) => entry.drain(signal)));
  if (concerned.some(({ exit }) => exit)) process.exit(process.exitCode ?? 0);
}
