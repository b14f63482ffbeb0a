import type { Browser, Page } from 'playwright-core';
import type { AlertView } from '../../config/model/api.ts';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { DEMO_FOLDER, loadConfig } from '../../config/load.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { manyAlerts } from '../support/fake-care.ts';
import { startFakeCollector } from '../support/fake-collector.ts';
import { alertView, ON_BATTERY } from '../support/fake-room.ts';

const { site: DEMO } = loadConfig(DEMO_FOLDER, {});
const COUNT = 2_000;
/** Of every hundred, nine hang on one. */
const ROWS = COUNT - (COUNT / 100) * 9;

let browser: Browser;

/** The console in a flood of two thousand alerts. */
async function flood(path = '/alerts', viewport = { width: 1440, height: 900 }) {
  const fake = await startFakeCollector({ site: DEMO });
  const nowMs = systemClock.nowMs();
  fake.put(...manyAlerts(COUNT, nowMs));
  const context = await browser.newContext({ locale: 'en-US', viewport, reducedMotion: 'reduce' });
  await context.addInitScript(() => localStorage.setItem('watchkeeper.language', 'en'));
  const page = await context.newPage();
  onTestFinished(async () => {
    await context.close();
    await fake.stop();
  });
  await page.goto(fake.url + path);
  await page.locator('.console-row').first().waitFor();
  return { fake, page, nowMs };
}

const chosen = (page: Page) => page.locator('.console-row:has([aria-current="true"])');

