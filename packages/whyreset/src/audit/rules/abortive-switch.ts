import { defineRule } from '../rule.ts';
import { placesOf, whereOf } from '../say.ts';

export default defineRule({
  id: 'abortive-switch',
  severity: 'warning',
  title: 'No switch is on that resets connections which are in order.',
  why: 'Some settings trade a lingering connection for a RST. The peer sees "connection reset by peer", and loses what it had not read yet.',
  sources: [
    'nginx.org lingering_close, reset_timedout_connection',
    'docs.haproxy.org option nolinger',
    'ip-sysctl.rst',
  ],
  bad: [
    {
      title: 'nginx',
      files: { 'nginx.conf': 'http { lingering_close off; server { listen 80; root /srv; } }' },
    },
    { title: 'the kernel', files: { 'sysctl.conf': 'net.ipv4.tcp_abort_on_overflow = 1\n' } },
  ],
  good: [
    {
      title: 'as shipped',
      files: {
        'nginx.conf': 'http { server { listen 80; root /srv; } }',
        'sysctl.conf': 'net.ipv4.tcp_syncookies = 1\n',
      },
    },
  ],
  hop(hop) {
    return (hop.process.harmful ?? []).map((first) => ({
      message: `${hop.name}: ${first.setting.name} ${first.does}`,
      positions: placesOf([first.setting, hop]),
      edits: [
        {
          at: first.setting.origin.kind === 'written' ? first.setting.origin.at : null,
          where: whereOf(hop),
          text: first.instead,
        },
      ],
    }));
  },
});
