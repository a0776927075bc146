import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPage } from '../../scripts/build-page.ts';
import { root } from '../helpers/cli.ts';
import { chromiumPath, launch, NO_CHROMIUM } from './browser.ts';

const captures = join(root, 'test/captures');

/** The file header of `mixed-500.pcap`, and its packets again and again until the file is so large. */
function writeLarge(path: string, bytes: number): void {
  const source = readFileSync(join(captures, 'mixed-500.pcap'));
  const file = openSync(path, 'w');
  let written = writeSync(file, source.subarray(0, 24));
  while (written < bytes) written += writeSync(file, source.subarray(24));
}

describe.skipIf(chromiumPath === null)(
  `the page that analyses captures, in Chromium${chromiumPath === null ? ` (skipped: ${NO_CHROMIUM})` : ''}`,
  () => {
    let folder: string;
    let browser: Browser;

    async function open(): Promise<{ page: Page; complaints: string[] }> {
      const page = await (await browser.newContext()).newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (!/^(?:file|data|blob):/.test(request.url())) complaints.push(`request ${request.url()}`);
      });
      await page.goto(pathToFileURL(join(folder, 'index.html')).href);
      return { page, complaints };
    }

    const choose = (page: Page, ...paths: string[]) => page.locator('input[type=file]').setInputFiles(paths);

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'whyreset-page-'));
      await buildPage(folder);
      browser = await launch();
    }, 60_000);

    afterAll(async () => {
      await browser?.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    it('opens each example with one click', async () => {
      const { page, complaints } = await open();
      const count = await page.locator('.examples .card').count();
      expect(count).toBeGreaterThanOrEqual(5);
      for (let i = 0; i < count; i++) {
        await page.locator('.examples .card').nth(i).click();
        await page.waitForSelector('.columns');
        await page.click('text=Open another');
      }
      expect(complaints).toEqual([]);
    });

    it('diagnoses as the command does, and compares two captures of one moment', async () => {
      const { page, complaints } = await open();
      await choose(
        page,
        join(captures, 'injected-both-ends-client.pcap'),
        join(captures, 'injected-both-ends-server.pcap'),
      );
      await page.waitForSelector('.case');
      expect(await page.locator('h1').textContent()).toContain('box on the path');
      expect(await page.locator('.capture').count()).toBe(2);
      expect(complaints).toEqual([]);
    });

    it('takes a dropped file', async () => {
      const { page } = await open();
      const bytes = readFileSync(join(captures, 'closed-port.pcap')).toString('base64');
      await page.evaluate((base64) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], 'closed-port.pcap'));
        window.dispatchEvent(new DragEvent('dragover', { dataTransfer: data }));
        window.dispatchEvent(new DragEvent('drop', { dataTransfer: data }));
      }, bytes);
      await page.waitForSelector('.case');
      expect(await page.locator('.top .what').textContent()).toContain('closed-port.pcap');
    });

    it('says of what is no capture what it is not, and goes on', async () => {
      const { page, complaints } = await open();
      await choose(page, join(root, 'package.json'));
      await page.waitForSelector('[role=alert]');
      expect(await page.locator('[role=alert]').textContent()).toMatch(/capture/);
      await choose(page, join(captures, 'closed-port.pcap'));
      await page.waitForSelector('.case');
      expect(complaints).toEqual([]);
    });

    it('explains an error text, and reads packets as text', async () => {
      const { page } = await open();
      await page.fill('textarea', 'Error: read ECONNRESET');
      await page.click('text=Explain it');
      await page.waitForSelector('.case');
      await page.click('text=Open another');
      await page.fill(
        'textarea',
        '12:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1, win 64240, length 0\n12:00:00.000100 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [R.], seq 0, ack 2, win 0, length 0\n',
      );
      await page.click('text=Explain it');
      await page.waitForSelector('.ladder');
    });

    it('reads 50 MB with progress, and stops when it is told to', async () => {
      const path = join(folder, 'large.pcap');
      writeLarge(path, 50 * 1024 * 1024);
      const { page, complaints } = await open();
      await choose(page, path);
      await page.waitForSelector('progress');
      await page.click('text=Cancel');
      await page.waitForSelector('.places');
      await choose(page, path);
      await page.waitForSelector('.columns', { timeout: 60_000 });
      expect(await page.locator('.top .what').textContent()).toContain('large.pcap');
      expect(complaints).toEqual([]);
    }, 90_000);

    describe('served by the command', () => {
      let server: ChildProcess;
      afterAll(() => {
        server?.kill();
      });

      it('is installable, works without the network afterwards, and answers for its own files alone', async () => {
        server = spawn(
          process.execPath,
          [join(root, 'packages/whyreset/bin/whyreset.js'), 'page', '--no-open'],
          {
            stdio: ['ignore', 'pipe', 'inherit'],
          },
        );
        const [line] = (await once(server.stdout!, 'data')) as [Buffer];
        const address = line.toString().trim();
        const context = await browser.newContext();
        const page = await context.newPage();
        await page.goto(address);
        await page.evaluate(async () => {
          await navigator.serviceWorker.ready;
        });
        expect((await page.request.get(`${address}manifest.webmanifest`)).status()).toBe(200);
        expect((await page.request.get(`${address}../../etc/passwd`)).status()).toBe(404);
        await page.reload();
        await context.setOffline(true);
        await page.reload();
        expect(await page.locator('h1').textContent()).toContain('Who reset the connection');
      });
    });
  },
);