describe.skipIf(CHROMIUM === undefined)('the console, with 2,000 alerts', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  it('is one list of roots of which only what is seen exists, with what hangs on a root behind it', async () => {
    const { page } = await flood();
    expect(await page.locator('.console-row').count()).toBeLessThan(60);
    expect(await page.locator('.console-rows > li').first().getAttribute('aria-setsize')).toBe(`${ROWS}`);
    const root = page.locator('[data-fingerprint="many-0"]');
    // What is no device of the site is called as its labels call it.
    expect(await root.locator('.alert-device').textContent()).toBe('10.0.0.0');
    await page.locator('.console-panel').getByText('10.0.0.0').waitFor();
    await root.getByRole('button', { name: '9 behind it' }).click();
    await page.locator('.console-row[data-behind="true"]').first().waitFor();
    expect(await page.locator('.console-rows > li').first().getAttribute('aria-setsize')).toBe(`${ROWS + 9}`);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
    await page.locator('.console-row').nth(20).waitFor();
    expect(await page.locator('.console-row').count()).toBeLessThan(60);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('is acknowledged by one key, which the alert then says of itself, and taken back by another', async () => {
    const { page, fake } = await flood();
    await page.keyboard.press('j');
    const first = await chosen(page).getAttribute('data-fingerprint');
    await page.keyboard.press('a');
    await page.getByRole('status').filter({ hasText: 'gives itself back' }).waitFor();
    expect(fake.requests.filter(({ line }) => line === 'POST /api/commands/claim-alert')).toMatchObject([
      { body: { mode: 'preview', input: { fingerprint: first } } },
      { body: { mode: 'do', input: { fingerprint: first }, version: 'v1' } },
    ]);
    await page
      .locator('.console-panel')
      .getByText(/admin sees to it until/)
      .waitFor();
    // What was acknowledged goes down the list; the view stays where the person is.
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await page.keyboard.press('u');
    await page.locator('[data-act="undone"]').waitFor();
    await page.locator('.console-panel .console-claim').waitFor({ state: 'detached' });
  });

  it('shows what a silence will do before it is made, and takes no keys while somebody types', async () => {
    const { page, fake } = await flood();
    await page.keyboard.press('s');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Since').filter({ hasText: 'it would have silenced 7 alerts' }).waitFor();
    await dialog.getByText('2 rules among them are a danger to life').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const make = dialog.getByRole('button', { name: 'Silence' });
    expect(await make.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').pressSequentially('a swap');
    expect(fake.requests.some(({ line }) => line.includes('claim-alert'))).toBe(false);
    await make.click();
    await page.locator('[data-act="done"]').waitFor();
    expect(fake.requests.at(-1)).toMatchObject({
      line: 'POST /api/commands/make-silence',
      body: {
        mode: 'do',
        version: 'v1',
        input: { reason: 'a swap', matchers: [{ name: 'alertname' }, { name: 'instance' }] },
      },
    });
    const made = fake.requests.at(-1)?.body as { readonly input: { readonly endsAtMs: number } } | undefined;
    expect(Number.isInteger(made?.input.endsAtMs)).toBe(true);
  });

  it('reads its history no more often than somebody could, however fast alerts come', async () => {
    const { page, fake, nowMs } = await flood();
    const read = () => fake.requests.filter(({ line }) => line.startsWith('GET /api/alerts/history'));
    await page.waitForFunction(() => document.querySelector('#history-title') !== null);
    for (let n = 0; n < 20; n += 1) {
      fake.put([`alert/new-${n}`, { ...alertView(ON_BATTERY, nowMs), fingerprint: `new-${n}` }]);
      await page.locator(`.panel-count:text-is("${COUNT + n + 1}")`).waitFor();
    }
    expect(read().length).toBeLessThanOrEqual(Math.ceil((systemClock.nowMs() - nowMs) / 2_000) + 1);
    expect(read().length).toBeGreaterThan(0);
  });

  it('says in words why nobody was called, who was tried and who is next', async () => {
    const { page, fake, nowMs } = await flood();
    fake.care.verdicts = {
      receivers: [
        {
          receiver: 'duty',
          way: 'mail[0]',
          verdicts: [
            { gate: 'severity', outcome: 'passed', reason: 'severity_taken', atMs: nowMs },
            { gate: 'silence', outcome: 'held', reason: 'silenced', atMs: nowMs, by: 'li', untilMs: nowMs },
          ],
        },
      ],
      messages: [],
      escalation: { policy: 'night', told: [], next: { step: 1, receiver: 'leader', atMs: nowMs } },
    };
    await page.keyboard.press('w');
    await page.getByText(/Silenced by li, until/).waitFor();
    await page.getByText(/Next: leader at/).waitFor();
  });

  it('begins with everybody out, keeps its filters in the address, and says what they hide', async () => {
    const { page, fake, nowMs } = await flood('/alerts?severity=critical&text=number%201');
    fake.put(['alert/fire', { ...alertView(ON_BATTERY, nowMs), fingerprint: 'fire', danger: 'life' }]);
    await page.getByText(/alerts are hidden by the filter/).waitFor();
    await page.goto(`${fake.url}/alerts`);
    await page.getByRole('alert').getByText('Everybody out').waitFor();
    expect(await page.locator('.console-row').first().getAttribute('data-fingerprint')).toBe('fire');
    await page.getByRole('link', { name: 'Acknowledged' }).click();
    await page.waitForURL('**/alerts?care=claimed');
  });

  it('saves a note by Ctrl+Enter in its field, and not before something is written', async () => {
    const { page, fake } = await flood();
    await page.keyboard.press('n');
    const field = page.getByRole('dialog').getByLabel('The note');
    await field.press('Control+Enter');
    expect(await field.isVisible()).toBe(true);
    await field.pressSequentially('feed B is being worked on');
    await field.press('Control+Enter');
    await page.locator('[data-act="done"]').waitFor();
    expect(fake.requests.filter(({ line }) => line === 'POST /api/commands/note-alert').at(-1)).toMatchObject(
      {
        body: { mode: 'do', input: { text: 'feed B is being worked on' } },
      },
    );
  });

  it('shows long names whole on a telephone', async () => {
    const { page, fake, nowMs } = await flood('/alerts', { width: 390, height: 844 });
    const instance = 'https://storage-controller-07.backup.machine-room.example.org:9443/metrics';
    const [, alert] = manyAlerts(1, nowMs)[0] ?? [];
    fake.put([
      'alert/long',
      { ...(alert as AlertView), fingerprint: 'long', labels: { alertname: 'TargetDown', instance } },
    ]);
    const row = page.locator('[data-fingerprint="long"]');
    await row.getByText(instance).waitFor();
    const isWithin = await row.evaluate((element) => {
      const name = element.querySelector('.alert-device')?.getBoundingClientRect() ?? new DOMRect();
      const { top, right, bottom, left } = element.getBoundingClientRect();
      return name.top >= top && name.right <= right && name.bottom <= bottom && name.left >= left;
    });
    expect(isWithin).toBe(true);
    await row.locator('.console-choose').click();
    await page.getByRole('dialog').getByText(instance).first().waitFor();
    const { sideways } = await page.evaluate(() => ({
      sideways: [...document.querySelectorAll('dialog, dialog *')]
        .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
        .map(({ className }) => className),
    }));
    expect(sideways).toEqual([]);
  });

  it('is used on a telephone: nothing scrolls sideways, an alert opens over the list', async () => {
    const { page } = await flood('/alerts', { width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    await page.locator('.console-choose').first().click();
    await page.getByRole('dialog').getByText('Look at the switch.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});
