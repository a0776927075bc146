import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPage } from '../../scripts/build-page.ts';
import { chromiumPath, launch, NO_CHROMIUM } from './browser.ts';
import { storyNames, storyPage } from './stories.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let folder: string;
let browser: Browser;
const files = new Map<string, string>();

/** What a page must never do: ask a network, complain, or run what a packet says. */
interface Watched {
  page: Page;
  complaints: string[];
}

async function open(name: string, context?: BrowserContext): Promise<Watched> {
  const page = await (context ?? (await browser.newContext())).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^(?:file|data|blob):/.test(request.url())) complaints.push(`request ${request.url()}`);
  });
  await page.goto(files.get(name)!);
  await page.waitForSelector('main');
  return { page, complaints };
}

interface AxeRun {
  violations: { id: string; nodes: { html: string }[] }[];
}

function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<AxeRun> } };
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 160)}`);
  });
}

describe.skipIf(chromiumPath === null)(
  `the page of a result in Chromium${chromiumPath === null ? ` (skipped: ${NO_CHROMIUM})` : ''}`,
  () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'whyreset-web-'));
      await buildPage(folder);
      const template = readFileSync(join(folder, 'report.html'), 'utf8');
      for (const name of storyNames) {
        const path = join(folder, `${name}.html`);
        writeFileSync(path, storyPage(name, template));
        files.set(name, pathToFileURL(path).href);
      }
      browser = await launch();
    }, 60_000);

    afterAll(async () => {
      await browser?.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    it('stays below 250 kB without its data', () => {
      expect(readFileSync(join(folder, 'report.html')).length).toBeLessThan(250_000);
    });

    for (const name of storyNames)
      it(`${name}: quiet, asks no network, and axe finds nothing in either theme`, async () => {
        // The policy of the page would refuse axe as well.
        const context = await browser.newContext({ bypassCSP: true });
        const { page, complaints } = await open(name, context);
        await page.evaluate(axe);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await violations(page), colorScheme).toEqual([]);
        }
        expect(complaints).toEqual([]);
        await context.close();
      });

    for (const width of [390, 768, 1280, 1920])
      it(`fits ${width} pixels: nothing is wider than the page`, async () => {
        const context = await browser.newContext({ viewport: { width, height: 900 } });
        for (const name of ['one-finding', 'two-vantages', 'fifty-thousand', 'hostile-strings']) {
          const { page } = await open(name, context);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(over, name).toBeLessThanOrEqual(0);
        }
        await context.close();
      });

    it('runs nothing that a packet says, and shows it as text', async () => {
      const { page, complaints } = await open('hostile-strings');
      expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
      expect(await page.locator('main img').count()).toBe(0);
      expect(await page.locator('main').textContent()).toContain('<img src=x');
      expect(await page.locator('#app').textContent()).not.toContain('\u202e');
      expect(complaints).toEqual([]);
    });

    it('marks the packets of a sentence, and the sentences of a packet', async () => {
      const { page } = await open('one-finding');
      const packet = page.locator('.evidence .packet').first();
      await packet.focus();
      const number = (await packet.textContent())!.replace('#', '');
      expect(await page.locator(`.row[data-packet="${number}"]`).getAttribute('class')).toContain(' on');
      await page.locator(`.row[data-packet="${number}"]`).focus();
      expect(await page.locator('.evidence li.on').count()).toBeGreaterThan(0);
    });

    it('is walked by keyboard: packets by arrow, a tab of settings, a row of the table', async () => {
      const { page } = await open('one-finding');
      await page.locator('.row').first().focus();
      await page.keyboard.press('ArrowDown');
      expect(await page.locator('.fields').textContent()).toContain('#187');
      await page.locator('[role=tab]').first().focus();
      await page.keyboard.press('ArrowRight');
      expect(await page.locator('[role=tab][aria-selected=true]').first().textContent()).toBe('guard');
      await page.locator('[data-row]').nth(2).focus();
      await page.keyboard.press('Enter');
      expect(page.url()).toContain('connection=2');
      await page.waitForSelector('text=The chosen connection');
    });

    it('links to what is looked at, and the way back works', async () => {
      const { page } = await open('many-findings');
      await page.locator('.card').nth(1).click();
      expect(page.url()).toContain('#finding=1');
      const title = await page.locator('.case h2').textContent();
      await page.locator('.card').nth(2).click();
      expect(await page.locator('.case h2').textContent()).not.toBe(title);
      await page.goBack();
      expect(await page.locator('.case h2').textContent()).toBe(title);
      const { page: other } = await open('many-findings');
      await other.goto(`${files.get('many-findings')!}#finding=1`);
      await other.reload();
      expect(await other.locator('.case h2').textContent()).toBe(title);
    });

    it('draws only the rows in sight of 50,000, and finds one by its port', async () => {
      const { page } = await open('fifty-thousand');
      expect(await page.locator('[data-row]').count()).toBeLessThan(60);
      await page.locator('.body').evaluate((body) => {
        body.scrollTop = body.scrollHeight;
      });
      await page.waitForSelector('[data-row="49999"]');
      await page.locator('input[type=search]').fill(':50999');
      await page.waitForFunction(() => document.querySelectorAll('[data-row]').length <= 3);
      await page.locator('[data-row]').first().click();
      await page.waitForSelector('text=The chosen connection');
      expect(await page.locator('.evidence li').count()).toBeGreaterThan(0);
    });

    it('narrows the list to a stretch of time that is drawn', async () => {
      const { page } = await open('fifty-thousand');
      const box = (await page.locator('.brush').boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.25, box.y + 10);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.5, box.y + 10);
      await page.mouse.up();
      const text = (await page.locator('.connections h3').textContent())!.replace(/\D/g, '');
      expect(Number(text)).toBeGreaterThan(11_000);
      expect(Number(text)).toBeLessThan(14_000);
    });

    it('saves the ladder as a drawing of its own', async () => {
      const { page } = await open('one-finding');
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=SVG')]);
      const text = readFileSync((await download.path())!, 'utf8');
      expect(text).toMatch(/^<svg[^>]* xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      expect(text).toContain('POST /orders');
      expect(text).not.toContain('class=');
      const [picture] = await Promise.all([page.waitForEvent('download'), page.click('text=PNG')]);
      expect(
        readFileSync((await picture.path())!)
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG');
    });

    it('prints the case', async () => {
      const { page } = await open('one-finding');
      expect((await page.pdf()).subarray(0, 4).toString()).toBe('%PDF');
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.ladder svg').isVisible()).toBe(true);
      expect(await page.locator('.connections').isVisible()).toBe(false);
    });

    it('says that a damaged file is damaged', async () => {
      const { page, complaints } = await open('broken-file');
      expect(await page.locator('h1').textContent()).toBe('This report is damaged: its data cannot be read.');
      expect(complaints).toEqual([]);
    });
  },
);
