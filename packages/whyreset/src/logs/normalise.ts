/** Escapes of JSON and shell-quoted logs; what a text editor would show instead of them. */
const unescapes: Record<string, string> = { n: '\n', r: '\n', t: '\t', '"': '"', "'": "'", '/': '/' };

/** What collectors put before each line: `kubectl logs --prefix`, `docker compose logs`, the CRI log format. */
const COLLECTED =
  /^(?:\[pod\/[^\]\n]{1,200}\] |[\w.-]{1,63} {0,40}\| |\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:\d\d) std(?:out|err) [FP] )/gm;

/** Undoes the escapes of log lines that carry a multi-line text in one line, drops colour codes and prefixes. */
export function readable(text: string): string {
  return text
    .replace(COLLECTED, '')
    .replace(/\\{1,4}(?:u([0-9a-fA-F]{4})|([nrt"'/]))/g, (_, code: string | undefined, letter: string) =>
      code === undefined ? unescapes[letter]! : String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(terminalSequences, '');
}

// ECMA-48 control sequences (CSI … final byte); the rest of what could reach a terminal goes in `harmless`.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const terminalSequences = /(?:\u001b\[|\u009b)[0-9;?]{0,32}[@-~]/g;
// C0 and C1 controls, and the marks that reorder or hide text (bidirectional controls, zero width, BOM).
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]+/g;

/** One line that is safe to show: no control characters, no reordering marks, at most `limit` characters. */
export function harmless(text: string, limit = 200): string {
  const line = text
    .replace(unprintable, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
    .replace(/\p{Surrogate}/gu, '\ufffd');
  return line.length <= limit ? line : `${line.slice(0, limit - 1).replace(/\p{Surrogate}/gu, '')}…`;
}
