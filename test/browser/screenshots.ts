// Writes a picture of every page in both languages, dark and light, on a desk, a phone and a wall:
// `npm run screenshots -- FOLDER [NAME…]`. The room is made up, so that the pictures differ only when the pages do.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DEMO_FOLDER, loadConfig } from '../../config/load.ts';
import { LANGUAGES, type Language } from '../../config/model/localized.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { openBrowser } from '../support/browser.ts';
import { floodedWatch } from '../support/fake-attention.ts';
import { historyOf, startFakeCollector, type FakeCollector } from '../support/fake-collector.ts';
import { alertView, badRoom, DOOR, HOT, ON_BATTERY, outboxOf } from '../support/fake-room.ts';

const DEFAULT_FOLDER = 'data/screenshots';
const THEMES = ['light', 'dark'] as const;
const SCREENS = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  narrow: { width: 320, height: 720 },
  wall: { width: 1920, height: 1080 },
  'wall-4k': { width: 3840, height: 2160 },
} as const;
type Screen = keyof typeof SCREENS;

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly screens: readonly Screen[];
  /** Which collector: `calm`, `bad`, one that nobody is signed in to, or one that has just fallen silent. */
  readonly night: 'calm' | 'bad' | 'signed-out' | 'first-run';
  readonly prepare?: (page: Page, fake: FakeCollector) => Promise<void>;
}

const DESK: readonly Screen[] = ['desktop', 'phone'];

const SHOTS: readonly Shot[] = [
  { name: 'sign-in', path: '/', screens: DESK, night: 'signed-out' },
  { name: 'first-run', path: '/first-run#token', screens: DESK, night: 'first-run' },
  { name: 'room-calm', path: '/', screens: DESK, night: 'calm' },
  { name: 'room', path: '/', screens: [...DESK, 'narrow'], night: 'bad' },
  { name: 'device', path: '/devices/ups-a', screens: [...DESK, 'narrow'], night: 'bad' },
  { name: 'traps', path: '/traps', screens: DESK, night: 'calm' },
  { name: 'alerts', path: '/alerts', screens: DESK, night: 'bad' },
  { name: 'messages', path: '/messages', screens: DESK, night: 'bad' },
  { name: 'receivers', path: '/receivers', screens: DESK, night: 'bad' },
  { name: 'attention', path: '/attention', screens: DESK, night: 'bad' },
  { name: 'chases', path: '/chases', screens: DESK, night: 'bad' },
  { name: 'silences', path: '/silences', screens: DESK, night: 'bad' },
  {
    name: 'silence-form',
    path: '/alerts',
    screens: DESK,
    night: 'bad',
    prepare: async (page) => {
      await page.locator('.console-row').first().click();
      await page.keyboard.press('s');
      await page.locator('.console-form').waitFor();
    },
  },
  {
    name: 'flood',
    path: '/alerts',
    screens: DESK,
    night: 'bad',
    prepare: async (page, fake) => {
      fake.put(['attention', floodedWatch(systemClock.nowMs())]);
      await page.locator('.flood-card').waitFor();
    },
  },
  {
    name: 'wall-flood',
    path: '/wall',
    screens: ['wall'],
    night: 'bad',
    prepare: async (page, fake) => {
      fake.put(['attention', floodedWatch(systemClock.nowMs())]);
      await page.locator('.flood-card').waitFor();
    },
  },
  { name: 'message', path: '/messages/5', screens: DESK, night: 'bad' },
  { name: 'wall', path: '/wall', screens: ['wall', 'wall-4k'], night: 'bad' },
  { name: 'wall-calm', path: '/wall', screens: ['wall'], night: 'calm' },
  {
    name: 'lab',
    path: '/',
    screens: DESK,
    night: 'bad',
    prepare: async (page) => {
      await page.locator('.demo-button').click();
      await page.locator('[data-scenario="leak"]').waitFor();
    },
  },
  {
    name: 'help',
    path: '/',
    screens: DESK,
    night: 'calm',
    prepare: async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'connection-lost',
    path: '/',
    screens: [...DESK, 'wall'],
    night: 'bad',
    prepare: async (page, fake) => {
      fake.goAway();
      await page.locator('html[data-current="no"]').waitFor({ state: 'attached' });
    },
  },
];

async function collectorFor({ night }: Shot): Promise<FakeCollector> {
  const { site } = loadConfig(DEMO_FOLDER, {});
  const fake = await startFakeCollector({
    site,
    isSignedIn: night === 'calm' || night === 'bad',
    isFirstRun: night === 'first-run',
  });
  const nowMs = systemClock.nowMs();
  fake.outbox = outboxOf(nowMs);
  fake.history = historyOf(
    [ON_BATTERY, HOT, DOOR].map((texts) => alertView(texts, nowMs)),
    nowMs,
  );
  if (night === 'bad') fake.put(...badRoom(site, nowMs));
  return fake;
}

async function contextFor(
  browser: Browser,
  screen: Screen,
  language: Language,
  colorScheme: (typeof THEMES)[number],
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: SCREENS[screen],
    locale: language,
    colorScheme,
    reducedMotion: 'reduce',
  });
  await context.addInitScript((chosen) => {
    if (window.origin !== 'null') localStorage.setItem('watchkeeper.language', chosen);
  }, language);
  return context;
}

async function take(shot: Shot, context: BrowserContext, file: string): Promise<void> {
  const fake = await collectorFor(shot);
  try {
    const page = await context.newPage();
    await page.goto(fake.url + shot.path);
    await page.locator('h1').first().waitFor();
    await page.locator('.notice-wait').first().waitFor({ state: 'detached' });
    await shot.prepare?.(page, fake);
    await page.screenshot({ path: file });
  } finally {
    await fake.stop();
  }
}

const names = process.argv.slice(3);
const folder = resolve(process.argv[2] ?? DEFAULT_FOLDER);
mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
let count = 0;
for (const shot of SHOTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
  for (const screen of shot.screens) {
    for (const language of LANGUAGES) {
      for (const theme of THEMES) {
        const context = await contextFor(browser, screen, language, theme);
        await take(shot, context, join(folder, `${shot.name}-${screen}-${language}-${theme}.png`));
        await context.close();
        count += 1;
      }
    }
  }
}
await browser.close();
process.stdout.write(`${count} pictures in ${folder}\n`);
