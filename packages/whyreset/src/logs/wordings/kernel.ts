import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Linux kernel',
    source:
      'Linux 6.x mm/oom_kill.c, net/ipv4/tcp_input.c tcp_syn_flood_action, net/ipv4/tcp.c tcp_oom, net/netfilter/nf_conntrack_core.c, arch fault.c',
    reporter: 'host',
    strength: 'decisive',
  },
  [
    {
      id: 'kernel-oom',
      class: 'PROCESS-ENDED',
      marks: ['out-of-memory', 'killed'],
      regexp:
        /\bOut of memory: Kill(?:ed)? process \d{1,9}|\bMemory cgroup out of memory\b|\boom-kill:\S{0,40}|\binvoked oom-killer\b|\bA process of this unit has been killed by the OOM killer\b/,
      says: 'The kernel killed a process for memory.',
      examples: [
        'Out of memory: Killed process 4711 (node) total-vm:1048576kB',
        'oom-kill:constraint=CONSTRAINT_MEMCG',
        'Memory cgroup out of memory: Killed process 4711 (java)',
      ],
    },
    {
      id: 'kernel-segfault',
      class: 'PROCESS-ENDED',
      marks: ['crash'],
      regexp: /\bsegfault at [0-9a-f]{1,16} ip\b|\bgeneral protection fault\b|\btraps: \S{1,40}\[\d{1,9}\] /,
      examples: ['app[4711]: segfault at 0 ip 000055d0 sp 00007ffd error 4 in app[55d0+1000]'],
    },
    {
      id: 'kernel-syn-flood',
      class: 'LIMIT',
      marks: ['syn-flood', 'backlog', 'concurrent'],
      regexp: /\bPossible SYN flooding on port \S{1,60}?\d{1,5}\b/,
      says: 'The queue of half-open connections, or the accept queue, of that port overflowed.',
      examples: [
        'TCP: request_sock_TCP: Possible SYN flooding on port 8080. Sending cookies.  Check SNMP counters.',
        'TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:443. Dropping request.',
      ],
    },
    {
      id: 'kernel-conntrack-full',
      class: 'LIMIT',
      marks: ['conntrack', 'conntrack-full', 'firewall'],
      regexp: /\b(?:nf_|ip_)?conntrack: (?:nf_conntrack: )?table full, dropping packet\b/,
      says: 'New connections are dropped in silence; established ones go on.',
      examples: [
        'nf_conntrack: nf_conntrack: table full, dropping packet',
        'nf_conntrack: table full, dropping packet.',
      ],
    },
    {
      id: 'kernel-tcp-memory',
      class: 'LIMIT',
      marks: ['tcp-memory'],
      regexp:
        /\bTCP: out of memory -- consider tuning tcp_mem\b|\bTCP: too many orphaned sockets\b|\btoo many of orphaned sockets\b/,
      examples: ['TCP: out of memory -- consider tuning tcp_mem', 'TCP: too many orphaned sockets'],
    },
    {
      id: 'kernel-keepalive',
      class: 'TIMEOUT',
      strength: 'cause',
      stage: 'idle',
      marks: ['said-keepalive-timeout'],
      regexp: /\bkeepalive timed out\b/,
      examples: ['tcp keepalive timed out'],
    },
    {
      id: 'kernel-time-wait',
      class: 'LIMIT',
      marks: ['port-exhaustion'],
      regexp: /\bTCP: time wait bucket table overflow\b/,
      examples: ['TCP: time wait bucket table overflow'],
    },
    {
      id: 'kernel-neighbour',
      class: 'LIMIT',
      marks: ['firewall'],
      regexp: /\bneighbou?r: (?:arp_cache|ndisc_cache): neighbor table overflow\b/i,
      examples: ['neighbour: arp_cache: neighbor table overflow!'],
    },
    {
      id: 'counter-conntrack-invalid',
      class: 'LIMIT',
      program: 'conntrack -S',
      strength: 'cause',
      marks: ['conntrack'],
      regexp: /\bcpu=\d{1,4}\s[^\n]{0,120}?\binvalid=[1-9]\d{0,12}\b/,
      says: 'Packets that conntrack calls INVALID pass untranslated.',
      examples: ['cpu=0   \tfound=0 invalid=1234 insert=0 insert_failed=0 drop=0'],
    },
  ],
);
