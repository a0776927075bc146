/** How text in memory begins: its encoding, and how many bytes of mark stand before it. */
export interface TextStart {
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  skip: number;
}

/** Null when the bytes are no text: a control character that no text file holds is among them. */
export function textStart(head: Uint8Array): TextStart | null {
  if (head.length === 0) return null;
  // Windows PowerShell writes what a command prints as UTF-16.
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', skip: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', skip: 2 };
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', skip: 3 };
  for (const byte of head)
    if ((byte < 0x20 && byte !== 0x1b && (byte < 9 || byte > 13)) || byte === 0x7f) return null;
  return { encoding: 'utf-8', skip: 0 };
}
