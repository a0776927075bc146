import { accessSync, constants, existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of the system; null where there is none (scripts/system-tools.sh installs it). */
export const chromiumPath = PLACES.find((path) => path !== '' && existsSync(path) && runs(path)) ?? null;

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const NO_CHROMIUM = 'no Chromium on this machine: scripts/system-tools.sh installs it';

/** As root Chromium refuses its own sandbox. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}
