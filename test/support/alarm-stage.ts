import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { SHIPPED_FOLDER } from '../../config/load.ts';
import { openBrowser } from './browser.ts';
import { openMailbox, type Mailbox, type ReceivedMail } from './mailbox.ts';
import { openPage, signIn } from './pages.ts';
import { startWatchkeeper, type Watchkeeper } from './watchkeeper.ts';

/** A file of shipped rules, of which what must hold for up to a minute must hold for seconds: how long is told by its own test. */
function hasty(name: string): string {
  const text = readFileSync(join(SHIPPED_FOLDER, 'rules', name), 'utf8');
  return text.replaceAll(/for: (?:30s|1m)$/gm, 'for: 4s');
}

/** Nothing waits long for the next reading, nor for a rule to be sure. */
export const BEATS = {
  'agent.yaml': 'poll_interval: 2s\n',
  'collector.yaml': 'scrape_interval: 2s\nevaluation_interval: 2s\n',
  'rules/climate.yaml': hasty('climate.yaml'),
  'rules/watcher.yaml': hasty('watcher.yaml'),
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
