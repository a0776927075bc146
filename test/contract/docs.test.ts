import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { causes } from '../../packages/whyreset/src/causes/index.ts';
import { buildDocs } from '../../scripts/build-docs.ts';
import { root } from '../helpers/cli.ts';

const site = join(root, 'dist-docs');

describe('the documents as a site', () => {
  let pages = 0;
  beforeAll(async () => {
    // Throws on a link that leads nowhere.
    pages = await buildDocs();
  }, 60_000);
  afterAll(() => rmSync(site, { recursive: true, force: true }));

  it('has the guide in front, a page for each cause, and the page that analyses captures', () => {
    expect(pages).toBeGreaterThan(causes.length);
    expect(readFileSync(join(site, 'index.html'), 'utf8')).toContain('what now?');
    expect(existsSync(join(site, 'page/index.html'))).toBe(true);
    for (const { id } of causes) expect(existsSync(join(site, `docs/causes/${id}.html`)), id).toBe(true);
  });

  it('shows an example of nearly every cause as a picture', () => {
    const drawn = causes.filter(({ id }) =>
      readFileSync(join(site, `docs/causes/${id}.html`), 'utf8').includes('<svg'),
    );
    expect(drawn.length).toBeGreaterThan(causes.length * 0.9);
  });
});
