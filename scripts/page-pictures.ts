/** Takes the two pictures of the README, one for each theme, of a shipped capture: `npm run page:pictures`. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromiumPath, launch, NO_CHROMIUM } from '../test/web/browser.ts';
import { storyPage } from '../test/web/stories.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const images = join(root, 'docs/images');

if (chromiumPath === null) {
  process.stderr.write(`page-pictures: ${NO_CHROMIUM}.\n`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'whyreset-pictures-'));
const file = join(folder, 'report.html');
writeFileSync(
  file,
  storyPage('one-finding', readFileSync(join(root, 'packages/whyreset/dist/page/report.html'), 'utf8')),
);
mkdirSync(images, { recursive: true });
const browser = await launch();
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1130 }, colorScheme });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('.ladder');
    await page.screenshot({ path: join(images, `page-${colorScheme}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
