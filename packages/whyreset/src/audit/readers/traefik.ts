import { parse as parseToml } from 'smol-toml';
import { stringify } from 'yaml';
import { type Hop, hop, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { endpointOf, urlEndpoint } from '../syntax/address.ts';
import { parseTrees, type Tree } from '../syntax/yaml.ts';
import { secondsOf } from '../units.ts';

export default defineReader({
  id: 'traefik',
  reads: 'Traefik static and dynamic configuration (YAML, TOML)',
  recognises: (path, text) =>
    /\.(ya?ml|toml)$/i.test(path) &&
    /entryPoints|serversTransport|loadBalancer/.test(text) &&
    !/^apiVersion/m.test(text),
  read({ path, text }) {
    const trees = /\.toml$/i.test(path) ? fromToml(path, text) : parseTrees(path, text);
    return trees.flatMap(readTree);
  },
});

/** TOML keeps no positions: what it says is told of the file as a whole. */
function fromToml(path: string, text: string): Tree[] {
  try {
    return parseTrees(path, stringify(parseToml(text)));
  } catch {
    return [];
  }
}

function readTree(tree: Tree): Hop[] {
  const one = hop('traefik', 'Traefik', tree.at);
  for (const [, point] of tree.get('entryPoints').entries) {
    const endpoint = endpointOf(point.get('address').text ?? '');
    if (endpoint !== null) one.listens.push(endpoint);
    const idle = point.get('transport', 'respondingTimeouts', 'idleTimeout');
    const seconds = idle.text === null ? null : secondsOf(idle.text, 's');
    if (seconds !== null)
      one.accepts.idleTimeout = written('respondingTimeouts.idleTimeout', seconds, idle.at);
    if (point.get('proxyProtocol').exists)
      one.accepts.proxyProtocol = written('proxyProtocol', true, point.get('proxyProtocol').at);
  }
  for (const name of ['serversTransport', 'serversTransports'])
    for (const transport of [
      tree.get(name),
      ...tree.all(name).flatMap(({ entries }) => entries.map(([, value]) => value)),
    ]) {
      const idle = transport.get('forwardingTimeouts', 'idleConnTimeout');
      const seconds = idle.text === null ? null : secondsOf(idle.text, 's');
      if (seconds !== null)
        one.connects.idleTimeout = written(
          'forwardingTimeouts.idleConnTimeout',
          seconds || Number.POSITIVE_INFINITY,
          idle.at,
        );
    }
  for (const balancer of tree.all('loadBalancer'))
    for (const server of balancer.get('servers').items) {
      const target = urlEndpoint(server.get('url').text ?? '');
      if (target !== null) one.targets.push(target.endpoint);
    }
  return one.listens.length === 0 && one.targets.length === 0 ? [] : [one];
}
