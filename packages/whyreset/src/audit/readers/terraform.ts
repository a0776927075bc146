import { type Hop, hop, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { parseTrees, type Tree } from '../syntax/yaml.ts';

/** What each kind of resource says; the ports that it listens on stand in resources of their own. */
const RESOURCES: Readonly<Record<string, (values: Tree) => Hop | null>> = {
  aws_lb: (values) =>
    values.get('load_balancer_type').text === 'network'
      ? balancer(values, 'aws-nlb', 'AWS NLB')
      : alb(values),
  aws_alb: (values) => alb(values),
  aws_elb(values) {
    const one = balancer(values, 'aws-clb', 'AWS CLB');
    const idle = values.get('idle_timeout');
    if (idle.number !== null)
      one.connects.idleTimeout = one.accepts.idleTimeout = written('idle_timeout', idle.number, idle.at);
    return one;
  },
  azurerm_lb_rule(values) {
    const one = balancer(values, 'azure-lb', 'Azure Load Balancer');
    const idle = values.get('idle_timeout_in_minutes');
    if (idle.number !== null)
      one.accepts.flowTimeout = written('idle_timeout_in_minutes', idle.number * 60, idle.at);
    port(one, values.get('frontend_port'), values.get('backend_port'));
    return one;
  },
  azurerm_nat_gateway(values) {
    const one = balancer(values, 'azure-nat', 'Azure NAT gateway');
    const idle = values.get('idle_timeout_in_minutes');
    if (idle.number !== null)
      one.accepts.flowTimeout = written('idle_timeout_in_minutes', idle.number * 60, idle.at);
    return one;
  },
  aws_nat_gateway: (values) => balancer(values, 'aws-nat', 'AWS NAT gateway'),
  google_compute_backend_service(values) {
    const one = balancer(values, 'gcp-alb', 'GCP ALB');
    const wait = values.get('timeout_sec');
    if (wait.number !== null) one.connects.responseTimeout = written('timeout_sec', wait.number, wait.at);
    return one;
  },
  google_compute_router_nat(values) {
    const one = balancer(values, 'gcp-nat', 'GCP Cloud NAT');
    const idle = values.get('tcp_established_idle_timeout_sec');
    if (idle.number !== null)
      one.accepts.flowTimeout = written('tcp_established_idle_timeout_sec', idle.number, idle.at);
    return one;
  },
};

export default defineReader({
  id: 'terraform',
  reads: 'terraform show -json',
  recognises: (path, text) => /\.json$/i.test(path) && /"(terraform_version|planned_values)"\s*:/.test(text),
  read({ path, text }) {
    const [tree] = parseTrees(path, text);
    if (tree === undefined) return [];
    const root = tree.get('planned_values').exists ? tree.get('planned_values') : tree.get('values');
    const resources = root.all('resources').flatMap(({ items }) => items);
    const of = (type: string) =>
      resources.filter((one) => one.get('type').text === type).map((one) => one.get('values'));
    const hops = resources.flatMap((resource) => {
      const read = RESOURCES[resource.get('type').text ?? ''];
      const one = read?.(resource.get('values')) ?? null;
      return one === null ? [] : [one];
    });
    const balancers = hops.filter(({ product }) => product === 'aws-alb' || product === 'aws-nlb');
    // A target group names its balancer only once both exist; in a plan with one balancer there is no doubt.
    for (const one of balancers) {
      for (const listener of of('aws_lb_listener'))
        if (balancers.length === 1) one.listens.push({ host: null, port: listener.get('port').number });
      for (const group of of('aws_lb_target_group')) {
        if (balancers.length > 1) break;
        one.targets.push({ host: null, port: group.get('port').number });
        const proxy = group.get('proxy_protocol_v2');
        if (proxy.scalar === true) one.connects.proxyProtocol = written('proxy_protocol_v2', true, proxy.at);
      }
    }
    return hops;
  },
});

function balancer(values: Tree, product: string, label: string): Hop {
  const name = values.get('name').text;
  const one = hop(product, name === null ? label : `${label} (${name})`, values.at);
  return one;
}

function alb(values: Tree): Hop {
  const one = balancer(values, 'aws-alb', 'AWS ALB');
  const idle = values.get('idle_timeout');
  if (idle.number !== null) {
    one.accepts.idleTimeout = written('idle_timeout', idle.number, idle.at);
    one.connects.idleTimeout = one.accepts.idleTimeout;
    one.connects.responseTimeout = one.accepts.idleTimeout;
  }
  return one;
}

function port(one: Hop, front: Tree, back: Tree): void {
  one.listens.push({ host: null, port: front.number });
  one.targets.push({ host: null, port: back.number });
}
