import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import type { LiveEntry } from '../../config/model/api.ts';
import { DEMO_FOLDER, loadConfig } from '../../config/load.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { openBrowser } from './browser.ts';
import { eventually } from './eventually.ts';
import { historyOf, startFakeCollector, type FakeCollector, type FakeOptions } from './fake-collector.ts';
import { alertView, badRoom, DOOR, HOT, outboxOf } from './fake-room.ts';

/** The site of the demonstration. */
export const { site: DEMO } = loadConfig(DEMO_FOLDER, {});

/** A page of a test's own on a collector of its own. */
export interface FakePage {
  readonly fake: FakeCollector;
  readonly page: Page;
  /** Errors of scripts and refusals of the page's policy. */
  readonly complaints: readonly string[];
}

type OpenFakePage = (
  path: string,
  options?: BrowserContextOptions & Partial<FakeOptions>,
) => Promise<FakePage>;

/** Called in a `describe`: opens pages on the desk of a person who reads English, all in one browser that goes with the last test. */
export function fakePages(): OpenFakePage {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });
  return async (path, options = {}) => {
    const { site = DEMO, isSignedIn = true, isFirstRun = false, ...context } = options;
    const fake = await startFakeCollector({ site, isSignedIn, isFirstRun });
    const nowMs = systemClock.nowMs();
    fake.outbox = outboxOf(nowMs);
    fake.history = historyOf(
      [HOT, DOOR].map((texts) => alertView(texts, nowMs)),
      nowMs,
    );
    const { page, complaints } = await openOn(browser, fake.url + path, context);
    onTestFinished(async () => {
      await page.context().close();
      await fake.stop();
    });
    return { fake, page, complaints };
  };
}

async function openOn(
  browser: Browser,
  url: string,
  context: BrowserContextOptions,
): Promise<Omit<FakePage, 'fake'>> {
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
  await page.goto(url);
  return { page, complaints };
}

/** The demonstration when much of it is wrong. */
export const badNow = (): readonly LiveEntry[] => badRoom(DEMO, systemClock.nowMs());

/** Waits until a page shows all that it asked for. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1, .wall').first().waitFor();
  await eventually(async () => expect(await page.locator('.notice-wait').count()).toBe(0));
}
