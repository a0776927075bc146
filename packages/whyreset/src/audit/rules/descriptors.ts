import { defineRule } from '../rule.ts';
import { placesOf, whereOf } from '../say.ts';

/** A proxied connection has two, one to each side. */
const EACH = 2;

export default defineRule({
  id: 'descriptors',
  severity: 'error',
  title: 'A program has the descriptors for the connections that it takes.',
  why: 'Without a descriptor accept() fails, connections wait in the queue until it is full, and those to the upstream fail at once.',
  sources: ['nginx.org worker_rlimit_nofile', 'docs.haproxy.org maxconn'],
  bad: [
    {
      title: 'nginx, 10,000 connections with 8,192 descriptors',
      files: {
        'nginx.conf':
          'worker_rlimit_nofile 8192; events { worker_connections 10000; } http { server { listen 80; root /srv; } }',
      },
    },
  ],
  good: [
    {
      title: 'nginx, twice as many descriptors',
      files: {
        'nginx.conf':
          'worker_rlimit_nofile 20000; events { worker_connections 10000; } http { server { listen 80; root /srv; } }',
      },
    },
  ],
  hop(hop) {
    const { maxConnections: takes, descriptors: has, descriptorsEach = 1 } = hop.process;
    const each = hop.targets.length > 0 ? Math.max(descriptorsEach, 1) : 1;
    if (!takes || !has || takes.value * each <= has.value) return null;
    return {
      message: `${hop.name} takes ${takes.value} connections (${takes.name}) with ${has.value} descriptors (${has.name})`,
      positions: placesOf([has, hop], [takes, hop]),
      edits: [
        {
          at: has.origin.kind === 'written' ? has.origin.at : null,
          where: whereOf(hop),
          text: `${has.name} ${takes.value * EACH}`,
        },
      ],
    };
  },
});
