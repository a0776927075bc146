import { hopsOfWords } from '../commands.ts';
import { type Hop, hop, written } from '../model.ts';
import { defineReader, type Word } from '../reader.ts';
import { commandsOf } from '../syntax/words.ts';
import { parseTrees, type Tree } from '../syntax/yaml.ts';
import { secondsOf } from '../units.ts';

/** `terminationGracePeriodSeconds` when nobody sets it (kubernetes.io, Pod API). */
const GRACE = 30;
const WORKLOADS = /^(Deployment|StatefulSet|DaemonSet|Pod|ReplicaSet|Rollout)$/;

export default defineReader({
  id: 'kubernetes',
  reads: 'Kubernetes manifests: workloads, services, ingresses',
  recognises: (path, text) =>
    /\.(ya?ml|json)$/i.test(path) && /^\s*"?apiVersion"?\s*:/m.test(text) && /"?kind"?\s*:/.test(text),
  read({ path, text }) {
    const documents = parseTrees(path, text).flatMap((tree) =>
      tree.get('kind').text === 'List' ? tree.get('items').items : [tree],
    );
    const workloads = documents.filter((tree) => WORKLOADS.test(tree.get('kind').text ?? ''));
    const services = documents.filter((tree) => tree.get('kind').text === 'Service');
    const ingresses = documents.filter((tree) => tree.get('kind').text === 'Ingress');
    const pods = workloads.flatMap((tree) => readWorkload(tree));
    return [
      ...pods,
      ...services.flatMap((tree) => readBalancer(tree, pods)),
      ...ingresses.flatMap((tree) => readIngress(tree, pods)),
    ];
  },
});

function readWorkload(tree: Tree): Hop[] {
  const pod = tree.get('kind').text === 'Pod' ? tree.get('spec') : tree.get('spec', 'template', 'spec');
  const name = tree.get('metadata', 'name').text ?? 'pod';
  const grace = pod.get('terminationGracePeriodSeconds');
  return pod.get('containers').items.flatMap((container) => {
    const started = hopsOfWords([...wordsOf(container.get('command')), ...wordsOf(container.get('args'))]);
    const hops = started.length > 0 ? started : [hop('kubernetes', name, container.at)];
    for (const one of hops) {
      if (started.length > 0) one.name = `${one.name} (${name})`;
      const ports = container.get('ports').items.map((port) => port.get('containerPort').number);
      for (const port of ports)
        if (port !== null && !one.listens.some((listen) => listen.port === port))
          one.listens.push({ host: null, port });
      one.process.terminationGrace =
        grace.number === null
          ? {
              name: 'terminationGracePeriodSeconds',
              value: GRACE,
              origin: { kind: 'default', source: 'kubernetes.io Pod API', appliesTo: null },
            }
          : written('terminationGracePeriodSeconds', grace.number, grace.at);
      const delay = stopDelay(container.get('lifecycle', 'preStop'));
      if (delay !== null) one.process.stopDelay = written('preStop', delay.seconds, delay.tree.at);
    }
    return hops;
  });
}

function wordsOf(tree: Tree): Word[] {
  if (tree.items.length > 0) return tree.items.map((item) => ({ text: item.text ?? '', at: item.at }));
  return tree.text === null ? [] : (commandsOf(tree.text, tree.at)[0] ?? []);
}

/** `sleep: { seconds }`, or `sleep N` in the command. */
function stopDelay(hook: Tree): { seconds: number; tree: Tree } | null {
  const sleep = hook.get('sleep', 'seconds');
  if (sleep.number !== null) return { seconds: sleep.number, tree: sleep };
  const command = hook.get('exec', 'command');
  const text = command.items.map((item) => item.text ?? '').join(' ');
  const match = /\bsleep\s+(\d+(?:\.\d+)?[smh]?)\b/.exec(text);
  const seconds = match === null ? null : secondsOf(match[1]!, 's');
  return seconds === null ? null : { seconds, tree: command };
}

const attributes = (text: string) =>
  new Map(text.split(',').map((pair) => pair.trim().split('=') as [string, string]));

