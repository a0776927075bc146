import { readChunks } from '../capture/open.ts';
import { type ConnectionFilter, type Gathered, Gathering } from '../gather.ts';
import { showProgress } from './progress.ts';

/** Reads one input to its end. */
export async function gatherFile(path: string, input: number, filter: ConnectionFilter | null): Promise<Gathered> {
  const source = readChunks(path);
  const gathering = new Gathering(path === '-' ? 'standard input' : path, input, { filter });
  const progress = await showProgress(path, source.size);
  try {
    for (;;) {
      const chunk = source.next();
      if (chunk === null) break;
      gathering.push(chunk);
      progress?.(source.read);
    }
  } finally {
    progress?.(-1);
  }
  return gathering.end();
}
