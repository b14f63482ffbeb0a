import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacesBody } from '../../config/model/round-api.ts';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { beginRound, finishRound, newestRound, openRounds } from '../support/round-pages.ts';
import { roundsSite } from '../support/rounds-site.ts';
import { filmOfQrCode } from '../support/video.ts';

const PLACE = 'distribution';

describe.skipIf(CHROMIUM === undefined)('the phone of a round', () => {
  const site = roundsSite();
  const films = sharedFolderWith();
  /** Its camera sees the code of the place. */
  let seeing: Browser;

  beforeAll(async () => {
    const { places } = await site.reader.get<PlacesBody>('/api/rounds/places');
    const film = join(films, 'code.y4m');
    writeFileSync(film, filmOfQrCode(places.find(({ place }) => place === `main/${PLACE}`)?.code ?? ''));
    seeing = await openBrowser([
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ]);
  });

  afterAll(async () => {
    await seeing?.close();
  });

  async function begin(browser: Browser): Promise<Page> {
    const page = await site.phone(browser);
    await openRounds(page, site.program.url);
    await beginRound(page, 'quarterly-main', 'Begin a special round');
    await page.locator(`[data-place="${PLACE}"]`).waitFor();
    return page;
  }
  it('reads the QR code of the place by its camera, also where the browser cannot and there is no connection', async () => {
    const page = await begin(seeing);
    // Chromium on Linux reads no codes: what reads them here is ours.
    expect(await page.evaluate(() => 'BarcodeDetector' in globalThis)).toBe(false);
    await page.context().setOffline(true);
    await page.reload();
    await page.getByRole('button', { name: 'Scan' }).click();
    await page.locator('.round-there').waitFor();
    await page.context().setOffline(false);
    await finishRound(page);
    const body = await newestRound(site.reader);
    expect(body.round.visits.map(({ way }) => way)).toEqual(['scanned']);
    expect(body.judged.doubts.map(({ code }) => code)).not.toContain('wrong_code');
    await page.context().close();
  }, 120_000);

  it('says what to do where the camera cannot be used', async () => {
    const page = await begin(site.browser);
    await page.getByRole('button', { name: 'Scan' }).click();
    await page
      .getByText('The camera cannot be used: allow it for this page, or type the short code.')
      .waitFor();
    await page.context().close();
  }, 60_000);
});
