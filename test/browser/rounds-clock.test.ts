import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoundBody, RoundsBody } from '../../config/model/round-api.ts';
import { CHROMIUM } from '../support/browser.ts';
import { PASSWORD, signIn } from '../support/pages.ts';
import { PHONE } from '../support/round-pages.ts';
import { onMonday, startWatchDay, type DayPerson, type WatchDay } from '../support/watch-day.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A round is walked, and the collector's clock goes on meanwhile. */
const WITHIN_MS = 3 * MINUTE_MS;

/** Rounds are due until 18:00. */
describe.skipIf(CHROMIUM === undefined)('the clock of a phone', { timeout: 120_000 }, () => {
  let day: WatchDay;

  beforeAll(async () => {
    day = await startWatchDay({});
    for (const page of Object.values(day.pages)) await page.setViewportSize(PHONE.viewport);
  }, 60_000);

  afterAll(async () => {
    await day.close();
  });

  /** At an instant, by a phone whose clock is fast by so much. */
  async function phone(who: DayPerson, atMs: number, fastMs: number): Promise<Page> {
    day.clock.setTo(atMs);
    const page = day.pages[who];
    await page.clock.install({ time: day.clock.nowMs() + fastMs });
    const pack = page.waitForResponse((answer) => answer.url().endsWith('/api/rounds/pack'));
    await day.go(who, '/rounds');
    await pack;
    return page;
  }
  async function finish(page: Page): Promise<void> {
    await page.locator('[data-finish]').click();
    await page.getByRole('button', { name: 'Finish all the same' }).click();
  }
  async function newest(page: Page): Promise<RoundBody> {
    await page.locator('[data-state="sent"]').waitFor({ timeout: 60_000 });
    const read = async <T>(path: string): Promise<T> =>
      (await (await page.request.get(`${day.url}${path}`)).json()) as T;
    const { rounds } = await read<RoundsBody>('/api/rounds?limit=1');
    return read<RoundBody>(`/api/rounds/${rounds[0]?.id}`);
  }
  /** When it ended by the collector, and how far the clock was off, less what it was set to be off. */
  const timesOf = ({ round, clockDifferenceMs }: RoundBody, fastMs: number) => ({
    endedAtMs: round.endedAtMs + clockDifferenceMs,
    offMs: Math.abs(clockDifferenceMs + fastMs),
  });
  const doubts = ({ judged }: RoundBody) => judged.doubts.map(({ code }) => code);

  it('that is a day fast makes no round late, and its times are corrected', async () => {
    const page = await phone('li', onMonday('17:50:00'), DAY_MS);
    await page
      .locator('[data-due="daily-main@2026-11-23"]')
      .getByRole('button', { name: 'Begin', exact: true })
      .click();
    await page.locator('.round-walk').waitFor();
    await page.context().setOffline(true);
    await page.locator('[data-item]').first().getByText('Normal', { exact: true }).click();
    await page.locator('[data-item][data-done="true"]').waitFor();
    await finish(page);
    await page.locator('[data-state="waiting"]').waitFor();
    await page.context().setOffline(false);
    const body = await newest(page);
    const { endedAtMs, offMs } = timesOf(body, DAY_MS);
    expect(offMs).toBeLessThan(WITHIN_MS);
    expect(endedAtMs).toBeGreaterThanOrEqual(onMonday('17:50:00'));
    expect(endedAtMs).toBeLessThan(onMonday('18:00:00'));
    expect(doubts(body)).toContain('clock_differs');
    expect(doubts(body)).not.toContain('late');
    await page.getByRole('link', { name: 'Look at it' }).click();
    await page.getByText('The times here are corrected.').waitFor();
    const record = await page.locator('.record-sheet').innerText();
    expect(record).toMatch(/The phone’s clock was .* fast\./);
    expect(record).toContain('23 Nov 2026');
    expect(record).not.toContain('24 Nov 2026');
  });

  it('that is set right while a round is walked loses nothing of it', async () => {
    const page = await phone('chen', onMonday('18:10:00'), DAY_MS);
    await page
      .locator('[data-template="monthly-main"]')
      .getByRole('button', { name: 'Begin a special round' })
      .click();
    await page.locator('.round-walk').waitFor();
    await page.locator('[data-item]').first().getByText('Normal', { exact: true }).click();
    await page.locator('[data-item][data-done="true"]').waitFor();
    await page.clock.setSystemTime(day.clock.nowMs());
    await finish(page);
    const body = await newest(page);
    expect(timesOf(body, DAY_MS).endedAtMs).toBeLessThanOrEqual(body.receivedAtMs);
    expect(timesOf(body, DAY_MS).endedAtMs).toBeGreaterThan(onMonday('18:09:00'));
    expect(doubts(body)).toContain('clock_differs');
    expect(body.judged.items.filter(({ result }) => result === 'normal')).toHaveLength(1);
  });

  it('that is five minutes slow does not hide that a round is late', async () => {
    const fastMs = -5 * MINUTE_MS;
    // On the next day: who does nothing for a day is signed out.
    day.clock.setTo(onMonday('18:01:00') + DAY_MS);
    await day.pages.wang.context().clearCookies();
    await signIn(day.pages.wang, day.url, { name: 'wang', password: PASSWORD });
    const page = await phone('wang', onMonday('18:02:00') + DAY_MS, fastMs);
    await page
      .locator('[data-due="daily-main@2026-11-24"]')
      .getByRole('button', { name: 'Begin', exact: true })
      .click();
    await page.locator('.round-walk').waitFor();
    // By this phone it is still in time.
    expect(await page.evaluate(() => Date.now())).toBeLessThan(onMonday('18:00:00') + DAY_MS);
    await page.locator('[data-item]').first().getByText('Normal', { exact: true }).click();
    await page.locator('[data-item][data-done="true"]').waitFor();
    await finish(page);
    const body = await newest(page);
    expect(timesOf(body, fastMs).offMs).toBeLessThan(WITHIN_MS);
    expect(doubts(body)).toEqual(expect.arrayContaining(['late', 'clock_differs']));
    await page.getByRole('link', { name: 'Look at it' }).click();
    await page
      .locator('[data-doubt="clock_differs"]')
      .getByText(/ slow\./)
      .waitFor();
  });
});
