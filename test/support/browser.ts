import { chromium, type Browser } from 'playwright-core';
import { programPath } from './system.ts';

/** Where Debian's Chromium stands, for `describe.skipIf(CHROMIUM === undefined)`. */
export const CHROMIUM = programPath('chromium');

/**
 * Two pages that Chromium draws for the list below its address bar: without a window nobody sees them, and for each context
 * they cost the processor more than most pages of ours. Of several such lists Chromium heeds the last, so what Playwright
 * turns off itself stands here too.
 */
const FEATURES_OFF = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

/** Nothing of it may look for the internet: a room has none. */
export const BROWSER_ARGUMENTS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${FEATURES_OFF.join(',')}`,
];

/**
 * A real browser without a window; the caller closes it.
 * @param more arguments of its command line, such as the key of a certificate that it shall trust
 */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM ?? 'chromium', args: [...BROWSER_ARGUMENTS, ...more] });
}
