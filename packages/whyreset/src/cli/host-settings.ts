import { readFileSync } from 'node:fs';
import { type Hop, written } from '../audit/model.ts';
import { hopOfSysctl } from '../audit/readers/linux.ts';

/** The sysctls that rules ask for, below /proc/sys. */
const SYSCTLS = [
  'net.core.somaxconn',
  'net.ipv4.tcp_abort_on_overflow',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_tw_recycle',
];
/** Of a limit: from here on it is worth a word. */
const NEARLY = 0.8;

/** MaxStartups when it is not set: 10:30:100. */
const SSH_STARTS = 10;

export interface HostFiles {
  /** Null: not there, or not for this user. */
  read(path: string): string | null;
}

const files: HostFiles = {
  read(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return null;
    }
  },
};

const at = (file: string) => ({ file, line: 1, column: 1 });

/** This machine as a hop: its settings, and what it has run out of since it started. */
export function hostHop({ read }: HostFiles = files): Hop {
  const sysctls = SYSCTLS.flatMap((name) => {
    const path = `/proc/sys/${name.replaceAll('.', '/')}`;
    const value = read(path)?.trim();
    return value === undefined ? [] : [{ name, value, at: at(path) }];
  });
  const one = hopOfSysctl(sysctls, 'this host');
  one.process.pressures = [
    ...queues(read),
    ...tracking(read),
    ...memory(read),
    ...descriptors(read),
    ...ports(read),
    ...container(read),
    ...logins(read),
  ];
  return one;
}

type Pressure = NonNullable<Hop['process']['pressures']>[number];
type Read = HostFiles['read'];

const pressure = (name: string, path: string, says: string, instead: string): Pressure => ({
  setting: written(name, '', at(path)),
  says,
  instead,
});

/** Counters of /proc/net/netstat: a line of names, a line of numbers. */
function counters(read: Read): Map<string, number> {
  const lines = (read('/proc/net/netstat') ?? '').split('\n').map((line) => line.split(/\s+/));
  const found = new Map<string, number>();
  for (let index = 0; index + 1 < lines.length; index += 2)
    lines[index]!.forEach((name, column) => {
      found.set(name, Number(lines[index + 1]![column]));
    });
  return found;
}

function queues(read: Read): Pressure[] {
  const counts = counters(read);
  const path = '/proc/net/netstat';
  const pressures: Pressure[] = [];
  const overflows = counts.get('ListenOverflows') ?? 0;
  if (overflows > 0)
    pressures.push(
      pressure(
        'ListenOverflows',
        path,
        `an accept queue was full ${overflows} times`,
        'find it with "ss -ltn" (Recv-Q near Send-Q); a longer backlog, and a program that accepts faster',
      ),
    );
  const memoryAborts = counts.get('TCPAbortOnMemory') ?? 0;
  if (memoryAborts > 0)
    pressures.push(
      pressure(
        'TCPAbortOnMemory',
        path,
        `${memoryAborts} connections were ended for want of memory`,
        'raise net.ipv4.tcp_mem or net.ipv4.tcp_max_orphans',
      ),
    );
  return pressures;
}

function tracking(read: Read): Pressure[] {
  const path = '/proc/sys/net/netfilter/nf_conntrack_count';
  const count = Number(read(path) ?? 0);
  const most = Number(read('/proc/sys/net/netfilter/nf_conntrack_max') ?? Number.POSITIVE_INFINITY);
  if (count < most * NEARLY) return [];
  return [
    pressure(
      'nf_conntrack_count',
      path,
      `connection tracking holds ${count} of ${most} entries`,
      `net.netfilter.nf_conntrack_max = ${most * 2}`,
    ),
  ];
}

