import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { readCapture } from './capture.ts';
import type { Take } from './story.ts';

/** Front matter: one `key: JSON` per line, which is YAML as well. */
export function writeNote(directory: string, take: Take, file: string, reasons: string[]): void {
  const fields: Record<string, unknown> = {
    story: take.name,
    file,
    made: take.made,
    kernel: `Linux ${release().split('-')[0]}`,
    vantage: take.vantage,
    expect: take.expect,
    ...(take.connections && { connections: take.connections }),
    clientError: take.clientError,
    ...(reasons.length > 0 && { kernelReasons: reasons }),
    ...(take.counters && { counters: take.counters }),
    ...(take.pair && { pair: take.pair }),
  };
  const matter = Object.entries(fields).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  writeFileSync(join(directory, `${take.name}.md`), `---\n${matter.join('\n')}\n---\n\n${take.says}\n`);
}

export function readNote(path: string): Record<string, unknown> {
  const matter = readFileSync(path, 'utf8').split('---\n')[1] ?? '';
  const lines = matter.split('\n').filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), JSON.parse(line.slice(colon + 2))];
    }),
  );
}

/** test/captures/README.md: how to read a note, and the table of all recordings from their front matter. */
export function writeIndex(directory: string): void {
  const notes = readdirSync(directory).filter((name) => name.endsWith('.md') && name !== 'README.md');
  const rows = notes.sort().map((name) => {
    const note = readNote(join(directory, name));
    const expect = note.expect as Take['expect'];
    const path = join(directory, String(note.file));
    const kilobytes = Math.max(1, Math.round(statSync(path).size / 1000));
    const cells = [
      `[${note.story}](${name})`,
      note.vantage,
      expect.sender,
      expect.taxonomy.join(', ') || '–',
      expect.benign ? 'benign' : 'problem',
      expect.reset ? 'yes' : 'no',
      readCapture(path).length,
      kilobytes,
      note.clientError === null ? '–' : `\`${String(note.clientError).replaceAll('|', '\\|').slice(0, 90)}\``,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  writeFileSync(join(directory, 'README.md'), `${preface}\n${rows.join('\n')}\n`);
}

const preface = `# Real captures

Each file here was recorded with tcpdump while real programs on a real Linux kernel did what the note beside
it says. The expectation comes from the construction (and, where given, from the kernel's own
\`tcp_send_reset\` reasons and counters), never from a diagnosis. This table and the notes are written by

    npx tsx scripts/record/index.ts [name…]      # root, tcpdump, nftables, iproute2, nginx, curl, openssl, python3

A note's front matter is one \`key: JSON\` per line:

| key | meaning |
|---|---|
| \`file\` | the capture |
| \`made\`, \`kernel\`, \`vantage\` | programs and steps, kernel, and the place of tcpdump: client, server, router, loopback |
| \`expect\` | \`sender\` who really sent the reset (without a reset: who ended the connection); \`taxonomy\` the true cause first, then those that leave the same packets at this vantage; \`benign\`; \`reset\` whether a RST is in the file; \`certainty\` the words that a verdict may use (with \`undetermined\` the cause may be left open) |
| \`connections\` | only where several connections had different fates: the same fields, by originator |
| \`clientError\` | what the client program printed, null when it saw no error |
| \`kernelReasons\`, \`counters\` | the kernel's reason for each RST that its TCP stack sent, as \`source > destination STATE REASON\`; counter changes |
| \`pair\` | the file that the other end recorded in the same run |

Client 10.77.1.2, router 10.77.1.1 and 10.77.2.1, server 10.77.2.2: packets of the server reach the client with
TTL 63, those that the router makes with TTL 64. "20 ms path" means 20 ms each way between router and server.

| story | vantage | sender | cause | verdict | RST | packets | kB | client program saw |
|---|---|---|---|---|---|---|---|---|`;
