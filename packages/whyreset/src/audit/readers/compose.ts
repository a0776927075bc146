import { hopsOfCommand, hopsOfWords } from '../commands.ts';
import { type Hop, hop, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { parseTrees, type Tree } from '../syntax/yaml.ts';
import { secondsOf } from '../units.ts';

/** `stop_grace_period` when nobody sets it (docs.docker.com, Compose file reference). */
const GRACE = 10;
/** Servers that run under their image's own command. */
const IMAGES: readonly [RegExp, string, string, number][] = [
  [/(^|\/)(mysql|mariadb)(:|$)/, 'mysql', 'MySQL', 3306],
  [/(^|\/)postgres(:|$)/, 'postgresql', 'PostgreSQL', 5432],
  [/(^|\/)redis(:|$)/, 'redis', 'Redis', 6379],
];

export default defineReader({
  id: 'compose',
  reads: 'compose.yaml, docker-compose.yml',
  recognises: (path, text) =>
    /\.(ya?ml)$/i.test(path) && /^services\s*:/m.test(text) && !/^apiVersion\s*:/m.test(text),
  read: ({ path, text }) =>
    parseTrees(path, text).flatMap((tree) =>
      tree.get('services').entries.flatMap(([name, service]) => readService(name, service)),
    ),
});

function readService(name: string, service: Tree): Hop[] {
  const hops = started(service);
  const image = service.get('image').text ?? '';
  const known = IMAGES.find(([pattern]) => pattern.test(image));
  if (hops.length === 0 && known !== undefined) {
    const one = hop(known[1], known[2], service.at);
    one.listens.push({ host: name, port: known[3] });
    hops.push(one);
  }
  const grace = service.get('stop_grace_period');
  const seconds = grace.text === null ? null : secondsOf(grace.text, 's');
  for (const one of hops) {
    one.name = `${one.name} (${name})`;
    for (const endpoint of one.listens) endpoint.host = name;
    one.process.terminationGrace =
      seconds === null
        ? {
            name: 'stop_grace_period',
            value: GRACE,
            origin: { kind: 'default', source: 'docs.docker.com Compose file reference', appliesTo: null },
          }
        : written('stop_grace_period', seconds, grace.at);
  }
  return hops;
}

function started(service: Tree): Hop[] {
  for (const tree of [service.get('command'), service.get('entrypoint')]) {
    const hops =
      tree.items.length > 0
        ? hopsOfWords(tree.items.map((item) => ({ text: item.text ?? '', at: item.at })))
        : tree.text === null
          ? []
          : hopsOfCommand(tree.text, tree.at);
    if (hops.length > 0) return hops;
  }
  return [];
}