function memory(read: Read): Pressure[] {
  const pressures: Pressure[] = [];
  const used = /^TCP:.*\bmem (\d+)/m.exec(read('/proc/net/sockstat') ?? '');
  const limits = read('/proc/sys/net/ipv4/tcp_mem')?.trim().split(/\s+/).map(Number);
  if (used !== null && limits?.[1] !== undefined && Number(used[1]) > limits[1] * NEARLY)
    pressures.push(
      pressure(
        'TCP mem',
        '/proc/net/sockstat',
        `sockets hold ${used[1]} pages of memory; from ${limits[1]} on the kernel saves`,
        'raise net.ipv4.tcp_mem, or find who does not read',
      ),
    );
  const kills = Number(/^oom_kill (\d+)/m.exec(read('/proc/vmstat') ?? '')?.[1] ?? 0);
  if (kills > 0)
    pressures.push(
      pressure(
        'oom_kill',
        '/proc/vmstat',
        `${kills} processes were killed for want of memory; their connections ended with them`,
        'journalctl -k | grep -i oom says which',
      ),
    );
  return pressures;
}

function descriptors(read: Read): Pressure[] {
  const path = '/proc/sys/fs/file-nr';
  const [used, , most] = (read(path) ?? '').trim().split(/\s+/).map(Number);
  if (used === undefined || most === undefined || !(used > most * NEARLY)) return [];
  return [pressure('file-nr', path, `${used} of ${most} descriptors are open`, `fs.file-max = ${most * 2}`)];
}

function ports(read: Read): Pressure[] {
  const path = '/proc/sys/net/ipv4/ip_local_port_range';
  const [low, high] = (read(path) ?? '').trim().split(/\s+/).map(Number);
  const busy = Number(/^TCP: inuse (\d+)/m.exec(read('/proc/net/sockstat') ?? '')?.[1] ?? 0);
  const waiting = Number(/\btw (\d+)/.exec(read('/proc/net/sockstat') ?? '')?.[1] ?? 0);
  if (low === undefined || high === undefined || busy + waiting < (high - low) * NEARLY) return [];
  return [
    pressure(
      'ip_local_port_range',
      path,
      `${busy + waiting} sockets are open or waiting; ${high - low} local ports are there for each address`,
      'net.ipv4.ip_local_port_range = 10240 65535, and connections that are kept',
    ),
  ];
}

/** Limits of the control group that this process is in, as a container sees its own (cgroup v2). */
function container(read: Read): Pressure[] {
  const pressures: Pressure[] = [];
  const kills = Number(/^oom_kill (\d+)/m.exec(read('/sys/fs/cgroup/memory.events') ?? '')?.[1] ?? 0);
  if (kills > 0)
    pressures.push(
      pressure(
        'memory.events',
        '/sys/fs/cgroup/memory.events',
        `${kills} processes of this container were killed at its memory limit; their connections ended with them`,
        'raise the container’s memory limit, or find what grows',
      ),
    );
  const most = Number(read('/sys/fs/cgroup/pids.max') ?? Number.NaN);
  const used = Number(read('/sys/fs/cgroup/pids.current') ?? 0);
  if (used >= most * NEARLY)
    pressures.push(
      pressure(
        'pids.max',
        '/sys/fs/cgroup/pids.max',
        `this container runs ${used} of ${most} processes and threads`,
        'raise the container’s limit of processes, or find what starts them',
      ),
    );
  return pressures;
}

/** sshd drops connections beyond MaxStartups before they have said who they are (sshd_config(5)). */
function logins(read: Read): Pressure[] {
  const path = '/etc/ssh/sshd_config';
  const text = read(path) ?? '';
  const starts = /^\s*MaxStartups\s+(\d+)/im.exec(text);
  const least = Number(starts?.[1] ?? SSH_STARTS);
  const waiting = (read('/proc/net/tcp') ?? '')
    .split('\n')
    .filter((line) => /^\s*\d+: \w+:0016 \w+:\w+ 01 /.test(line)).length;
  if (waiting < least) return [];
  return [
    pressure(
      starts === null ? 'MaxStartups, the default' : 'MaxStartups',
      path,
      `${waiting} SSH connections are open; from ${least} that have not logged in sshd drops some of the next`,
      'MaxStartups 100:30:200',
    ),
  ];
}
