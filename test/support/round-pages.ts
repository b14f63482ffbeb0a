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

/** A JPEG as a camera would make it: its left half is red, its right half blue, with grain in it. */
export async function cameraPhoto(page: Page, width: number, height: number): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([w, h]) => {
      const grain = new ImageData(256, 256);
      for (let at = 0; at < grain.data.length; at += 1)
        grain.data[at] = at % 4 === 3 ? 90 : Math.floor(Math.random() * 256);
      const tile = new OffscreenCanvas(256, 256);
      tile.getContext('2d')?.putImageData(grain, 0, 0);
      const canvas = new OffscreenCanvas(w, h);
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no canvas');
      for (const [index, colour] of ['red', 'blue'].entries()) {
        context.fillStyle = colour;
        context.fillRect((index * w) / 2, 0, w / 2, h);
      }
      context.fillStyle = context.createPattern(tile, 'repeat') ?? 'red';
      context.fillRect(0, 0, w, h);
      const bytes = new Uint8Array(
        await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })).arrayBuffer(),
      );
      let text = '';
      for (let at = 0; at < bytes.length; at += 32_768)
        text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
      return btoa(text);
    },
    [width, height] as const,
  );
  return Buffer.from(base64, 'base64');
}

export function choosePhoto(page: Page, item: string, buffer: Buffer, name = 'photo.jpg'): Promise<void> {
  return page
    .locator(`[data-item="${item}"] input[type="file"]`)
    .setInputFiles({ name, mimeType: 'image/jpeg', buffer });
}
