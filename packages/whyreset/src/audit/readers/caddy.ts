import { type Hop, hop, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { endpointOf, urlEndpoint } from '../syntax/address.ts';
import { secondsOf } from '../units.ts';

interface Line {
  words: string[];
  line: number;
  column: number;
  /** Lines of its block. */
  block: Line[];
}

export default defineReader({
  id: 'caddy',
  reads: 'Caddyfile',
  recognises: (path) => /(^|\/)Caddyfile(\.\w+)?$|\.caddyfile$/i.test(path),
  read({ path, text }) {
    const at = ({ line, column }: Line) => ({ file: path, line, column });
    const hops: Hop[] = [];
    for (const site of parse(text)) {
      const names = site.words.filter((word) => word !== '');
      for (const pass of find(site.block, 'reverse_proxy')) {
        const one = hop('caddy', 'Caddy', at(pass));
        for (const name of names)
          one.listens.push(endpointOf(name.replace(/,$/, ''), 443) ?? { host: null, port: 443 });
        for (const word of [
          ...pass.words.slice(1),
          ...find(pass.block, 'to').flatMap(({ words }) => words.slice(1)),
        ]) {
          const target =
            urlEndpoint(word)?.endpoint ?? (/^[\w.[\]-]*:\d+$/.test(word) ? endpointOf(word) : null);
          if (target !== null) one.targets.push(target);
        }
        const [keep] = find(pass.block, 'keepalive');
        const seconds = keep?.words[1] === 'off' ? 0 : secondsOf(keep?.words[1] ?? '', 's');
        if (keep && seconds !== null) one.connects.idleTimeout = written('keepalive', seconds, at(keep));
        const [wait] = find(pass.block, 'response_header_timeout');
        const answer = secondsOf(wait?.words[1] ?? '', 's');
        if (wait && answer !== null)
          one.connects.responseTimeout = written('response_header_timeout', answer, at(wait));
        hops.push(one);
      }
    }
    return hops;
  },
});

/** Blocks by braces at the ends of lines (caddyserver.com/docs/caddyfile/concepts). */
function parse(text: string): Line[] {
  const root: Line[] = [];
  const open: Line[][] = [root];
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/(^|\s)#.*$/, '').trim();
    if (line === '') return;
    if (line === '}') {
      if (open.length > 1) open.pop();
      return;
    }
    const opens = /\{$/.test(line) && !/\{[\w.]+\}$/.test(line);
    const words = (opens ? line.slice(0, -1) : line).match(/"[^"]*"|\S+/g) ?? [''];
    const entry: Line = { words, line: index + 1, column: raw.search(/\S/) + 1, block: [] };
    open.at(-1)!.push(entry);
    if (opens) open.push(entry.block);
  });
  return root;
}

function find(lines: readonly Line[], name: string): Line[] {
  return lines.flatMap((line) => [...(line.words[0] === name ? [line] : []), ...find(line.block, name)]);
}
