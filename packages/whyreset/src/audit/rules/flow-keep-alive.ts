import type { Chain, Hop, Link } from '../model.ts';
import { defineRule } from '../rule.ts';
import { editOf, placesOf, said } from '../say.ts';
import { durationText } from '../units.ts';

export default defineRule({
  id: 'flow-keep-alive',
  severity: 'error',
  title: 'Where a box forgets silent connections, one end closes them or sends a probe before it does.',
  why: 'A network balancer, a NAT and a stateful firewall forget a connection that has been silent for their limit, and tell neither end. The next packet is dropped, or answered by a RST that looks as if the other end had sent it.',
  sources: [
    'docs.aws.amazon.com NLB, connection idle timeout',
    'learn.microsoft.com load-balancer-tcp-reset',
    'ingress-nginx#5695',
  ],
  bad: [
    {
      title: 'a pool without an idle limit behind an NLB',
      files: { 'redis.conf': 'port 6379\ntimeout 0\n' },
      behind: 'aws-nlb',
    },
  ],
  good: [
    {
      title: 'the server closes first',
      files: { 'redis.conf': 'port 6379\ntimeout 300\n' },
      behind: 'aws-nlb',
    },
  ],
  link({ from, to }: Link, chain: Chain) {
    const forgets = from.accepts.flowTimeout;
    if (!forgets) return null;
    const closes = to.accepts.idleTimeout;
    if (closes === undefined || closes.value < forgets.value) return null;
    const clients = chain.links.filter((link) => link.to === from).map((link) => link.from);
    if (clients.some((client) => keepsAwake(client, forgets.value)) || keepsAwake(to, forgets.value))
      return null;
    return {
      message: `${said(from, 'forgets a silent connection after', forgets, durationText)}; ${said(to, 'keeps idle connections', closes, durationText)}`,
      positions: placesOf([closes, to], [forgets, from]),
      edits: [
        editOf('accepts', to, 'idleTimeout', closes, forgets.value * 0.85),
        ...clients.flatMap((client) => {
          const keeps = client.connects.idleTimeout;
          return keeps ? [editOf('connects', client, 'idleTimeout', keeps, forgets.value * 0.85)] : [];
        }),
        {
          at: null,
          where: 'the clients',
          text: `TCP keep-alive with a first probe after ${Math.floor(forgets.value / 2)} s or less`,
        },
      ].filter((edit) => edit !== null),
    };
  },
});

const keepsAwake = (hop: Hop, limit: number): boolean =>
  (hop.connects.tcpKeepAlive?.value ?? Number.POSITIVE_INFINITY) < limit ||
  (hop.connects.idleTimeout?.value ?? Number.POSITIVE_INFINITY) < limit;
