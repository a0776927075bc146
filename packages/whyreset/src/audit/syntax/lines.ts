import type { Position } from '../model.ts';

/** `name = value`, `name: value` or `name value` on a line of its own. */
export interface Entry {
  name: string;
  value: string;
  at: Position;
  /** In ini files the section above, else ''. */
  section: string;
}

/** Lines of sysctl, sshd, redis, postgresql, my.cnf, systemd and properties files; `#`, `;` and `!` begin a comment. */
export function parseLines(file: string, text: string, comment = /^[#;!]/): Entry[] {
  const entries: Entry[] = [];
  let section = '';
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim();
    if (line === '' || comment.test(line)) return;
    const head = /^\[([^\]]+)\]$/.exec(line);
    if (head !== null) {
      section = head[1]!.toLowerCase();
      return;
    }
    const match = /^([\w.\-/]+)(?:\s*[=:]\s*|\s+|$)(.*)$/.exec(line);
    if (match === null) return;
    const value = match[2]!.replace(/\s+#.*$/, '').replace(/^(['"])(.*)\1$/, '$2');
    entries.push({
      name: match[1]!,
      value,
      at: { file, line: index + 1, column: raw.indexOf(match[1]!) + 1 },
      section,
    });
  });
  return entries;
}
