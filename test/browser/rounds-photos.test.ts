import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { photoId } from '../../collector/duty/rounds/photo.ts';
import { CHROMIUM } from '../support/browser.ts';
import { exif, LEFT_IS_TOP, partsOf, withSegment, segment } from '../support/jpeg.ts';
import {
  beginRound,
  cameraPhoto,
  enterValue,
  finishRound,
  newestRound,
  openRounds,
} from '../support/round-pages.ts';
import { roundsSite } from '../support/rounds-site.ts';

const ITEM = 'breaker-temperature';
const MAX_BYTES = 300 * 1024;
/** JFIF, tables and the picture: nothing that says where, when or by what. */
const PICTURE_ONLY = /^(e0|c0|c2|c4|db|dd|da)$/;

/** A photo as it lies on the phone. */
async function onPhone(page: Page, id: string): Promise<Buffer> {
  const base64 = await page.evaluate(async (key) => {
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('not read'));
      });
    const database = await done(indexedDB.open('watchkeeper-rounds'));
    const photo = await done<Blob>(database.transaction('photos').objectStore('photos').get(key));
    database.close();
    const bytes = new Uint8Array(await photo.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }, id);
  return Buffer.from(base64, 'base64');
}

describe.skipIf(CHROMIUM === undefined)('a photo of a round', () => {
  const site = roundsSite();
  let page: Page;

  beforeAll(async () => {
    page = await site.phone();
  });

  async function begin(): Promise<void> {
    await openRounds(page, site.program.url);
    await beginRound(page, 'quarterly-main', 'Begin a special round');
    await enterValue(page, ITEM, '50');
  }
  const photos = () => page.locator(`[data-item="${ITEM}"] .round-photo`);
  async function choose(buffer: Buffer, name = 'photo.jpg', mimeType = 'image/jpeg'): Promise<void> {
    // A photo of many megabytes goes to the browser as text: beside other tests that takes its time.
    const options = { timeout: 90_000 };
    await page
      .locator(`[data-item="${ITEM}"] input[type="file"]`)
      .setInputFiles({ name, mimeType, buffer }, options);
  }
  /** Finishes, and gives the photo as it left the phone and as the collector keeps it. */
  async function handedIn(): Promise<{ readonly sent: Buffer; readonly kept: Buffer }> {
    await finishRound(page);
    const { round } = await newestRound(site.reader);
    const [id = '', ...others] = round.visits.flatMap(({ answers }) => answers.flatMap((one) => one.photos));
    expect(others).toEqual([]);
    const answer = await page.request.get(`${site.program.url}/api/rounds/photos/${id}`);
    expect(answer.headers()['content-type']).toBe('image/jpeg');
    const sent = await onPhone(page, id);
    // Its name is the hash of what was sent.
    expect(photoId(sent)).toBe(id);
    return { sent, kept: await answer.body() };
  }
  /** The size of a picture as it is shown, and its colours near the middle of its upper and its lower end. */
  function shown(photo: Buffer): Promise<{ size: number[]; top: number[]; bottom: number[] }> {
    return page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext('2d');
      context?.drawImage(picture, 0, 0);
      const colour = (y: number) => [...(context?.getImageData(picture.width / 2, y, 1, 1).data ?? [])];
      return {
        size: [picture.width, picture.height],
        top: colour(5),
        bottom: colour(picture.height - 5),
      };
    }, photo.toString('base64'));
  }

  it('of 48 million points is made small on the phone', async () => {
    const huge = await cameraPhoto(page, 8_000, 6_000);
    expect(huge.length).toBeGreaterThan(10 * MAX_BYTES);
    await begin();
    await choose(huge);
    await photos().waitFor({ timeout: 60_000 });
    const { sent, kept } = await handedIn();
    expect([sent.length <= MAX_BYTES, kept.length <= MAX_BYTES]).toEqual([true, true]);
    const [width = 0, height = 0] = (await shown(kept)).size;
    expect(width / height).toBeCloseTo(8 / 6, 2);
    expect(width).toBeGreaterThanOrEqual(640);
  }, 180_000);

  it('stands upright as it was held, and neither the place nor the camera leaves the phone', async () => {
    const photo = withSegment(await cameraPhoto(page, 800, 600), exif(LEFT_IS_TOP));
    // So it is seen as it was held, and says where.
    expect((await shown(photo)).size).toEqual([600, 800]);
    await begin();
    await choose(photo);
    await photos().waitFor();
    const { sent, kept } = await handedIn();
    const { size, top, bottom } = await shown(kept);
    expect(size).toEqual([600, 800]);
    expect([(top[0] ?? 0) > (top[2] ?? 0), (bottom[2] ?? 0) > (bottom[0] ?? 0)]).toEqual([true, true]);
    const said = [sent, kept]
      .map((bytes) => partsOf(bytes))
      .map(({ markers, behind }) => ({
        markers: markers.filter((marker) => !PICTURE_ONLY.test(marker)),
        behind,
      }));
    // The browser adds which colours it means (ICC); the collector drops that too.
    expect(said).toEqual([
      { markers: ['e2'], behind: 0 },
      { markers: [], behind: 0 },
    ]);
  }, 120_000);

  it('with a script hidden in it is the picture alone', async () => {
    const script = '<script>alert(1)</script>';
    const photo = Buffer.concat([
      withSegment(await cameraPhoto(page, 400, 300), segment(0xfe, script)),
      Buffer.from(`<html>${script}</html>`),
    ]);
    await begin();
    await choose(photo);
    await photos().waitFor();
    const { sent, kept } = await handedIn();
    expect([sent.includes('<script'), kept.includes('<script')]).toEqual([false, false]);
  }, 120_000);

  it('that is none is refused with a word of what to do, and the round goes on', async () => {
    await begin();
    const noPhotos: readonly (readonly [string, string, string])[] = [
      [
        'plan.svg.jpg',
        'image/jpeg',
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
      ],
      ['page.jpg', 'image/jpeg', '<!doctype html><script>alert(1)</script>'],
      [
        'plan.svg',
        'image/svg+xml',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
      ],
      ['notes.txt', 'text/plain', 'the breaker is warm'],
      ['empty.jpg', 'image/jpeg', ''],
    ];
    for (const [name, type, text] of noPhotos) {
      await choose(Buffer.from(text), name, type);
      await page.locator(`[data-item="${ITEM}"] .round-photos`).getByRole('alert').waitFor();
      expect([name, await photos().count()]).toEqual([name, 0]);
    }
    const photo = await cameraPhoto(page, 400, 300);
    await choose(photo.subarray(0, 200), 'cut.jpg');
    await page.locator(`[data-item="${ITEM}"] .round-photos`).getByRole('alert').waitFor();
    await choose(photo);
    await photos().waitFor();
    expect(await page.locator(`[data-item="${ITEM}"] .round-photos`).getByRole('alert').count()).toBe(0);
    await handedIn();
  }, 120_000);
});
