import { hopsOfCommand } from '../commands.ts';
import { defineReader } from '../reader.ts';

/** Where a command begins on a line of these files. */
const STARTS = /^\s*(?:(?:CMD|ENTRYPOINT)\s+|ExecStart=[-+!@:]*|[\w-]+:\s+(?=\S)|command\s*=\s*|exec\s+)?/;

export default defineReader({
  id: 'command-lines',
  reads: 'Dockerfile, Procfile, systemd units, supervisord.conf, shell scripts',
  recognises: (path) =>
    /(^|\/)(Dockerfile|Containerfile|Procfile)(\.[\w-]+)?$|\.(service|sh|bash)$|supervisor[^/]*\.(conf|ini)$/i.test(
      path,
    ),
  read({ path, text }) {
    const isDocker = /(Dockerfile|Containerfile)/i.test(path);
    const lines = text.split('\n');
    const hops = [];
    for (let index = 0; index < lines.length; index++) {
      const line = lines[index]!;
      const start = STARTS.exec(line)![0].length;
      if (/^\s*#/.test(line) || (isDocker && !/^\s*(CMD|ENTRYPOINT)\b/i.test(line))) continue;
      let command = line.slice(start);
      const at = { file: path, line: index + 1, column: start + 1 };
      while (command.endsWith('\\') && index + 1 < lines.length) command += `\n${lines[++index]}`;
      hops.push(...hopsOfCommand(command, at));
    }
    return hops;
  },
});
