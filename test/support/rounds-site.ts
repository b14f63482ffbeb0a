import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { openBrowser } from './browser.ts';
import { sharedFolderWith } from './folder.ts';
import { openPage, signIn } from './pages.ts';
import { PHONE } from './round-pages.ts';
import { signedIn, type SignedIn } from './signed-in.ts';
import { startWatchkeeper, type Watchkeeper } from './watchkeeper.ts';

/** The demonstration, for tests of what a phone does in a round. */
export interface RoundsSite {
  readonly program: Watchkeeper;
  /** Reads what was handed in. */
  readonly reader: SignedIn;
  readonly browser: Browser;
  signIn(page: Page): Promise<void>;
  /** A page on a phone that is signed in, in a browser of its own or the one of all. */
  phone(browser?: Browser): Promise<Page>;
}

/** Called in a `describe`: it is there from its first test to its last. */
export function roundsSite(): RoundsSite {
  const data = sharedFolderWith();
  let parts: Pick<RoundsSite, 'program' | 'reader' | 'browser'>;
  beforeAll(async () => {
    const [program, browser] = await Promise.all([
      startWatchkeeper({ data, isDemoLogin: true }),
      openBrowser(),
    ]);
    parts = { program, browser, reader: await signedIn(program) };
  });
  afterAll(async () => {
    await parts.browser.close();
    await parts.program.stop();
  });
  const site: RoundsSite = {
    get program() {
      return parts.program;
    },
    get reader() {
      return parts.reader;
    },
    get browser() {
      return parts.browser;
    },
    signIn: (page) => signIn(page, site.program.url, site.program.account ?? { name: '', password: '' }),
    async phone(browser = site.browser) {
      const page = await openPage(browser, PHONE);
      await site.signIn(page);
      return page;
    },
  };
  return site;
}
