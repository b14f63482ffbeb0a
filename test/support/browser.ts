import { chromium, type Browser } from 'playwright-core';
import { programPath } from './system.ts';

/** Where Debian's Chromium stands, for `describe.skipIf(CHROMIUM === undefined)`. */
export const CHROMIUM = programPath('chromium');

/** Nothing of it may look for the internet: a room has none. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real browser without a window; the caller closes it. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM ?? 'chromium', args: ARGUMENTS });
}
