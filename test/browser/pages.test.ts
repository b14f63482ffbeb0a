import { describe, expect, it } from 'vitest';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { CHROMIUM } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { badNow, DEMO, fakePages } from '../support/fake-pages.ts';
import { alertView, ON_BATTERY } from '../support/fake-room.ts';
import { markPage } from '../support/pages.ts';

describe.skipIf(CHROMIUM === undefined)('the pages, in a real browser', () => {
  const open = fakePages();

  it('tells a wrong password, and lets the right one in to the page that was asked for', async () => {
    const { page } = await open('/alerts', { isSignedIn: false });
    await page.getByLabel('Name', { exact: true }).fill('admin');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Name or password is wrong').waitFor();
    await page.getByLabel('Password', { exact: true }).fill('right');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Alerts', exact: true }).waitFor();
  });

  it('makes the first administrator only with a password that meets the rules shown', async () => {
    const { page, fake } = await open('/first-run#one-time', { isSignedIn: false, isFirstRun: true });
    await page.getByLabel('Name', { exact: true }).fill('chen');
    await page.getByLabel('Your name').fill('Chen');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByLabel('Password again').fill('short');
    await page.getByRole('button', { name: 'Create and sign in' }).click();
    await page.getByText('What was filled in has faults').waitFor();
    expect(fake.requests.map(({ line }) => line)).not.toContain('POST /api/first-run');
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByLabel('Password again').fill('correct horse battery');
    await page.getByRole('button', { name: 'Create and sign in' }).click();
    await page.locator('[data-device]').first().waitFor();
    expect(fake.requests.find(({ line }) => line === 'POST /api/first-run')?.body).toEqual({
      token: 'one-time',
      name: 'chen',
      displayName: 'Chen',
      password: 'correct horse battery',
      language: 'en',
    });
  });

  it('speaks Chinese after one press, everywhere, and remembers it', async () => {
    const { page, fake } = await open('/alerts');
    fake.put(...badNow());
    await page.locator('.console-row').first().waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/\p{Script=Han}{2}/u);
    const expectNoReload = await markPage(page);
    await page.getByRole('button', { name: /Language/ }).click();
    await page.getByRole('heading', { name: '当前告警' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    // A rule's name is what its file calls it, in every language.
    const names = await page.locator('main a[href^="/rules?"]').allInnerTexts();
    const latin = (await page.locator('main').innerText()).match(/\b(?!UPS|CPU)[A-Za-z]{3,}\b/g) ?? [];
    expect(latin.filter((word) => !names.includes(word))).toEqual([]);
    await expectNoReload();
    expect(await page.evaluate(() => localStorage.getItem('watchkeeper.language'))).toBe('zh-CN');
  });

  it('keeps the filter in the address and never hides an alert silently', async () => {
    const { page, fake } = await open('/rooms/main');
    fake.put(...badNow());
    await page.locator('.alert').first().waitFor();
    await page.getByRole('link', { name: 'Network', exact: true }).click();
    await page.waitForURL('**/rooms/main?layer=network');
    await page.getByText('4 more alerts are hidden by the filter').waitFor();
    expect(await page.locator('[data-device="ups-a"]').getAttribute('data-dimmed')).toBe('true');
    expect(await page.locator('[data-device="switch-1"]').getAttribute('data-dimmed')).toBe('false');
  });

  it('names the device of each alert, also where the card is folded and on the wall', async () => {
    const { page, fake } = await open('/rooms/main', { viewport: { width: 390, height: 844 } });
    fake.put(...badNow());
    const folded = page.locator('details.alert:not([open])').first();
    await folded.waitFor();
    for (const summary of await page.locator('.alert-summary').all()) {
      expect(await summary.locator('.alert-device').textContent()).not.toBe('');
    }
    await page.goto(`${fake.url}/wall`);
    await page.locator('.wall-alert-place').first().waitFor();
    expect(await page.locator('.wall-alert-place').allTextContents()).toContain('UPS A · A1 · U1–U4');
    const held = page.locator('.wall-alert[data-held="true"]').first();
    await held.getByText(/no data since .*: nobody knows whether it goes on/).waitFor();
  });

  it('announces a new alert and sounds for it until somebody stops it; the alarm stays', async () => {
    const { page, fake } = await open('/');
    await page.locator('[data-device]').first().waitFor();
    await page.getByRole('button', { name: 'Turn on the alarm sound' }).click();
    await page.getByRole('button', { name: 'Turn off the alarm sound' }).waitFor();
    const alert = alertView(ON_BATTERY, systemClock.nowMs());
    fake.put([`alert/${alert.fingerprint}`, alert]);
    await eventually(async () => {
      const said = await page.locator('[role="status"]').allTextContents();
      expect(said.join()).toContain('New alert, Critical: UPS A is on battery');
    });
    await page.getByRole('button', { name: 'Stop the sound' }).click();
    await page.getByText('Sound stopped; the alarm stays').waitFor({ state: 'attached' });
    await page.locator('[data-alert="UpsOnBattery"]').waitFor();
  });

  it('lets nothing hostile out of a label or a mail', async () => {
    const { page, fake } = await open('/messages/5');
    const heading = page.frameLocator('iframe').getByRole('heading');
    await heading.waitFor();
    // Its own styles are in force, since the reader of the mail sees them too.
    expect(await heading.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(179, 38, 30)');
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('');
    const hostile = {
      ...ON_BATTERY,
      name: 'X',
      en: ['<img src=x onerror="document.title=1">', '', ''] as const,
    };
    const alert = alertView(hostile, systemClock.nowMs());
    fake.put([`alert/${alert.fingerprint}`, alert]);
    await page.getByRole('link', { name: /Alerts/ }).click();
    await page.getByText('<img src=x').first().waitFor();
    expect(await page.title()).not.toBe('1');
  });

  it('offers the lab in a demonstration, and nowhere else', async () => {
    const demo = await open('/');
    await demo.page.getByRole('button', { name: 'Make it happen' }).click();
    await demo.page.locator('[data-scenario="leak"] button').click();
    await demo.page.locator('[data-scenario="leak"][data-active="true"]').waitFor();
    await demo.page.getByText('Started: Water leak').waitFor();
    const real = await open('/', { site: { ...DEMO, isDemonstration: false } });
    await real.page.locator('[data-device]').first().waitFor();
    expect(await real.page.getByText(/Demonstration|Make it happen/).count()).toBe(0);
  });

  it('shows an empty site as empty, and says what to do', async () => {
    const { page } = await open('/', { site: { ...DEMO, rooms: [], devices: [] } });
    await page.getByText('The site has no rooms yet').waitFor();
  });

  it('follows several rooms by tabs', async () => {
    const [room] = DEMO.rooms;
    if (room === undefined) throw new Error('the demonstration has no room');
    const annex = { id: 'annex', name: { 'zh-CN': '辅助区', en: 'Annex' }, rows: [] };
    const { page } = await open('/', { site: { ...DEMO, rooms: [room, annex] } });
    await page.getByRole('link', { name: 'Annex' }).click();
    await page.getByText('This room has no devices yet').waitFor();
    await page.goBack();
    await page.locator('[data-device="ups-a"]').waitFor();
  });

  it('shows every reading with its source, and what the agent and the device last said to each other', async () => {
    const { page } = await open('/devices/ups-a');
    await page.getByRole('rowheader', { name: 'Battery voltage' }).waitFor();
    await page.getByText('1.3.6.1.2.1.33.1.4.4.1.5.1').first().waitFor();
    await page.getByText('Polling, in detail').click();
    await page.getByText('timeout, tried again').waitFor();
    await page.getByRole('button', { name: 'Chart of Battery voltage' }).click();
    await page.getByRole('figure', { name: 'Battery voltage' }).waitFor();
  });
});
