import { type Hop, hop, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { parseLines } from '../syntax/lines.ts';

/** Switches of the kernel that reset connections which are in order. */
const HARMFUL: Readonly<Record<string, { when: string; does: string; instead: string }>> = {
  'net.ipv4.tcp_abort_on_overflow': {
    when: '1',
    does: 'answers a full accept queue with a RST instead of letting the client try again a second later',
    instead: 'net.ipv4.tcp_abort_on_overflow = 0',
  },
  'net.ipv4.tcp_tw_recycle': {
    when: '1',
    does: 'drops the SYNs of clients that share an address behind a NAT (removed in Linux 4.12)',
    instead: 'net.ipv4.tcp_tw_recycle = 0',
  },
};

/** What sysctl says of one host. */
export function hopOfSysctl(
  values: Iterable<{ name: string; value: string; at: NonNullable<Hop['at']> }>,
  name: string,
): Hop {
  const one = hop('linux', name, null);
  for (const entry of values) {
    const key = entry.name.replaceAll('/', '.').replace(/^-/, '');
    one.at ??= entry.at;
    if (key === 'net.core.somaxconn') one.process.somaxconn = written(key, Number(entry.value), entry.at);
    if (key === 'net.ipv4.tcp_keepalive_time')
      one.connects.tcpKeepAlive = written(key, Number(entry.value), entry.at);
    const harmful = HARMFUL[key];
    if (harmful !== undefined && entry.value === harmful.when)
      one.process.harmful = [
        ...(one.process.harmful ?? []),
        {
          setting: written(`${key} = ${entry.value}`, entry.value, entry.at),
          does: harmful.does,
          instead: harmful.instead,
        },
      ];
  }
  return one;
}

export default defineReader({
  id: 'linux',
  reads: 'sysctl.conf, sysctl.d/*.conf, sysctl -a',
  recognises: (path, text) =>
    /sysctl[^/]*(\.conf)?$|sysctl\.d\//i.test(path) || /^\s*net\.(ipv4|core|netfilter)\.\w+\s*=/m.test(text),
  read: ({ path, text }) => [hopOfSysctl(parseLines(path, text), 'Linux')],
});
