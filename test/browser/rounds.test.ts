import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PlacesBody, RoundBody } from '../../config/model/round-api.ts';
import type { RoundTemplate } from '../../config/model/round.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { CHROMIUM } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { descendantWith } from '../support/processes.ts';
import { beginRound, enterValue, finishRound, newestRound, openRounds } from '../support/round-pages.ts';
import { roundsSite } from '../support/rounds-site.ts';

describe.skipIf(CHROMIUM === undefined)('a round', () => {
  const site = roundsSite();
  let page: Page;
  let codes: ReadonlyMap<string, string>;
  const complaints: string[] = [];

  beforeAll(async () => {
    page = await site.phone();
    page.on('pageerror', ({ message }) => complaints.push(message));
    const { places } = await site.reader.get<PlacesBody>('/api/rounds/places');
    codes = new Map(places.map(({ place, code }) => [place, code]));
  });

  /** How far the page reaches beyond the phone's width, in pixels. */
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  const item = (id: string) => page.locator(`[data-item="${id}"]`);
  const choose = (id: string, label: string) => item(id).getByText(label, { exact: true }).click();
  const enter = (id: string, value: string) => enterValue(page, id, value);
  async function prove(place: string): Promise<void> {
    await page.locator(`[data-place="${place}"] .round-code input`).fill(codes.get(`main/${place}`) ?? '');
    await page.locator('.round-there').waitFor();
  }
  async function begin(template: string, button: string): Promise<void> {
    await openRounds(page, site.program.url);
    await beginRound(page, template, button);
  }
  const newest = (): Promise<RoundBody> => newestRound(site.reader);

  it('is walked on a phone whose network is cut in the middle, and handed in once the collector is back', async () => {
    await begin('quarterly-main', 'Begin a special round');
    await page.locator('[data-place="distribution"] .round-code input').fill('0000 0000');
    await page.getByText('That is not the code of this place').waitFor();
    await prove('distribution');
    await enter('breaker-temperature', '72,5');
    await item('breaker-temperature').getByLabel('What was found').fill('Breaker 3 is hot');
    await item('breaker-temperature')
      .locator('input[type="file"]')
      .setInputFiles({
        name: 'breaker.jpg',
        mimeType: 'image/jpeg',
        buffer: await page.screenshot({ type: 'jpeg' }),
      });
    await item('breaker-temperature').locator('.round-photo').waitFor();

    await page.context().setOffline(true);
    await enter('insulation', '5');
    await choose('terminals', 'Normal');
    expect(await overflow()).toBe(0);
    await page.getByRole('button', { name: 'Next place' }).click();
    await page.locator('[data-place="lighting"]').waitFor();
    // The page is closed and opened again without a connection: nothing of it is gone.
    await page.reload();
    await page.locator('[data-place="distribution"]').waitFor();
    expect(await item('insulation').getAttribute('data-done')).toBe('true');
    await page.getByRole('button', { name: 'Next place' }).click();
    await prove('lighting');
    await choose('lights', 'Normal');
    await choose('emergency-lights', 'Normal');
    await page.locator('[data-finish]').click();
    await page.getByText('are not done; they are recorded as not done').waitFor();
    await page.getByRole('button', { name: 'Finish all the same' }).click();
    await page.locator('[data-state="waiting"]').waitFor();

    process.kill(descendantWith(site.program.process.pid ?? 0, 'collector-main.js'), 'SIGKILL');
    await page.context().setOffline(false);
    await page.locator('[data-state="sent"]').waitFor({ timeout: 90_000 });
    const { judged, round, tasks } = await newest();
    expect(judged.result).toBe('abnormal');
    expect(judged.items.find((one) => one.item === 'exit-signs')?.result).toBe('not_done');
    expect(judged.items.find((one) => one.item === 'earthing')?.result).toBe('not_done');
    expect(judged.doubts.map(({ code }) => code).toSorted()).toEqual(['too_fast', 'too_fast']);
    expect(round.visits.map(({ way }) => way)).toEqual(['typed', 'typed']);
    expect(tasks.map((task) => [task.item, task.note])).toEqual([
      ['breaker-temperature', 'Breaker 3 is hot'],
    ]);
    const photo = round.visits.flatMap(({ answers }) => answers.flatMap(({ photos }) => photos))[0];
    const answer = await page.request.get(`${site.program.url}/api/rounds/photos/${photo}`);
    expect(answer.headers()['content-type']).toBe('image/jpeg');
    expect((await answer.body()).length).toBeLessThanOrEqual(300 * 1024);
  }, 180_000);

  it('shows what the sensor says only after somebody has read the gauge, and the difference', async () => {
    await begin('daily-main', 'Begin a special round');
    await page.getByRole('button', { name: /Cold aisle/ }).click();
    await item('temperature').getByText('Read it yourself').waitFor();
    expect(await item('temperature').locator('[data-compare]').count()).toBe(0);
    await enter('temperature', '35');
    await item('temperature')
      .getByText(/They differ by/)
      .waitFor();
    await page.getByRole('button', { name: /UPS: UPS A/ }).click();
    await item('ups-load.ups-a')
      .getByRole('button', { name: /Confirm/ })
      .click();
    await page.locator('[data-item="ups-load.ups-a"][data-done="true"]').waitFor();
    await finishRound(page);
    const { judged } = await newest();
    const codesOf = judged.doubts.map(({ code }) => code);
    expect(codesOf).toContain('sensor_differs');
    expect(codesOf).toContain('not_there');
    expect(judged.items.find((one) => one.item === 'ups-load.ups-a')?.answer?.isConfirmed).toBe(true);
    await page.getByRole('link', { name: 'Look at it' }).click();
    await page.locator('[data-doubt="sensor_differs"]').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  }, 120_000);

  it('is entered later from a sheet of paper, with its times and a scan of it', async () => {
    await begin('monthly-main', 'Enter from paper');
    await page.getByText('From paper: enter the times').waitFor();
    await page.locator('[data-finish]').click();
    await page.getByRole('button', { name: 'Finish all the same' }).click();
    await page.getByText('Add a photo of the sheet').waitFor();
    await page.getByLabel('Began').fill('2026-01-05T09:00');
    await page.getByLabel('Ended').fill('2026-01-05T09:30');
    await page.locator('.round-paper input[type="file"]').setInputFiles({
      name: 'sheet.jpg',
      mimeType: 'image/jpeg',
      buffer: await page.screenshot({ type: 'jpeg' }),
    });
    await page.locator('.round-paper .round-photo').waitFor();
    await page.getByRole('button', { name: 'Finish all the same' }).click();
    await page.locator('[data-state="sent"]').waitFor();
    const { round } = await newest();
    expect(round.paper?.photos).toHaveLength(1);
    expect(round.endedAtMs - round.beganAtMs).toBe(30 * 60_000);
  }, 120_000);

  it('is listed, printed, its codes and templates are there, and axe finds no fault', async () => {
    const month = new Date().toISOString().slice(0, 7);
    const addresses = [
      '/rounds',
      '/rounds/plan',
      '/rounds/plan?view=month',
      '/rounds/plan?view=day',
      '/rounds/archive',
      `/rounds/month/${month}`,
      '/rounds/year',
      '/rounds/places',
      '/rounds/sheet/daily-main',
      '/rounds/edit/daily-main',
    ];
    for (const address of addresses) {
      await page.goto(`${site.program.url}${address}`);
      await page.locator('h1').waitFor();
      await eventually(async () => expect(await page.locator('.notice-wait').count()).toBe(0));
      expect([address, await accessibilityFaults(page)]).toEqual([address, []]);
      expect([address, await overflow()]).toEqual([address, 0]);
      // No word is left for what should stand there.
      expect([address, /\{\w+\}/.exec(await page.locator('main').innerText())]).toEqual([address, null]);
    }
    expect(complaints).toEqual([]);
  }, 120_000);

  it('is changed on a page: a new version, which can be taken back', async () => {
    await page.goto(`${site.program.url}/rounds/edit/weekly-main`);
    await page.getByLabel('A second person signs').check();
    await page.getByRole('button', { name: 'Preview and save' }).click();
    await page.getByText('version 2').waitFor();
    await page.getByRole('button', { name: 'Do it' }).click();
    await page.getByRole('button', { name: /Take it back/ }).click();
    await page.getByText('version 3').waitFor();
  }, 60_000);

  it('is saved with what was typed though somebody else has saved it meanwhile, and says what becomes of that', async () => {
    const other = await page.context().newPage();
    const edit = `${site.program.url}/rounds/edit/weekly-main`;
    await page.goto(edit);
    await page.getByLabel('Name in English').first().fill('Mine');
    await page.getByRole('button', { name: 'Preview and save' }).click();
    await page.locator('[data-command="previewed"]').waitFor();
    await other.goto(edit);
    await other.getByLabel('Places in their order').check();
    await other.getByRole('button', { name: 'Preview and save' }).click();
    await other.getByRole('button', { name: 'Do it' }).click();
    await other.locator('[data-command="done"]').waitFor();
    await other.close();

    await page.getByRole('button', { name: 'Do it' }).click();
    const told = page.locator('[data-effect="round_field_kept"]');
    expect(await told.innerText()).toMatch(
      /^New: .* has changed “Places in their order” meanwhile: that stays$/,
    );
    // Whoever goes back to look at it finds all as it was typed.
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    expect(await page.getByLabel('Name in English').first().inputValue()).toBe('Mine');
    await page.getByRole('button', { name: 'Preview and save' }).click();
    await told.waitFor();
    await page.getByRole('button', { name: 'Do it' }).click();
    await page.locator('[data-command="done"]').waitFor();
    const saved = await site.reader.get<RoundTemplate>('/api/rounds/templates/weekly-main');
    expect([saved.name.en, saved.isOrdered]).toEqual(['Mine', true]);
  }, 60_000);
});
