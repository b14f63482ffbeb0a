import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { CHROMIUM } from '../support/browser.ts';
import { PHONE } from '../support/round-pages.ts';
import { startWatchDay, type DayPerson, type WatchDay } from '../support/watch-day.ts';

const TODAY = 'daily-main@2026-11-23';
const TOMORROW = 'daily-main@2026-11-24';

/** Li has the day by the roster, Wang the night; both look at their phones. */
describe.skipIf(CHROMIUM === undefined)('rounds that change hands on the phone', { timeout: 120_000 }, () => {
  let day: WatchDay;

  beforeAll(async () => {
    day = await startWatchDay({});
    for (const page of Object.values(day.pages)) await page.setViewportSize(PHONE.viewport);
  }, 60_000);

  afterAll(async () => {
    await day.close();
  });

  const round = (who: DayPerson, due: string) => day.pages[who].locator(`[data-due="${due}"]`);
  async function open(who: DayPerson, due: string, button: string): Promise<Locator> {
    await day.go(who, '/rounds');
    await round(who, due).getByRole('button', { name: button }).click();
    const dialog = day.pages[who].getByRole('dialog');
    await dialog.waitFor();
    return dialog;
  }
  /** All of the dialog can be reached on the phone, and axe finds no fault. */
  async function fits(page: Page): Promise<void> {
    const dialog = await page.getByRole('dialog').boundingBox();
    const { width, height } = PHONE.viewport;
    expect(dialog?.x).toBeGreaterThanOrEqual(0);
    expect((dialog?.x ?? 0) + (dialog?.width ?? 0)).toBeLessThanOrEqual(width);
    expect((dialog?.y ?? 0) + (dialog?.height ?? 0)).toBeLessThanOrEqual(height);
    expect(await accessibilityFaults(page)).toEqual([]);
  }
  async function doIt(dialog: Locator, effects: readonly string[]): Promise<void> {
    await dialog.locator('[data-command="previewed"]').waitFor();
    expect(await dialog.locator('.effects li').allInnerTexts()).toEqual(effects);
    await dialog.getByRole('button', { name: 'Do it' }).click();
    await dialog.locator('[data-command="done"]').waitFor();
  }
  async function close(dialog: Locator): Promise<void> {
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  it('are by name those of whom the roster plans', async () => {
    await day.go('wang', '/rounds');
    await round('wang', TODAY).getByText('On watch: li').waitFor();
    await day.go('wang', '/rounds/plan');
    await round('wang', TODAY).getByText('On watch: li').waitFor();
    await day.pages.wang.getByLabel('For whom').selectOption('li');
    await round('wang', TODAY).waitFor();
    await day.pages.wang.getByLabel('For whom').selectOption('wang');
    await round('wang', TODAY).waitFor({ state: 'detached' });
  });

  it('are handed on to somebody by name, which is taken back', async () => {
    const dialog = await open('li', TODAY, 'Hand on');
    await fits(day.pages.li);
    await dialog.getByLabel('To').selectOption('wang');
    await dialog.getByRole('button', { name: 'Hand on' }).click();
    await dialog.locator('[data-command="previewed"]').waitFor();
    await fits(day.pages.li);
    await doIt(dialog, ['Daily round, 2026-11-23: by wang']);
    await dialog.getByRole('button', { name: /Take it back/ }).click();
    await dialog.locator('[data-command="undone"]').waitFor();
    expect(await dialog.locator('.effects li').allInnerTexts()).toEqual([
      'Daily round, 2026-11-23: by whoever keeps the watch',
    ]);
    await close(dialog);
    await round('li', TODAY).getByText('On watch: li').waitFor();
  });

  it('are swapped once the other has agreed', async () => {
    let dialog = await open('wang', TOMORROW, 'Hand on');
    await dialog.getByLabel('To').selectOption('wang');
    await dialog.getByRole('button', { name: 'Hand on' }).click();
    await doIt(dialog, ['Daily round, 2026-11-24: by wang']);
    await close(dialog);

    dialog = await open('li', TODAY, 'Swap');
    await dialog.getByLabel('With').selectOption('wang');
    await dialog.getByLabel('For').selectOption(TOMORROW);
    await dialog.getByLabel('Why').fill('I am at the training');
    await fits(day.pages.li);
    await dialog.getByRole('button', { name: 'Preview the offer' }).click();
    await doIt(dialog, [
      'li offers wang a swap. Once wang agrees:',
      'Daily round, 2026-11-23: by wang',
      'Daily round, 2026-11-24: by li',
    ]);
    await close(dialog);
    // Nothing has changed hands yet.
    await round('li', TODAY).getByText('On watch: li').waitFor();
    await day.pages.li.locator(`[data-swap="${TODAY}"]`).getByRole('button', { name: 'Withdraw' }).waitFor();

    await day.go('wang', '/rounds');
    const offer = day.pages.wang.locator(`[data-swap="${TODAY}"]`);
    await offer.getByText('I am at the training').waitFor();
    await offer.getByRole('button', { name: 'Agree' }).click();
    dialog = day.pages.wang.getByRole('dialog');
    await doIt(dialog, [
      'wang agrees to the swap of li',
      'Daily round, 2026-11-23: by wang',
      'Daily round, 2026-11-24: by li',
    ]);
    await close(dialog);
    await offer.waitFor({ state: 'detached' });
    await round('wang', TODAY).getByText('wang', { exact: false }).waitFor();
    expect(await round('wang', TOMORROW).innerText()).toContain('li');
  });

  it('say why an offer does not stand any more', async () => {
    const dialog = await open('li', TOMORROW, 'Swap');
    await dialog.getByLabel('With').selectOption('chen');
    await dialog.getByRole('button', { name: 'Preview the offer' }).click();
    await doIt(dialog, ['li offers chen a swap. Once chen agrees:', 'Daily round, 2026-11-24: by chen']);
    await close(dialog);
    const passed = await open('wang', TOMORROW, 'Hand on');
    await passed.getByLabel('To').selectOption('wang');
    await passed.getByRole('button', { name: 'Hand on' }).click();
    await doIt(passed, ['Daily round, 2026-11-24: by wang']);
    await close(passed);
    await day.go('chen', '/rounds');
    await day.pages.chen.locator(`[data-swap="${TOMORROW}"]`).getByRole('button', { name: 'Agree' }).click();
    const refused = day.pages.chen.locator('[data-command="refused"]');
    await refused.waitFor();
    expect(await refused.innerText()).toContain('wang');
  });
});
