import { defineFamily } from './define.ts';

/** Has no causes of its own: each connection keeps its own, and the finding says what they have in common. */
export default defineFamily({
  id: 'port-scan',
  title: 'Port or address scan',
  benign: false,
  sharedBy: 'client',
  statement: ({ scan }) => scan?.says ?? 'one client tried many ports or addresses',
  headline: ({ facts, clients }) =>
    `${clients[0] ?? 'A client'} scans ${facts.scan?.kind === 'hosts' ? 'addresses' : 'ports'}: ${facts.scan?.says.replace(`${clients[0]} `, 'it ') ?? 'it tried many'}`,
  completeHeadline: true,
  advice: ({ clients }) => [
    {
      who: 'client',
      do: `Find out what runs on ${clients[0] ?? 'the client'}: a security scanner, a monitoring or discovery tool, or a program with a wrong list of targets`,
    },
    {
      who: 'server',
      do: 'Nothing is wrong with a port that refuses a scan. Block or limit the address where the scan is not wanted',
    },
  ],
  context: [],
  tells: [],
});
