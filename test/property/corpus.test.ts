import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose, NotACaptureError } from '../../packages/whyreset/src/index.ts';
import { root } from '../helpers/cli.ts';

/** Inputs that once went wrong, or that were made to: none may crash again. */
const folder = join(root, 'test/fuzz/corpus');

describe('the fuzz corpus', () => {
  it.each(readdirSync(folder).filter((name) => name.endsWith('.bin')))('%s', (name) => {
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    try {
      expect(diagnose(bytes).schema).toBe('whyreset/result@2');
    } catch (error) {
      expect(error).toBeInstanceOf(NotACaptureError);
    }
  });
});
