import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { RoundBody, RoundsBody } from '../../config/model/round-api.ts';
import type { SignedIn } from './signed-in.ts';

/** A phone held upright, whose page works without a connection. */
export const PHONE = { viewport: { width: 360, height: 740 }, serviceWorkers: 'allow' } as const;

/** Opens the list of rounds and waits until the phone has all that it needs to walk one. */
export async function openRounds(page: Page, url: string): Promise<void> {
  const pack = page.waitForResponse((answer) => answer.url().endsWith('/api/rounds/pack'));
  await page.goto(`${url}/rounds`);
  await pack;
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
}

/** Begins a round from the list by the button that says so. */
export async function beginRound(page: Page, template: string, button: string): Promise<void> {
  await page.locator(`[data-template="${template}"]`).getByRole('button', { name: button }).click();
  await page.locator('.round-walk').waitFor();
}

/** Finishes the round on the page, whatever of it is not done, and waits until the collector has taken it. */
export async function finishRound(page: Page): Promise<void> {
  await page.locator('[data-finish]').click();
  await page.getByRole('button', { name: 'Finish all the same' }).click();
  await page.locator('[data-state="sent"]').waitFor({ timeout: 90_000 });
}

/** The round that was handed in last. */
export async function newestRound(reader: Pick<SignedIn, 'get'>): Promise<RoundBody> {
  const { rounds } = await reader.get<RoundsBody>('/api/rounds?limit=1');
  expect(rounds).toHaveLength(1);
  return reader.get<RoundBody>(`/api/rounds/${rounds[0]?.id}`);
}

/** Somebody reads the gauge of an item and enters what it says. */
export async function enterValue(page: Page, item: string, value: string): Promise<void> {
  await page.locator(`[data-item="${item}"] input[type="text"]`).fill(value);
  await page.keyboard.press('Tab');
  await page.locator(`[data-item="${item}"][data-done="true"]`).waitFor();
}
