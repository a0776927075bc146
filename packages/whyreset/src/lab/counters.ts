/** Kernel counters of one namespace by the names nstat gives them, e.g. `TcpOutRsts`, `TcpExtTCPAbortOnClose`. */
export type Counters = ReadonlyMap<string, number>;

/** Reads /proc/net/snmp and /proc/net/netstat: pairs of lines, names then values, each with its prefix. */
export function parseCounters(text: string): Counters {
  const counters = new Map<string, number>();
  const lines = text.trim().split('\n');
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [prefix, ...names] = lines[at]!.split(/\s+/);
    const values = lines[at + 1]!.split(/\s+/).slice(1);
    for (const [index, name] of names.entries())
      counters.set(prefix!.replace(':', '') + name, Number(values[index]));
  }
  return counters;
}

/** What changed between two readings. */
export function changes(before: Counters, after: Counters): Record<string, number> {
  const changed: Record<string, number> = {};
  for (const [name, value] of after) {
    const change = value - (before.get(name) ?? 0);
    if (change !== 0) changed[name] = change;
  }
  return changed;
}
