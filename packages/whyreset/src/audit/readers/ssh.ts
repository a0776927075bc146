import { hop, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { parseLines } from '../syntax/lines.ts';
import { secondsOf } from '../units.ts';

export default defineReader({
  id: 'ssh',
  reads: 'sshd_config',
  recognises: (path) => /sshd_config/i.test(path),
  read({ path, text }) {
    const one = hop('sshd', 'sshd', { file: path, line: 1, column: 1 });
    // The first value of a keyword counts (sshd_config(5)).
    const entries = parseLines(path, text, /^#/);
    const first = (name: string) => entries.find((entry) => entry.name.toLowerCase() === name);
    one.listens.push({ host: null, port: Number(first('port')?.value ?? 22) });
    const alive = first('clientaliveinterval');
    const seconds = alive ? secondsOf(alive.value, 's') : null;
    if (alive && seconds !== null)
      one.connects.tcpKeepAlive = written(
        'ClientAliveInterval',
        seconds || Number.POSITIVE_INFINITY,
        alive.at,
      );
    const starts = first('maxstartups');
    const begin = Number(starts?.value.split(':')[0]);
    if (starts && begin > 0) one.process.maxConnections = written('MaxStartups', begin, starts.at);
    return [one];
  },
});
