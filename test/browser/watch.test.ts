import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutboxBody } from '../../config/model/api.ts';
import type { HandoverBody } from '../../config/model/watch-api.ts';
import { CHROMIUM } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { stores } from '../support/stores.ts';
import {
  giveOn,
  onMonday,
  signOn,
  startWatchDay,
  type DayPerson,
  type Rack,
  type WatchDay,
} from '../support/watch-day.ts';
import { ROOT } from '../support/watchkeeper.ts';

const run = promisify(execFile);

describe.skipIf(CHROMIUM === undefined).each(await stores())(
  'a whole day of the watch with three people, on $name',
  { timeout: 60_000 },
  ({ make }) => {
    const place = make();
    const files = sharedFolderWith();
    let day: WatchDay;
    beforeAll(async () => {
      day = await startWatchDay(place.settings);
    });
    afterAll(async () => {
      await day.close();
      await place.remove();
    });

    const { li, wang, chen } = { li: 'li', wang: 'wang', chen: 'chen' } as const;
    const page = (who: DayPerson) => day.pages[who];
    const holds = (who: DayPerson, holder: DayPerson) =>
      page(who).locator(`[data-post="operator"][data-holder="${holder}"]`).waitFor();
    /** Waits for the mail about a rack, and answers with everybody who was written to of it. */
    const told = async (rack: Rack): Promise<readonly string[]> => {
      const heard: { readonly to: string; readonly subject: string }[] = [];
      await eventually(() => {
        heard.push(...day.newMails());
        expect(heard.map(({ subject }) => subject)).toContainEqual(expect.stringContaining(rack));
      }, 20_000);
      return [...new Set(heard.flatMap(({ to, subject }) => (subject.includes(rack) ? [to] : [])))];
    };
    const isNow = (who: DayPerson, state: 'walking' | 'returned' | 'sealed') =>
      page(who).locator(`[data-handover-state="${state}"]`).waitFor();
    const readHandover = async (who: DayPerson): Promise<HandoverBody> => {
      const answer = await page(who).request.get(page(who).url().replace('/handovers', '/api/handovers'));
      return (await answer.json()) as HandoverBody;
    };
    const openHandover = async (who: DayPerson): Promise<void> => {
      await day.go(who, '/watch');
      await page(who).locator('.watch-actions a[href^="/handovers/"]').click();
      await isNow(who, 'walking');
    };
    const begin = async (from: DayPerson, to: DayPerson): Promise<void> => {
      await day.go(from, '/watch');
      await day.give(from, 'start-handover', { to });
    };
    const acknowledge = async (who: DayPerson): Promise<void> => {
      await day.go(who, '/alerts');
      await page(who).locator('[data-alert="RackHot"]').first().click();
      // The page takes keys once it has shown the alert.
      await eventually(async () => {
        await page(who).keyboard.press('a');
        const seen = page(who).getByText(new RegExp(`${who} sees to it until`));
        await seen.first().waitFor({ timeout: 2_000 });
      });
    };
    const readAll = async (who: DayPerson): Promise<void> => {
      const unread = page(who).locator('button[data-open]');
      for (let left = await unread.count(); left > 0; left = await unread.count()) {
        const block = await unread.first().getAttribute('data-open');
        await page(who).locator(`button[data-open="${block}"]`).click();
        await page(who).locator(`[data-block="${block}"][data-opened="true"]`).waitFor();
      }
    };
    const carryAll = async (who: DayPerson): Promise<void> => {
      const undone = page(who).locator('[aria-label="2 Undone work"] [data-weight="grave"]');
      for (let left = await undone.count(); left > 0; left -= 1) {
        await day.give(who, 'carry-over', {
          subject: 'Daily round',
          reason: 'The alarms came first',
          description: 'Begin with rack-2',
        });
        await expect.poll(() => undone.count()).toBe(left - 1);
      }
    };
    const sign = async (at: DayPerson, role: 'outgoing' | 'incoming'): Promise<void> => {
      const signer = page(at).locator(`[data-signer="${role}"]`);
      if ((await signer.locator('details[open]').count()) === 0) await signer.locator('summary').click();
      await signOn(signer);
    };
    /** A small handover at one screen: the incoming reads at the own, both sign at the outgoing's. */
    const passOn = async (from: DayPerson, to: DayPerson): Promise<void> => {
      await begin(from, to);
      await openHandover(to);
      await readAll(to);
      await openHandover(from);
      await carryAll(from);
      await sign(from, 'outgoing');
      await page(from).locator('[data-signed="outgoing"]').waitFor();
      await sign(from, 'incoming');
      await isNow(from, 'sealed');
    };

    /** What is lacking is said; and who looks at the effects and goes back finds the form as it was filled in. */
    const askWithout = async (who: DayPerson, label: string, text: string): Promise<void> => {
      await page(who).locator('[data-command-button="request-leave"]').click();
      const dialog = page(who).getByRole('dialog');
      await dialog.getByRole('button', { name: 'Go on' }).click();
      await dialog.getByText('To be filled in').waitFor();
      await dialog.getByLabel(label).fill(text);
      await dialog.getByRole('button', { name: 'Go on' }).click();
      await dialog.locator('[data-command="previewed"]').waitFor();
      await dialog.getByRole('button', { name: 'Back' }).click();
      expect(await dialog.getByLabel(label).inputValue()).toBe(text);
      await dialog.getByRole('button', { name: 'Close' }).click();
    };

    it('07:35 Li checks in, and takes the first watch with one signature; the leader is told', async () => {
      await day.go(chen, '/watch');
      // No calls by chance on this day: Chen makes one.
      await day.give(chen, 'set-probe-plan', { times: '0', minutes: '3', days: '30' });
      await page(chen).getByText('0 calls in 8 hours, answered within 3 minutes').waitFor();
      await day.go(li, '/watch');
      await day.give(li, 'check-in');
      await day.go(chen, '/watch-log');
      await page(chen).getByText('There for day, in time').waitFor();
      await day.go(chen, '/watch');
      await page(li).locator('[data-take="operator"]').click();
      await signOn(page(li).locator('.sign-form'));
      await holds(li, li);
      await holds(chen, li);
      await eventually(() =>
        expect(day.newMails()).toEqual([
          { to: 'chen@room.example', subject: expect.stringContaining('li') as string },
        ]),
      );
    });

    it('09:30 an alarm goes to Li alone, who acknowledges it, writes the log and counts the keys', async () => {
      day.clock.setTo(onMonday('09:30:00'));
      day.heat('rack-1');
      expect(await told('rack-1')).toEqual(['li@room.example']);
      await acknowledge(li);
      await day.go(li, '/watch-log');
      await page(li).getByLabel('What happened').fill('Filter of rack-1 was clogged: cleaned');
      await page(li).getByRole('button', { name: 'Write' }).click();
      await page(li).locator('.log-entry[data-code="note"]').getByText('clogged').waitFor();
      await day.go(li, '/watch');
      await day.give(li, 'count-equipment', { name: 'Keys', expected: '4', found: '4' });
      day.cool('rack-1');
    });

    it('11:00 Chen calls the watch, and Li answers on the page', async () => {
      day.clock.setTo(onMonday('11:00:00'));
      await day.go(chen, '/watch');
      await day.give(chen, 'probe-watch');
      await page(li).locator('.watch-banner').waitFor();
      await day.go(li, '/watch');
      await giveOn(page(li), page(li).locator('[data-record="probe"] button').last());
      await page(li).locator('.watch-banner').waitFor({ state: 'detached' });
    });

    it('12:00 Li leaves with a stand-in: asked, approved, there, signed; alarms then go to the stand-in', async () => {
      day.clock.setTo(onMonday('12:00:00'));
      await day.go(li, '/watch');
      await askWithout(li, 'Reason', 'To the clinic');
      await day.give(li, 'request-leave', { standIn: wang, minutes: '60', reason: 'To the clinic' });
      await day.go(chen, '/watch');
      await giveOn(page(chen), page(chen).getByRole('button', { name: 'Approve' }));
      await day.go(wang, '/watch');
      await day.give(wang, 'arrive-stand-in');
      await passOn(li, wang);
      day.newMails();
      day.heat('rack-4');
      expect(await told('rack-4')).toEqual(['wang@room.example']);
      day.cool('rack-4');
    });

    it('13:00 Li is back, and takes the watch again', async () => {
      day.clock.setTo(onMonday('13:00:00'));
      await passOn(wang, li);
      await day.go(chen, '/watch');
      await holds(chen, li);
      expect(await page(chen).locator('[data-record="leave"]').count()).toBe(0);
    });

    it('19:52 Wang is late, which every board says, and checks in', async () => {
      day.clock.setTo(onMonday('19:52:00'));
      await day.go(chen, '/watch');
      await page(chen).locator('[data-due="incoming_late"]').waitFor();
      await day.go(wang, '/watch');
      await day.give(wang, 'check-in');
      await page(chen).locator('[data-due="incoming_late"]').waitFor({ state: 'detached' });
      await day.go(wang, '/watch-log');
      await page(wang)
        .getByText(/There for night, 3 min late/)
        .waitFor();
    });

    it('19:56 Wang asks, and returns the sheet with a reason; Li is told at once and stays responsible', async () => {
      day.clock.setTo(onMonday('19:56:00'));
      day.newMails();
      day.heat('rack-2');
      expect(await told('rack-2')).toEqual(['li@room.example']);
      await begin(li, wang);
      await openHandover(li);
      await openHandover(wang);
      await page(wang).locator('button[data-open="alerts_open"]').click();
      const alerts = page(wang).locator('[data-block="alerts_open"]');
      await alerts.getByText('rack-2').waitFor();
      await alerts.getByLabel('Ask').fill('Who sees to rack-2?');
      await alerts.getByRole('button', { name: 'Ask' }).click();
      const question = page(li).locator('[data-question="0"]');
      await question.getByText('Who sees to rack-2?').waitFor();
      await question.getByLabel('Answer').fill('Nobody yet');
      await question.getByRole('button', { name: 'Answer' }).click();
      await alerts.getByText('Nobody yet').waitFor();
      await day.give(wang, 'return-handover', { reason: 'See to rack-2 first' });
      await isNow(li, 'returned');
      await page(li).getByText('See to rack-2 first').waitFor();
      await day.go(li, '/watch');
      await holds(li, li);
    });

    it('20:05 the second sheet is read, what is undone passes with a reason, and both sign', async () => {
      day.clock.setTo(onMonday('20:05:00'));
      await acknowledge(li);
      await begin(li, wang);
      await openHandover(li);
      await openHandover(wang);
      await carryAll(li);
      await readAll(wang);
      await sign(li, 'outgoing');
      await page(wang).locator('[data-signed="outgoing"]').waitFor();
      await sign(wang, 'incoming');
      await isNow(wang, 'sealed');
      await isNow(li, 'sealed');
    });

    it('one second after the second signature an alarm goes to Wang, and nothing more to Li', async () => {
      const { handover } = await readHandover(wang);
      if (handover.state.kind !== 'sealed') throw new Error('not sealed');
      const sealedAtMs = handover.state.atMs;
      day.clock.setTo(sealedAtMs + 1_000);
      day.newMails();
      day.heat('rack-3');
      expect(await told('rack-3')).toEqual(['wang@room.example']);
      await page(wang).goto(`${day.url}/watch`);
      await holds(wang, wang);
      await page(wang).locator('[data-record="item-carried"]').getByText('Daily round').waitFor();
      // Of anything: what had been written before may still have been on its way.
      const outbox = await page(chen).request.get(`${day.url}/api/outbox`);
      const { messages } = (await outbox.json()) as OutboxBody;
      const later = messages.filter(({ createdAtMs }) => createdAtMs > sealedAtMs);
      expect(later.filter(({ to }) => to.includes('li@room.example'))).toEqual([]);
    });

    it('the export proves itself, and with one changed byte does not', async () => {
      await page(chen).goto(`${day.url}/handovers`);
      await page(chen).locator('a[href^="/handovers/"]').first().click();
      const download = page(chen).waitForEvent('download');
      await page(chen).getByRole('link', { name: 'Download the file that proves it' }).click();
      const file = join(files, 'handover.wkh');
      await (await download).saveAs(file);
      const verify = (path: string) => run('npx', ['watchkeeper', 'verify', path], { cwd: ROOT });
      expect((await verify(file)).stdout).toMatch(/wang/);
      const bytes = readFileSync(file);
      const at = Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      await expect(verify(file)).rejects.toMatchObject({ code: 1 });
    });
  },
);