/** A Service of type LoadBalancer, as its annotations describe it. */
function readBalancer(tree: Tree, pods: readonly Hop[]): Hop[] {
  if (tree.get('spec', 'type').text !== 'LoadBalancer') return [];
  const note = (name: string) => tree.get('metadata', 'annotations', `service.beta.kubernetes.io/${name}`);
  const type = note('aws-load-balancer-type').text ?? '';
  const isAws = tree
    .get('metadata', 'annotations')
    .entries.some(([key]) => key.startsWith('service.beta.kubernetes.io/aws'));
  if (!isAws) return [];
  const isNetwork = /nlb|external/.test(type);
  const one = hop(isNetwork ? 'aws-nlb' : 'aws-clb', isNetwork ? 'AWS NLB' : 'AWS CLB', tree.at);
  const idle = note('aws-load-balancer-connection-idle-timeout');
  if (idle.number !== null && !isNetwork) {
    one.accepts.idleTimeout = written('aws-load-balancer-connection-idle-timeout', idle.number, idle.at);
    one.connects.idleTimeout = one.accepts.idleTimeout;
  }
  const proxy = note('aws-load-balancer-proxy-protocol');
  if (proxy.text === '*')
    one.connects.proxyProtocol = written('aws-load-balancer-proxy-protocol', true, proxy.at);
  for (const port of tree.get('spec', 'ports').items) {
    one.listens.push({ host: null, port: port.get('port').number });
    one.targets.push({ host: null, port: targetPort(port.get('targetPort'), port.get('port').number, pods) });
  }
  return [one];
}

function targetPort(tree: Tree, otherwise: number | null, pods: readonly Hop[]): number | null {
  if (tree.number !== null) return tree.number;
  if (!tree.exists) return otherwise;
  // A port by name: the only one that the pods have.
  const ports = [...new Set(pods.flatMap(({ listens }) => listens.map(({ port }) => port)))];
  return ports.length === 1 ? ports[0]! : null;
}

/** An ALB that an Ingress asks for. */
function readIngress(tree: Tree, pods: readonly Hop[]): Hop[] {
  const note = (name: string) => tree.get('metadata', 'annotations', name);
  const isAlb =
    tree.get('spec', 'ingressClassName').text === 'alb' || note('kubernetes.io/ingress.class').text === 'alb';
  const targets = pods.flatMap(({ listens }) => listens);
  if (isAlb) {
    const one = hop('aws-alb', 'AWS ALB', tree.at);
    const all = note('alb.ingress.kubernetes.io/load-balancer-attributes');
    const idle = Number(attributes(all.text ?? '').get('idle_timeout.timeout_seconds'));
    if (idle > 0) {
      one.accepts.idleTimeout = written('idle_timeout.timeout_seconds', idle, all.at);
      one.connects.idleTimeout = one.accepts.idleTimeout;
      one.connects.responseTimeout = one.accepts.idleTimeout;
    }
    one.listens.push({ host: null, port: 443 });
    one.targets.push(...targets);
    return [one];
  }
  const isNginx =
    tree.get('spec', 'ingressClassName').text === 'nginx' ||
    note('kubernetes.io/ingress.class').text === 'nginx';
  if (!isNginx) return [];
  const one = hop('nginx', 'ingress-nginx', tree.at);
  // The controller keeps 320 connections to its upstreams for 60 s (its ConfigMap, upstream-keepalive-*).
  one.connects.idleTimeout = {
    name: 'upstream-keepalive-timeout',
    value: 60,
    origin: { kind: 'default', source: 'kubernetes.github.io/ingress-nginx ConfigMap', appliesTo: null },
  };
  const read = note('nginx.ingress.kubernetes.io/proxy-read-timeout');
  if (read.number !== null)
    one.connects.responseTimeout = written('proxy-read-timeout', read.number, read.at);
  const next = note('nginx.ingress.kubernetes.io/proxy-next-upstream');
  if (next.text?.includes('non_idempotent'))
    one.connects.repeatsAny = written('proxy-next-upstream', true, next.at);
  one.listens.push({ host: null, port: 443 });
  one.targets.push(...targets);
  return [one];
}
