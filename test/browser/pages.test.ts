import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { LiveEntry } from '../../config/model/api.ts';
import { DEMO_FOLDER, loadConfig } from '../../config/load.ts';
import type { Site } from '../../config/model/site.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import {
  historyOf,
  startFakeCollector,
  type FakeCollector,
  type FakeOptions,
} from '../support/fake-collector.ts';
import { alertView, badRoom, deviceView, DOOR, HOT, ON_BATTERY, outboxOf } from '../support/fake-room.ts';
import { markPage } from '../support/pages.ts';

const { site: DEMO } = loadConfig(DEMO_FOLDER, {});
const ADDRESSES = [
  '/rooms/main',
  '/devices/ups-a',
  '/alerts',
  '/silences',
  '/messages',
  '/messages/5',
  '/receivers',
  '/attention',
  '/chases',
  '/wall',
  '/nowhere',
];

let browser: Browser;

/** A page of its own on a collector of its own. */
async function open(path: string, options: BrowserContextOptions & Partial<FakeOptions> = {}) {
  const { site = DEMO, isSignedIn = true, isFirstRun = false, ...context } = options;
  const fake = await startFakeCollector({ site, isSignedIn, isFirstRun });
  const nowMs = systemClock.nowMs();
  fake.outbox = outboxOf(nowMs);
  fake.history = historyOf(
    [HOT, DOOR].map((texts) => alertView(texts, nowMs)),
    nowMs,
  );
  const { page, complaints } = await openOn(fake, path, context);
  onTestFinished(async () => {
    await page.context().close();
    await fake.stop();
  });
  return { fake, page, complaints };
}

async function openOn(fake: FakeCollector, path: string, context: BrowserContextOptions) {
  const opened = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...context,
  });
  await opened.addInitScript(() => {
    if (window.origin !== 'null') localStorage.setItem('watchkeeper.language', 'en');
  });
  const page = await opened.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(fake.url + path);
  return { page, complaints };
}

function bad(site: Site): readonly LiveEntry[] {
  return badRoom(site, systemClock.nowMs());
}

async function settled(page: Page): Promise<void> {
  await page.locator('h1, .wall').first().waitFor();
  await eventually(async () => expect(await page.locator('.notice-wait').count()).toBe(0));
}

const focusedDevice = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['device']);

describe.skipIf(CHROMIUM === undefined)('the pages, in a real browser', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each(ADDRESSES)('axe-core finds nothing on %s', async (path) => {
      const { page, fake, complaints } = await open(path, { colorScheme });
      fake.put(...bad(DEMO));
      await settled(page);
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(complaints.filter((complaint) => !complaint.includes('sandboxed'))).toEqual([]);
    });

    it('axe-core finds nothing at sign-in, at first run, in the windows, and while nothing is current', async () => {
      const signIn = await open('/', { colorScheme, isSignedIn: false });
      await signIn.page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(await accessibilityFaults(signIn.page)).toEqual([]);
      const firstRun = await open('/first-run#t', { colorScheme, isSignedIn: false, isFirstRun: true });
      await firstRun.page.getByLabel('Your name').waitFor();
      expect(await accessibilityFaults(firstRun.page)).toEqual([]);
      const { page, fake } = await open('/', { colorScheme });
      fake.put(...bad(DEMO));
      await page.locator('[data-device="ups-a"][data-sign="critical"]').waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Make it happen' }).click();
      await page.locator('[data-scenario="leak"]').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.keyboard.press('Escape');
      fake.goAway();
      await page.locator('html[data-current="no"]').waitFor({ state: 'attached' });
      expect(await accessibilityFaults(page)).toEqual([]);
    });
  });

  it.each(ADDRESSES)('%s needs no sideways scrolling on 320 pixels', async (path) => {
    const { page, fake } = await open(path, { viewport: { width: 320, height: 720 } });
    fake.put(...bad(DEMO));
    await settled(page);
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(tooWide).toBe(0);
  });

  it.each([
    [1920, 1080],
    [3840, 2160],
  ])(
    'the wall fits a screen of %d × %d, with every device and the worst alert on it',
    async (width, height) => {
      const { page, fake } = await open('/wall', { viewport: { width, height } });
      fake.put(...bad(DEMO));
      await page.locator('[data-device="ups-a"][data-sign="critical"]').waitFor();
      const outside = await page.$$eval(
        '[data-device], .wall-alert, .wall-watcher, .wall-time',
        (parts) =>
          parts
            .map((part) => part.getBoundingClientRect())
            .filter(({ right, bottom }) => right > window.innerWidth || bottom > window.innerHeight).length,
      );
      expect(outside).toBe(0);
      expect(await page.locator('main').getByRole('button').count()).toBe(0);
    },
  );

  it('is used by keyboard alone: sign in, walk the racks, open a device, read its chart, ask for help', async () => {
    const { page } = await open('/', { isSignedIn: false });
    await page.getByLabel('Name', { exact: true }).waitFor();
    await page.keyboard.type('admin');
    await page.keyboard.press('Tab');
    await page.keyboard.type('a good password');
    await page.keyboard.press('Enter');
    await page.locator('[data-device]').first().waitFor();
    for (let presses = 0; presses < 40 && (await focusedDevice(page)) === undefined; presses += 1) {
      await page.keyboard.press('Tab');
    }
    expect(await focusedDevice(page)).toBe('crac-1');
    await page.keyboard.press('ArrowDown');
    expect(await focusedDevice(page)).toBe('climate-a1');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await focusedDevice(page)).toBe('ups-a');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/devices/ups-a');
    const chart = page.getByRole('slider').first();
    await chart.focus();
    await page.keyboard.press('Home');
    const first = await chart.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowRight');
    expect(await chart.getAttribute('aria-valuenow')).toBe('1');
    expect(await chart.getAttribute('aria-valuetext')).not.toBe(first);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('[role="slider"]:focus').waitFor();
  });

  it('follows the room without a reload: a tile turns, with shape, word and colour', async () => {
    const { page, fake } = await open('/');
    const tile = page.locator('[data-device="ups-a"]');
    await tile.and(page.locator('[data-sign="ok"]')).waitFor();
    const expectNoReload = await markPage(page);
    fake.put(...bad(DEMO));
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
    fake.put(...bad(DEMO));
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
    fake.put(...bad(DEMO));
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
    fake.put(...bad(DEMO));
    await page.locator('.alert').first().waitFor();
    await page.getByRole('link', { name: 'Network', exact: true }).click();
    await page.waitForURL('**/rooms/main?layer=network');
    await page.getByText('4 more alerts are hidden by the filter').waitFor();
    expect(await page.locator('[data-device="ups-a"]').getAttribute('data-dimmed')).toBe('true');
    expect(await page.locator('[data-device="switch-1"]').getAttribute('data-dimmed')).toBe('false');
  });

  it('names the device of each alert, also where the card is folded and on the wall', async () => {
    const { page, fake } = await open('/rooms/main', { viewport: { width: 390, height: 844 } });
    fake.put(...bad(DEMO));
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
