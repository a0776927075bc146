import type { Chain, Endpoint, Hop, Link } from './model.ts';

const LOCAL = new Set(['localhost', '127.0.0.1', '::1', '0.0.0.0', '::', '*', '']);

/** Whether a connection to `target` may arrive at `listen`. */
function reaches(target: Endpoint, listen: Endpoint): boolean {
  if (target.port === null || target.port !== listen.port) return false;
  const [to, at] = [target.host, listen.host];
  // A server that listens on every address does not know its name, and a name may be that of any host.
  return to === null || at === null || LOCAL.has(at) || to === at || isName(to) || isName(at);
}

const isName = (host: string) => !/^[\d.]+$|:/.test(host);

/**
 * Which hop connects to which: by port and address; what is left over is put together where it is the only thing that
 * fits. `behind` stands in front of every hop that nothing else in the files connects to.
 */
export function linkHops(hops: Hop[], behind: Hop | null): Chain {
  const links: Link[] = [];
  const accepting = hops.filter((hop) => isServer(hop));
  for (const from of hops)
    for (const to of accepting)
      if (from !== to && from.targets.some((target) => to.listens.some((listen) => reaches(target, listen))))
        links.push({ from, to, assumed: false });

  const reached = new Set(links.map(({ to }) => to));
  const resolved = new Set(links.map(({ from }) => from));
  const open = hops.filter((hop) => hop.targets.length > 0 && !resolved.has(hop) && isServer(hop));
  const loose = accepting.filter(
    (hop) => !reached.has(hop) && !open.includes(hop) && hop.targets.length === 0,
  );
  const unnamed = loose.filter((hop) => hop.listens.every(({ port }) => port === null));
  if (open.length > 0 && unnamed.length === 1 && loose.length === 1) {
    for (const from of open) links.push({ from, to: unnamed[0]!, assumed: true });
    reached.add(unnamed[0]!);
  }
  if (behind === null) return { hops, links: inOrder(links) };
  for (const to of accepting) if (!reached.has(to)) links.push({ from: behind, to, assumed: false });
  return { hops: [behind, ...hops], links: inOrder(links) };
}

/** From the client to the server: first the links from hops that nothing leads to. */
function inOrder(links: readonly Link[]): Link[] {
  const waiting = new Set(links);
  const ordered: Link[] = [];
  while (waiting.size > 0) {
    const first = [...waiting].filter(({ from }) => ![...waiting].some(({ to }) => to === from));
    // A circle has no beginning.
    for (const link of first.length > 0 ? first : waiting) {
      ordered.push(link);
      waiting.delete(link);
    }
  }
  return ordered;
}

const isServer = (hop: Hop) => hop.listens.length > 0;
