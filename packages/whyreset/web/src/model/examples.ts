/** A capture that ships with the page, for a first look. */
export interface ExampleCapture {
  title: string;
  text: string;
  files: readonly { name: string; gzip: string }[];
}

/** Put here by the build, from test/captures. */
declare const EXAMPLES: readonly ExampleCapture[];

export const examples: readonly ExampleCapture[] = EXAMPLES;

/** The files of an example as a person would drop them. */
export function filesOf({ files }: ExampleCapture): { name: string; file: Blob }[] {
  return files.map(({ name, gzip }) => ({
    name,
    file: new Blob([Uint8Array.from(atob(gzip), (c) => c.charCodeAt(0))]),
  }));
}
