import { describe, expect, it } from 'vitest';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { CHROMIUM } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { badNow, DEMO, fakePages } from '../support/fake-pages.ts';
import { deviceView } from '../support/fake-room.ts';
import { markPage } from '../support/pages.ts';

describe.skipIf(CHROMIUM === undefined)('the pages and their connection to the collector', () => {
  const open = fakePages();

  it('follows the room without a reload: a tile turns, with shape, word and colour', async () => {
    const { page, fake } = await open('/');
    const tile = page.locator('[data-device="ups-a"]');
    await tile.and(page.locator('[data-sign="ok"]')).waitFor();
    const expectNoReload = await markPage(page);
    fake.put(...badNow());
    await tile.and(page.locator('[data-sign="critical"]')).waitFor();
    expect(await tile.innerText()).toMatch(/Critical/);
    expect(await tile.locator('.mark-level').textContent()).toBe('1');
    expect(await page.title()).toMatch(/^\(1\) Critical/);
    await expectNoReload();
  });

  it('shows nothing of a silent device as if it were now', async () => {
    const { page, fake } = await open('/');
    const device = DEMO.devices.find(({ id }) => id === 'pdu-a');
    if (device === undefined) throw new Error('the demonstration has no pdu-a');
    const tile = page.locator('[data-device="pdu-a"]');
    await tile.getByText('2.84').waitFor();
    const nowMs = systemClock.nowMs();
    const silent = { kind: 'unknown', sinceMs: nowMs - 60_000, reason: 'device_silent' } as const;
    fake.put(['device/pdu-a', deviceView(device, silent, nowMs)]);
    await tile.getByText('No answer').waitFor();
    expect(await tile.innerText()).not.toContain('2.84');
    expect(await tile.evaluate((element) => getComputedStyle(element).backgroundImage)).toContain('gradient');
  });

  it('says when the collector falls silent and as of when the page is, and resumes where it was', async () => {
    const { page, fake } = await open('/');
    fake.put(...badNow());
    await page.locator('[data-device="ups-a"][data-sign="critical"]').waitFor();
    const seen = fake.subscriptions.length;
    fake.goSilent();
    await page.getByText('The connection to the collector is lost').waitFor({ timeout: 10_000 });
    await page.getByText(/as of \d\d:\d\d:\d\d/).waitFor();
    expect(await page.title()).toMatch(/^Disconnected/);
    const filter = await page.locator('main').evaluate((element) => getComputedStyle(element).filter);
    expect(filter).toContain('grayscale');
    fake.comeBack();
    await page
      .getByText('The connection to the collector is lost')
      .waitFor({ state: 'detached', timeout: 20_000 });
    const resumed = fake.subscriptions.slice(seen).find(({ resume }) => resume !== undefined);
    expect(resumed?.resume?.epoch).toBe('fake');
  });

  it('says so at once when the connection breaks, and tries again when asked to', async () => {
    const { page, fake } = await open('/');
    await page.locator('[data-device]').first().waitFor();
    fake.goAway();
    await page.locator('html[data-current="no"]').waitFor({ state: 'attached' });
    // After a few tries in vain the page waits for seconds before the next: only the button can be quicker.
    await eventually(() => expect(fake.refusals).toBeGreaterThanOrEqual(4));
    fake.comeBack();
    await page.getByRole('button', { name: 'Reconnect now' }).click();
    await page.locator('html[data-current="yes"]').waitFor({ state: 'attached' });
  });

  it('says so on the wall too, where nobody stands to press a button', async () => {
    const { page, fake } = await open('/wall');
    await page.locator('.wall [data-device]').first().waitFor();
    fake.goAway();
    await page.getByText('The connection to the collector is lost').waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
    await page.getByText(/No alerts as of .* What is now, nobody knows/).waitFor();
    expect(await page.getByText('All normal').count()).toBe(0);
    fake.comeBack();
    await page.locator('html[data-current="yes"]').waitFor({ state: 'attached', timeout: 20_000 });
  });

  it('goes to the sign-in page when the session has ended', async () => {
    const { page, fake } = await open('/');
    await page.locator('[data-device]').first().waitFor();
    fake.session = {
      isFirstRun: false,
      isDemonstration: true,
      siteName: DEMO.name,
      idleLogOffMs: 8 * 3_600_000,
      mayCombineAdministrators: true,
    };
    fake.goAway();
    fake.comeBack();
    await page.getByText('The session has ended').waitFor({ timeout: 15_000 });
  });
});
