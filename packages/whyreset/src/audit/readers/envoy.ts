import { type Hop, hop, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { parseTrees, type Tree } from '../syntax/yaml.ts';
import { secondsOf } from '../units.ts';

export default defineReader({
  id: 'envoy',
  reads: 'Envoy bootstrap and xDS (YAML, JSON), Istio DestinationRule and VirtualService',
  recognises: (path, text) =>
    /\.(ya?ml|json)$/i.test(path) &&
    /\b(static_resources|filter_chains|lb_policy|connectionPool|http_connection_manager)\b/.test(text),
  read({ path, text }) {
    return parseTrees(path, text).flatMap((tree) =>
      tree.get('apiVersion').exists ? readIstio(tree) : readBootstrap(tree),
    );
  },
});

function seconds(tree: Tree): number | null {
  if (tree.text !== null) return secondsOf(tree.text, 's');
  const { number } = tree.get('seconds');
  return number;
}

function duration(tree: Tree, name: string) {
  const value = seconds(tree);
  return value === null ? undefined : written(name, value || Number.POSITIVE_INFINITY, tree.at);
}

function readBootstrap(tree: Tree): Hop[] {
  const clusters = [...tree.all('clusters').flatMap(({ items }) => items)];
  return tree.all('listeners').flatMap(({ items }) =>
    items.flatMap((listener) => {
      const address = listener.get('address', 'socket_address');
      const routes = listener.all('route').filter((route) => route.get('cluster').text !== null);
      const managers = listener
        .all('typed_config')
        .filter((config) => config.get('route_config').exists || config.get('rds').exists);
      return routes.map((route) => {
        const one = hop('envoy', 'Envoy', route.at);
        one.listens.push({ host: null, port: address.get('port_value').number });
        const idle = managers.map((manager) =>
          duration(manager.get('common_http_protocol_options', 'idle_timeout'), 'idle_timeout'),
        )[0];
        if (idle) one.accepts.idleTimeout = idle;
        const wait = duration(route.get('timeout'), 'route timeout');
        if (wait) one.connects.responseTimeout = wait;
        repeats(one, route.get('retry_policy', 'retry_on'));
        const cluster = clusters.find(
          (candidate) => candidate.get('name').text === route.get('cluster').text,
        );
        if (cluster) readCluster(one, cluster);
        return one;
      });
    }),
  );
}

function readCluster(one: Hop, cluster: Tree): void {
  const [idle] = cluster
    .all('common_http_protocol_options')
    .map((options) => duration(options.get('idle_timeout'), 'idle_timeout'));
  if (idle) one.connects.idleTimeout = idle;
  for (const address of cluster.all('socket_address'))
    one.targets.push({ host: address.get('address').text, port: address.get('port_value').number });
  const [http2] = cluster.all('http2_protocol_options');
  if (http2 !== undefined) one.connects.http2 = written('http2_protocol_options', true, http2.at);
  const probes = cluster.get('upstream_connection_options', 'tcp_keepalive', 'keepalive_time');
  if (probes.number !== null) one.connects.tcpKeepAlive = written('keepalive_time', probes.number, probes.at);
  const socket = cluster.get('transport_socket', 'name');
  one.connects.tls = written(
    'transport_socket',
    /tls/.test(socket.text ?? ''),
    socket.exists ? socket.at : cluster.at,
  );
}

/** Envoy looks at the reason and never at the method (envoyproxy.io, router filter, x-envoy-retry-on). */
function repeats(one: Hop, retryOn: Tree): void {
  if (/(^|[,\s])(5xx|reset|gateway-error)(?=[,\s]|$)/.test(retryOn.text ?? ''))
    one.connects.repeatsAny = written(`retry_on: ${retryOn.text}`, true, retryOn.at);
}

function readIstio(tree: Tree): Hop[] {
  const kind = tree.get('kind').text;
  const one = hop('envoy', `Envoy sidecar (${tree.get('metadata', 'name').text ?? 'Istio'})`, tree.at);
  if (kind === 'DestinationRule') {
    const policy = tree.get('spec', 'trafficPolicy', 'connectionPool');
    const idle = duration(policy.get('http', 'idleTimeout'), 'connectionPool.http.idleTimeout');
    if (idle) one.connects.idleTimeout = idle;
    const probes = duration(policy.get('tcp', 'tcpKeepalive', 'time'), 'tcpKeepalive.time');
    if (probes) one.connects.tcpKeepAlive = probes;
  } else if (kind === 'VirtualService') {
    for (const route of tree.get('spec', 'http').items) {
      repeats(one, route.get('retries', 'retryOn'));
      const wait = duration(route.get('timeout'), 'timeout');
      if (wait) one.connects.responseTimeout = wait;
    }
  } else return [];
  one.targets.push({ host: tree.get('spec', 'host').text ?? tree.get('spec', 'hosts', 0).text, port: null });
  return [one];
}
