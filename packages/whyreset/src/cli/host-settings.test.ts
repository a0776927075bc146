import { expect, it } from 'vitest';
import { audit } from '../audit/audit.ts';
import { hostHop } from './host-settings.ts';

const host = (files: Record<string, string>) =>
  audit([], { more: [hostHop({ read: (path) => files[path] ?? null })] }).findings.map(
    ({ rule, message }) => `${rule}: ${message}`,
  );

it('a host that lacks nothing, and one that cannot be read, have no finding', () => {
  expect(host({})).toEqual([]);
  expect(
    host({
      '/proc/sys/net/core/somaxconn': '4096\n',
      '/proc/net/netstat': 'TcpExt: SyncookiesSent ListenOverflows TCPAbortOnMemory\nTcpExt: 0 0 0\n',
      '/proc/net/sockstat': 'sockets: used 10\nTCP: inuse 5 orphan 0 tw 3 alloc 8 mem 2\n',
      '/proc/sys/net/ipv4/tcp_mem': '100 200 400\n',
      '/proc/sys/net/ipv4/ip_local_port_range': '32768 60999\n',
      '/proc/vmstat': 'oom_kill 0\n',
      '/proc/sys/fs/file-nr': '1000\t0\t9000\n',
      '/proc/sys/net/netfilter/nf_conntrack_count': '10\n',
      '/proc/sys/net/netfilter/nf_conntrack_max': '1000\n',
    }),
  ).toEqual([]);
});

it('what a host has run out of is said, each with where the number stands', () => {
  expect(
    host({
      '/proc/sys/net/ipv4/tcp_abort_on_overflow': '1\n',
      '/proc/net/netstat':
        'TcpExt: ListenOverflows TCPAbortOnMemory\nTcpExt: 12 3\nIpExt: InNoRoutes\nIpExt: 1\n',
      '/proc/net/sockstat': 'TCP: inuse 20000 orphan 0 tw 8000 alloc 8 mem 190\n',
      '/proc/sys/net/ipv4/tcp_mem': '100 200 400\n',
      '/proc/sys/net/ipv4/ip_local_port_range': '32768 60999\n',
      '/proc/vmstat': 'oom_kill 2\n',
      '/sys/fs/cgroup/memory.events': 'low 0\noom_kill 1\n',
      '/sys/fs/cgroup/pids.max': '100\n',
      '/sys/fs/cgroup/pids.current': '95\n',
      '/etc/ssh/sshd_config': '#MaxStartups 10:30:100\nMaxStartups 2:50:10\n',
      '/proc/net/tcp':
        '  sl\n   0: 0100007F:0016 0100007F:D431 01 0\n   1: 0100007F:0016 0100007F:D432 01 0\n   2: 00000000:0016 00000000:0000 0A 0\n',
      '/proc/sys/fs/file-nr': '8000\t0\t9000\n',
      '/proc/sys/net/netfilter/nf_conntrack_count': '990\n',
      '/proc/sys/net/netfilter/nf_conntrack_max': '1000\n',
    }),
  ).toEqual([
    expect.stringMatching(/^abortive-switch: this host: net.ipv4.tcp_abort_on_overflow = 1 answers a full/),
    'host-pressure: this host: an accept queue was full 12 times (ListenOverflows)',
    'host-pressure: this host: 3 connections were ended for want of memory (TCPAbortOnMemory)',
    'host-pressure: this host: connection tracking holds 990 of 1000 entries (nf_conntrack_count)',
    'host-pressure: this host: sockets hold 190 pages of memory; from 200 on the kernel saves (TCP mem)',
    'host-pressure: this host: 2 processes were killed for want of memory; their connections ended with them (oom_kill)',
    'host-pressure: this host: 8000 of 9000 descriptors are open (file-nr)',
    'host-pressure: this host: 28000 sockets are open or waiting; 28231 local ports are there for each address (ip_local_port_range)',
    'host-pressure: this host: 1 processes of this container were killed at its memory limit; their connections ended with them (memory.events)',
    'host-pressure: this host: this container runs 95 of 100 processes and threads (pids.max)',
    'host-pressure: this host: 2 SSH connections are open; from 2 that have not logged in sshd drops some of the next (MaxStartups)',
  ]);
});
