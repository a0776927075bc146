import { defineRule } from '../rule.ts';
import { placesOf } from '../say.ts';

export default defineRule({
  id: 'backlog-somaxconn',
  severity: 'warning',
  title: 'The accept queue that a program asks for fits into net.core.somaxconn.',
  why: 'The kernel silently takes the smaller number. When the queue is full, SYNs are dropped and clients wait a second for the next try, or are reset where tcp_abort_on_overflow is on.',
  sources: ['listen(2)', 'ip-sysctl.rst'],
  bad: [
    {
      title: 'nginx asks for 511',
      files: {
        'sysctl.conf': 'net.core.somaxconn = 128\n',
        'nginx.conf': 'http { server { listen 80; root /srv; } }',
      },
    },
  ],
  good: [
    {
      title: 'room enough',
      files: {
        'sysctl.conf': 'net.core.somaxconn = 4096\n',
        'nginx.conf': 'http { server { listen 80; root /srv; } }',
      },
    },
  ],
  hop(hop, chain) {
    const asks = hop.accepts.backlog;
    const most = chain.hops.find(({ process }) => process.somaxconn !== undefined)?.process.somaxconn;
    if (!asks || !most || asks.value <= most.value) return null;
    return {
      message: `${hop.name} asks for an accept queue of ${asks.value} (${asks.name}${asks.origin.kind === 'default' ? ', the default' : ''}); the kernel gives ${most.value} (${most.name})`,
      positions: placesOf([most, hop], [asks, hop]),
      edits: [
        {
          at: most.origin.kind === 'written' ? most.origin.at : null,
          where: 'sysctl',
          text: `net.core.somaxconn = ${Math.max(4096, asks.value)}`,
        },
      ],
    };
  },
});
