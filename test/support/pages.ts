import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Watchkeeper } from './watchkeeper.ts';

export const PASSWORD = 'correct horse battery';

/** A page of a person who reads English, at a desk. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 1440, height: 900 },
    // What a page asks for is what the test sees.
    serviceWorkers: 'block',
    ...options,
  });
  return context.newPage();
}

/** Creates the first administrator by the one-time link, and is then signed in on the room page. */
export async function firstRun(page: Page, program: Watchkeeper, name = 'admin'): Promise<void> {
  await page.goto(program.firstRunUrl ?? program.url);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Your name').fill('The Administrator');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create' }).click();
  await page.locator('[data-device]').first().waitFor();
}

export async function signIn(
  page: Page,
  url: string,
  account: { name: string; password: string },
): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Name', { exact: true }).fill(account.name);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('[data-device]').first().waitFor();
  await speakEnglish(page);
}

/** An account brings its own language; the tests read English. */
async function speakEnglish(page: Page): Promise<void> {
  if ((await page.evaluate(() => document.documentElement.lang)) === 'en') return;
  await page.getByRole('button', { name: '语言' }).click();
  await page.locator('html[lang="en"]').waitFor();
}

/** Waits until the tile of a device tells a state. */
export async function untilTile(page: Page, device: string, sign: string, withinMs = 40_000): Promise<void> {
  await page.locator(`[data-device="${device}"][data-sign="${sign}"]`).first().waitFor({ timeout: withinMs });
}

/** Presses a button of the demonstration's panel. */
export async function makeHappen(page: Page, scenario: string): Promise<void> {
  await page.getByRole('button', { name: 'Make it happen' }).click();
  await page.locator(`[data-scenario="${scenario}"] button`).click();
  await page
    .locator(`[data-scenario="${scenario}"][data-active="true"], .feedback:not(:empty)`)
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
}

/** A page that is reloaded forgets this; one that is live does not. */
export async function markPage(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    document.documentElement.dataset['neverReloaded'] = 'yes';
  });
  return async () => {
    expect(await page.evaluate(() => document.documentElement.dataset['neverReloaded'])).toBe('yes');
  };
}
