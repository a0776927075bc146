import { defineRule } from '../rule.ts';
import { placesOf } from '../say.ts';

export default defineRule({
  id: 'host-pressure',
  severity: 'warning',
  title: 'This host has not run out of what connections are made of.',
  why: 'A full accept queue, a full connection-tracking table, sockets without memory and processes killed for want of it end connections that nobody closed. The kernel counts each; a count above zero says that it has happened since the start.',
  sources: ['Documentation/networking/snmp_counter.rst', 'ip-sysctl.rst', 'nf_conntrack-sysctl.rst'],
  bad: [],
  good: [],
  hop(hop) {
    return (hop.process.pressures ?? []).map(({ setting, says, instead }) => ({
      message: `${hop.name}: ${says} (${setting.name})`,
      positions: placesOf([setting, hop]),
      edits: [{ at: null, where: hop.name, text: instead }],
    }));
  },
});
