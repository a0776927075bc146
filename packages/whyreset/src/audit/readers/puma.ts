import { hop, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { endpointOf } from '../syntax/address.ts';

/** `persistent_timeout 20`, `persistent_timeout(ENV.fetch("…", 20))`: the last number of the line. */
const SETTING = /^\s*(persistent_timeout|port|bind|worker_shutdown_timeout)\b(.*)$/;

export default defineReader({
  id: 'puma',
  reads: 'config/puma.rb',
  recognises: (path) => /puma[^/]*\.rb$/i.test(path),
  read({ path, text }) {
    const one = hop('puma', 'Puma', { file: path, line: 1, column: 1 });
    text.split('\n').forEach((line, index) => {
      const match = SETTING.exec(line);
      if (match === null) return;
      const at = { file: path, line: index + 1, column: line.search(/\S/) + 1 };
      const value = /(\d+)\D*$/.exec(match[2]!)?.[1];
      if (match[1] === 'bind')
        one.listens.push(
          endpointOf(/["']([^"']+)["']/.exec(match[2]!)?.[1] ?? '') ?? { host: null, port: null },
        );
      else if (value === undefined) return;
      else if (match[1] === 'port') one.listens.push({ host: null, port: Number(value) });
      else if (match[1] === 'persistent_timeout')
        one.accepts.idleTimeout = written('persistent_timeout', Number(value), at);
      else one.process.drainTimeout = written('worker_shutdown_timeout', Number(value), at);
    });
    if (one.listens.length === 0) one.listens.push({ host: null, port: 9292 });
    return [one];
  },
});
