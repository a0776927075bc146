import { constants } from 'node:os';
import type { Tell } from './notice.ts';

interface Entry {
  signals: readonly NodeJS.Signals[];
  exit: boolean;
  tell: Tell;
  drain(reason: string): Promise<unknown>;
}

const entries = new Set<Entry>();
const listeners = new Map<NodeJS.Signals, () => void>();
let underWay = false;

/** PM2 with shutdown_with_message, where signals do not arrive (Windows). */
const SHUTDOWN = 'shutdown';

function onMessage(message: unknown): void {
  if (message === SHUTDOWN) void onSignal('SIGTERM');
}

/**
 * Drains on the entry's signals, together with every other server of the process: the process exits when the
 * last of them is done, and at once on a second signal.
 *
 * @returns takes the entry back.
 */
export function drainOnSignals(entry: Entry): () => void {
  entries.add(entry);
  // A listener for messages keeps a child process alive: only where a manager of processes said that it is one.
  if (entries.size === 1 && process.env.pm_id !== undefined) process.on('message', onMessage);
  for (const signal of entry.signals) {
    if (listeners.has(signal)) continue;
    const listener = () => onSignal(signal);
    listeners.set(signal, listener);
    process.on(signal, listener);
  }
  return () => {
    if (underWay) return;
    entries.delete(entry);
    if (entries.size === 0) process.off('message', onMessage);
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
  tellOfOthers(signal);
  const concerned = [...entries].filter(({ signals }) => signals.includes(signal));
  await Promise.allSettled(concerned.map((entry) => entry.drain(signal)));
  if (concerned.some(({ exit }) => exit)) process.exit(process.exitCode ?? 0);
}

/** Another listener may end the process in the middle of the drain; it cannot be asked, only named. */
function tellOfOthers(signal: NodeJS.Signals): void {
  const others = process.listenerCount(signal) - (listeners.has(signal) ? 1 : 0);
  if (others <= 0) return;
  for (const { tell } of entries)
    tell({
      code: 'foreign-signal-handler',
      message: `${others} other listener${others === 1 ? '' : 's'} of ${signal} ${others === 1 ? 'is' : 'are'} registered in this process: one that calls process.exit() ends the drain early. Give its work to drain.onDrained.`,
    });
}
