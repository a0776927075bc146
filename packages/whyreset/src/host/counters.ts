import { WarningLog } from '../wire/warnings.ts';
import { type HostSource, NotHostDataError } from './source.ts';

/** How a snapshot was written. */
type Format = 'nstat' | 'nstat-json' | 'proc';

interface Snapshot {
  format: Format;
  values: Map<string, number>;
  /** Counters that stand at 0 are listed too, so that a missing one is unknown and not 0. */
  zeros: boolean;
}

/** Counter changes between two snapshots of one host. */
export interface CounterDeltas {
  source: number;
  /** Address of the host they are from, when the user said so. */
  host: string | null;
  /** By name without `TcpExt` and `Tcp`; those that did not change stand with 0. */
  deltas: ReadonlyMap<string, number>;
}

/** Neither grows for ever. */
const GAUGES = new Set(['CurrEstab', 'RtoAlgorithm', 'RtoMin', 'RtoMax', 'MaxConn', 'MemPressure']);
/** A snapshot of a real kernel has some four hundred. */
const MOST_COUNTERS = 5000;

/** `TcpExtTCPAbortOnClose` → `TCPAbortOnClose`, `TcpOutRsts` → `OutRsts`, as the catalogue names them. */
export function counterName(name: string): string {
  return name.replace(/^TcpExt:?|^Tcp(?=[A-Z])/, '');
}

/** Only what TCP counts; other protocols have counters of the same names. */
const OF_TCP = /^(?:TcpExt|Tcp(?=[A-Z]))/;

function put(values: Map<string, number>, name: string, value: number): void {
  if (OF_TCP.test(name) && Number.isSafeInteger(value) && values.size < MOST_COUNTERS)
    values.set(counterName(name), value);
}

function nstatText(text: string): Snapshot | null {
  const values = new Map<string, number>();
  let zeros = false;
  for (const [, name, value] of text.matchAll(/^([A-Za-z]\w{2,60})[ \t]+(\d{1,16})(?:[ \t]|$)/gm)) {
    put(values, name!, Number(value));
    if (value === '0') zeros = true;
  }
  return values.size === 0 ? null : { format: 'nstat', values, zeros };
}

function nstatJson(text: string): Snapshot | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  const table = (parsed as { kernel?: unknown } | null)?.kernel;
  if (typeof table !== 'object' || table === null) return null;
  const values = new Map<string, number>();
  let zeros = false;
  for (const [name, value] of Object.entries(table)) {
    if (typeof value !== 'number') continue;
    put(values, name, value);
    if (value === 0) zeros = true;
  }
  return values.size === 0 ? null : { format: 'nstat-json', values, zeros };
}

/** /proc/net/netstat and /proc/net/snmp, one behind the other in either order: a line of names, a line of numbers. */
function procFiles(text: string): Snapshot | null {
  const values = new Map<string, number>();
  let names: string[] | null = null;
  for (const line of text.split('\n')) {
    const [prefix, ...words] = line.trim().split(/\s+/);
    if (prefix === undefined || !/^[A-Z]\w{0,15}:$/.test(prefix)) continue;
    if (names === null || names[0] !== prefix) {
      names = [prefix, ...words];
      continue;
    }
    for (let i = 0; i < words.length && i + 1 < names.length; i++)
      put(values, prefix.slice(0, -1) + names[i + 1]!, Number(words[i]));
    names = null;
  }
  return values.size === 0 ? null : { format: 'proc', values, zeros: true };
}

function snapshotOf(text: string): Snapshot {
  const found = text.trimStart().startsWith('{') ? nstatJson(text) : (procFiles(text) ?? nstatText(text));
  if (found === null)
    throw new NotHostDataError(
      'holds no TCP counters: give it the output of nstat -asz (or nstat -asz --json), or /proc/net/netstat and /proc/net/snmp',
    );
  return found;
}

/** One whole snapshot as text; larger inputs are no counters. */
export const MOST_COUNTER_BYTES = 4 * 1024 * 1024;

/**
 * What changed between two snapshots of the counters of one host.
 *
 * @param host address of the host when the user gave it
 * @throws NotHostDataError when one of them is none, or the two cannot be compared
 */
export function counterDeltas(
  before: string,
  after: string,
  source: number,
  host: string | null,
  name: string,
): { counters: CounterDeltas; told: HostSource } {
  const first = snapshotOf(before);
  const second = snapshotOf(after);
  const warnings = new WarningLog();
  if (first.format !== second.format)
    warnings.add(
      'mixed-formats',
      'The two counter files were written in different ways; only counters that both name are compared.',
    );
  const deltas = new Map<string, number>();
  let fell = 0;
  for (const [counter, value] of second.values) {
    if (GAUGES.has(counter)) continue;
    const old = first.values.get(counter) ?? (first.zeros ? undefined : 0);
    if (old === undefined) continue;
    if (value < old) fell++;
    deltas.set(counter, value - old);
  }
  if (!second.zeros)
    for (const [counter, value] of first.values)
      if (!second.values.has(counter) && value > 0 && !GAUGES.has(counter)) fell++;
  if (deltas.size === 0)
    throw new NotHostDataError('has no counter in common with the first one: they are not of the same host');
  if (fell > 0)
    throw new NotHostDataError(
      'has smaller counters than the first one: the two are in the wrong order, from different boots or namespaces, or not absolute (nstat needs -a)',
    );
  return {
    counters: { source, host, deltas },
    told: { name, kind: 'counters', records: deltas.size, warnings: warnings.list },
  };
}
