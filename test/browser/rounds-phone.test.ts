import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlacesBody } from '../../config/model/round-api.ts';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { openPage, signIn } from '../support/pages.ts';
import { beginRound, finishRound, newestRound, openRounds, PHONE } from '../support/round-pages.ts';
import { signedIn, type SignedIn } from '../support/signed-in.ts';
import { filmOfQrCode } from '../support/video.ts';
import { startWatchkeeper, type Watchkeeper } from '../support/watchkeeper.ts';

const PLACE = 'distribution';

describe.skipIf(CHROMIUM === undefined)('the phone of a round', () => {
  const data = sharedFolderWith();
  const films = sharedFolderWith();
  let program: Watchkeeper;
  let reader: SignedIn;
  /** Its camera sees the code of the place. */
  let seeing: Browser;
  let blind: Browser;

  beforeAll(async () => {
    program = await startWatchkeeper({ data, isDemoLogin: true });
    reader = await signedIn(program);
    const { places } = await reader.get<PlacesBody>('/api/rounds/places');
    const film = join(films, 'code.y4m');
    writeFileSync(film, filmOfQrCode(places.find(({ place }) => place === `main/${PLACE}`)?.code ?? ''));
    seeing = await openBrowser([
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ]);
    blind = await openBrowser();
  }, 60_000);

  afterAll(async () => {
    await seeing?.close();
    await blind?.close();
    await program?.stop();
  });

  async function begin(browser: Browser): Promise<Page> {
    const page = await openPage(browser, PHONE);
    await signIn(page, program.url, program.account ?? { name: '', password: '' });
    await openRounds(page, program.url);
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
    const body = await newestRound(reader);
    expect(body.round.visits.map(({ way }) => way)).toEqual(['scanned']);
    expect(body.judged.doubts.map(({ code }) => code)).not.toContain('wrong_code');
    await page.context().close();
  }, 120_000);

  it('says what to do where the camera cannot be used', async () => {
    const page = await begin(blind);
    await page.getByRole('button', { name: 'Scan' }).click();
    await page
      .getByText('The camera cannot be used: allow it for this page, or type the short code.')
      .waitFor();
    await page.context().close();
  }, 60_000);
});
