import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { openMailbox, type Mailbox, type ReceivedMail } from './mailbox.ts';
import { openPage, signIn } from './pages.ts';
import { startWatchkeeper, type Watchkeeper } from './watchkeeper.ts';

/** What waits in these tests is what the rules wait for (`for`), not the next reading. */
export const BEATS = {
  'agent.yaml': 'poll_interval: 2s\n',
  'collector.yaml': 'scrape_interval: 2s\nevaluation_interval: 2s\n',
};

const notify = (port: number): string => `
smtp: { host: 127.0.0.1, port: ${port}, security: none, from: watchkeeper@room.example }
receivers:
  - { name: engineer, mail: [engineer@room.example], language: en }
# As without a tree, but for the beats: nobody waits a minute here for the end of what is not urgent.
route: { receiver: engineer, group_by: [alertname, room], group_wait: 3s, group_interval: 5s, urgent: [critical] }
`;

/** Everything that plays: the product, a browser that is signed in, and a mailbox. */
export interface Stage {
  readonly program: Watchkeeper;
  readonly page: Page;
  readonly mailbox: Mailbox;
  /** The mails whose subject has all these words. */
  readonly mailsAbout: (...words: readonly string[]) => readonly ReceivedMail[];
  readonly alert: (name: string) => Locator;
  close(): Promise<void>;
}

/** Starts everything and signs in: the demonstration's account, a mailbox of an engineer who reads English. */
export async function setStage(config: string, data: string): Promise<Stage> {
  const mailbox = await openMailbox();
  writeFileSync(join(config, 'notify.yaml'), notify(mailbox.port));
  const browser: Browser = await openBrowser();
  const program = await startWatchkeeper({ data, config, isDemoLogin: true });
  const page = await openPage(browser);
  await signIn(page, program.url, program.account ?? { name: '', password: '' });
  return {
    program,
    page,
    mailbox,
    mailsAbout: (...words) =>
      mailbox.mails.filter(({ subject }) =>
        words.every((word) => subject.toLowerCase().includes(word.toLowerCase())),
      ),
    alert: (name) => page.locator(`[data-alert="${name}"]`).first(),
    async close() {
      await browser.close();
      await program.stop();
      await mailbox.close();
    },
  };
}
