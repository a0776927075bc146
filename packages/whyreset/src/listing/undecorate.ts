/** Escapes that a line carries when it was copied from the source of a web page. */
const ENTITIES: readonly (readonly [RegExp, string])[] = [
  [/&gt;/g, '>'],
  [/&lt;/g, '<'],
  [/&quot;/g, '"'],
  [/&#39;|&#x27;/g, "'"],
  [/&amp;/g, '&'],
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with one
const COLOURS = /\u001b\[[0-9;]*m/g;

/**
 * A line without what mail programs, forums and terminals put around it: reply marks, list bullets, table bars,
 * colours, escapes. Its own indentation stays, for it tells a new packet from more of the last.
 */
export function undecorate(line: string): string {
  let text = line.includes('\u001b') ? line.replace(COLOURS, '') : line;
  if (/[\u00a0\u200b\ufeff]/.test(text)) text = text.replace(/[\u200b\ufeff]/g, '').replaceAll('\u00a0', ' ');
  // In XML an escape is part of the text.
  if (text.includes('&') && !/^\s*</.test(text))
    for (const [entity, plain] of ENTITIES) text = text.replace(entity, plain);
  return text
    .replace(/^(?:\s*[>|](?=\s|\d|[>|]|$)\s?)+/, '')
    .replace(/^\s*(?:[-*•‣]|\d{1,3}[.)])\s+(?=\S)/, '');
}
