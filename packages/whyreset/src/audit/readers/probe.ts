import { hop, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { parseTrees } from '../syntax/yaml.ts';

export default defineReader({
  id: 'probe',
  reads: 'whyreset probe --format json',
  recognises: (path, text) =>
    /\.json$/i.test(path) && /"reachable"\s*:/.test(text) && /"forgotten"\s*:/.test(text),
  read: ({ path, text }) =>
    parseTrees(path, text)
      .flatMap((tree) => (tree.items.length > 0 ? tree.items : [tree]))
      .map((tree) => {
        const host = tree.get('target', 'host').text;
        const port = tree.get('target', 'port').number;
        const one = hop('measured', `${host}:${port}`, tree.at);
        one.listens.push({ host, port });
        const behindAnswer = tree.get('idle', 'least');
        // Of an address without a protocol only this was measured.
        const idle = behindAnswer.number === null ? tree.get('silentIdle', 'least') : behindAnswer;
        if (idle.number !== null) one.accepts.idleTimeout = written('measured', idle.number, idle.at);
        const kept = tree.get('forgotten', 'kept');
        if (kept.number !== null) one.accepts.flowTimeout = written('measured', kept.number, kept.at);
        return one;
      }),
});
