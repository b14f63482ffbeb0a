import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { BROWSER_ARGUMENTS, CHROMIUM } from '../support/browser.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { openPage } from '../support/pages.ts';
import {
  beginRound,
  cameraPhoto,
  choosePhoto,
  enterValue,
  finishRound,
  newestRound,
  openRounds,
  PHONE,
} from '../support/round-pages.ts';
import { roundsSite } from '../support/rounds-site.ts';
import { MAY_MOUNT, mountSmallDisk } from '../support/small-disk.ts';

const ITEM = 'breaker-temperature';
/** Room for the page, what it needs to walk a round, and a few photos. */
const QUOTA_BYTES = 2 * 1024 * 1024;
const MOST_PHOTOS = 12;

describe.skipIf(CHROMIUM === undefined)('a round on a phone without room', () => {
  const site = roundsSite();
  const disks = sharedFolderWith();

  async function begin(page: Page): Promise<void> {
    await site.signIn(page);
    await openRounds(page, site.program.url);
    await beginRound(page, 'quarterly-main', 'Begin a special round');
    await enterValue(page, ITEM, '50');
  }
  const notice = (page: Page) => page.locator('[data-notice="on-page-only"]');

  it('says that it is on the page only and what to do, and hands in all of it', async () => {
    const page = await openPage(site.browser, PHONE);
    const developer = await page.context().newCDPSession(page);
    // Before anything is kept: the browser remembers for a while how much room there was.
    await developer.send('Storage.overrideQuotaForOrigin', {
      origin: site.program.url,
      quotaSize: QUOTA_BYTES,
    });
    await begin(page);
    expect(await notice(page).count()).toBe(0);
    await page.context().setOffline(true);
    const photos = page.locator(`[data-item="${ITEM}"] .round-photo`);
    let taken = 0;
    while ((await notice(page).count()) === 0 && taken < MOST_PHOTOS) {
      await choosePhoto(page, ITEM, await cameraPhoto(page, 900, 900));
      taken += 1;
      await photos.nth(taken - 1).waitFor();
    }
    expect(await notice(page).innerText()).toContain('do not close it');
    await enterValue(page, 'insulation', '5');
    // Whoever closes the page is asked first, and stays.
    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    await page.locator('[data-finish]').click();
    await page.getByRole('button', { name: 'Finish all the same' }).click();
    await page.locator('[data-state="waiting"]').waitFor();
    expect(await notice(page).count()).toBe(1);
    await page.context().setOffline(false);
    await page.locator('[data-state="sent"]').waitFor({ timeout: 60_000 });
    const { round } = await newestRound(site.reader);
    const answers = round.visits.flatMap((visit) => visit.answers);
    expect(answers.map(({ item, value, photos: ids }) => [item, value, ids.length])).toEqual([
      [ITEM, 50, taken],
      ['insulation', 5, 0],
    ]);
    for (const id of answers.flatMap((answer) => answer.photos)) {
      const photo = await page.request.get(`${site.program.url}/api/rounds/photos/${id}`);
      expect(photo.status()).toBe(200);
    }
    await page.context().close();
  }, 120_000);

  it.skipIf(!MAY_MOUNT)(
    'is put on the phone again once its full disk has room',
    async () => {
      const disk = mountSmallDisk(join(disks, 'phone'), 200);
      try {
        const phone = await chromium.launchPersistentContext(join(disk.folder, 'profile'), {
          executablePath: CHROMIUM ?? 'chromium',
          args: [...BROWSER_ARGUMENTS],
          locale: 'en-US',
          ...PHONE,
        });
        const page = await phone.newPage();
        await begin(page);
        disk.fill();
        await enterValue(page, 'insulation', '5');
        await notice(page).waitFor();
        await choosePhoto(page, ITEM, await cameraPhoto(page, 600, 600));
        await page.locator(`[data-item="${ITEM}"] .round-photo`).waitFor();
        disk.free();
        await enterValue(page, 'earthing', '0.5');
        await notice(page).waitFor({ state: 'detached' });
        await page.reload();
        await page.locator(`[data-item="${ITEM}"] .round-photo`).waitFor();
        await finishRound(page);
        const { round } = await newestRound(site.reader);
        const answers = round.visits.flatMap((visit) => visit.answers);
        expect(answers.map(({ item, value, photos }) => [item, value, photos.length])).toEqual([
          ['insulation', 5, 0],
          [ITEM, 50, 1],
          ['earthing', 0.5, 0],
        ]);
        await phone.close();
      } finally {
        disk.unmount();
      }
    },
    120_000,
  );
});
