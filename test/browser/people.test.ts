import { createHash, X509Certificate } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import { generateSync } from 'otplib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { openPage, PASSWORD } from '../support/pages.ts';
import { demoWith } from '../support/site-folder.ts';
import { startWatchkeeper, type Watchkeeper } from '../support/watchkeeper.ts';

const FIVE = [
  ['wang.fang', '王芳', '13800000001', '值班员'],
  ['zhao.lei', '赵磊', '13800000002', '值班员'],
  ['sun.li', '孙丽', '13800000003', '工程师'],
  ['qian.jun', '钱军', '13800000004', '值班员'],
  ['zhou.min', '周敏', '13800000005', 'operator'],
] as const;

/** What the server shows, if the root of its own authority vouches for it: base64 of the SHA-256 of its key. */
async function keyShown(url: string, root: string): Promise<string> {
  const { port } = new URL(url);
  const shown = await new Promise<X509Certificate | undefined>((resolve, reject) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', port: Number(port), ca: root }, () => {
      resolve(socket.getPeerX509Certificate());
      socket.destroy();
    });
    socket.on('error', reject);
  });
  if (shown === undefined) throw new Error('no certificate is shown');
  return createHash('sha256')
    .update(shown.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}

describe.skipIf(CHROMIUM === undefined)('people, in a real browser over HTTPS', () => {
  const data = sharedFolderWith();
  const config = demoWith({ 'collector.yaml': 'https: always\npeople: { idle_log_off: 8h }\n' });
  const slips = new Map<string, string>();
  let program: Watchkeeper;
  let browser: Browser;
  let admin: Page;
  let sealed = '';

  /** A machine of somebody's own, that trusts the root and reads a language. */
  const machine = (locale = 'en-US'): Promise<Page> =>
    openPage(browser, { locale, reducedMotion: 'reduce', timezoneId: 'Asia/Shanghai' });
  const signIn = async (page: Page, name: string, password: string): Promise<void> => {
    await page.goto(program.url);
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  const signOut = async (page: Page): Promise<void> => {
    await page.getByLabel(/^Account: /).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  };
  const choosePassword = async (page: Page, password: string): Promise<void> => {
    await page.getByLabel('New password').fill(password);
    await page.getByLabel('Password again').fill(password);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.locator('[data-device]').first().waitFor();
  };
  const keepSlips = async (page: Page): Promise<void> => {
    for (const slip of await page.locator('[data-slip]').all()) {
      slips.set((await slip.getAttribute('data-slip')) ?? '', (await slip.innerText()).trim());
    }
  };
  const comeInBySlip = async (page: Page, name: string, password: string): Promise<void> => {
    await signIn(page, name, slips.get(name) ?? '');
    await page.getByRole('heading', { name: 'Choose a password' }).waitFor();
    await choosePassword(page, password);
  };
  const inEnglish = async (page: Page): Promise<void> => {
    if ((await page.evaluate(() => document.documentElement.lang)) === 'en') return;
    await page.getByRole('button', { name: '语言' }).click();
    await page.locator('html[lang="en"]').waitFor();
  };
  const isSound = async (page: Page): Promise<void> => {
    expect(await accessibilityFaults(page)).toEqual([]);
  };
  /** On a phone, nothing is wider than the screen. */
  const fitsPhone = async (page: Page): Promise<void> => {
    await page.setViewportSize({ width: 360, height: 740 });
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(tooWide).toBe(0);
  };
  const dialog = (page: Page) => page.getByRole('dialog');
  const give = async (page: Page): Promise<void> => {
    await dialog(page).getByRole('button', { name: 'Do it' }).click();
    await dialog(page).getByRole('heading', { name: 'Done' }).waitFor();
  };

  beforeAll(async () => {
    program = await startWatchkeeper({ data, config });
    const root = await fetch(`${program.url.replace('https:', 'http:')}/root.crt`);
    const key = await keyShown(
      program.url,
      new X509Certificate(Buffer.from(await root.arrayBuffer())).toString(),
    );
    browser = await openBrowser([`--ignore-certificate-errors-spki-list=${key}`]);
  });
  afterAll(async () => {
    await browser.close();
    await program.stop();
  });

  it('brings its root to phones on a plain page, in both languages, by a code for the camera', async () => {
    const page = await machine();
    await page.goto(`${program.url.replace('https:', 'http:')}/root`);
    await page.locator('section[lang="zh-CN"]').getByText('SHA-256').first().waitFor();
    await page.locator('section[lang="en"]').getByText('SHA-256').first().waitFor();
    expect(await page.locator('header img').getAttribute('src')).toMatch(/^data:image\/png/);
    const print = program.lines.join('\n').match(/(?:[0-9A-F]{2}:?){32}/)?.[0] ?? 'none';
    const shown = await page.locator('.print').innerText();
    expect(shown.replaceAll(/[^0-9A-F]/g, '')).toBe(print.replaceAll(/[^0-9A-F]/g, ''));
    await isSound(page);
    await page.context().close();
  });

  it('names three administrators at the first run, two of them by slips', async () => {
    admin = await machine();
    await admin.goto(program.firstRunUrl ?? program.url);
    expect(await admin.evaluate(() => isSecureContext && location.protocol)).toBe('https:');
    await admin.getByLabel('Name', { exact: true }).fill('chen');
    await admin.getByLabel('Your name', { exact: true }).fill('陈系统');
    await admin.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await admin.getByLabel('Password again').fill(PASSWORD);
    await admin.getByLabel('Security administrator: Name').fill('an');
    await admin.getByLabel('Security administrator: Your name').fill('安全员');
    await admin.getByLabel('Audit administrator: Name').fill('shen');
    await admin.getByLabel('Audit administrator: Your name').fill('审计员');
    await isSound(admin);
    await admin.getByRole('button', { name: 'Create and sign in' }).click();
    await admin.getByRole('heading', { name: 'One-time slips' }).waitFor();
    await isSound(admin);
    await keepSlips(admin);
    await admin.getByRole('button', { name: 'Go on' }).click();
    await admin.locator('[data-device]').first().waitFor();
    expect([...slips.keys()]).toEqual(['an', 'shen']);
  });

  it('imports five people from Excel, shown before, with a slip for each, and tells faults by their cells', async () => {
    await admin.goto(`${program.url}/people`);
    await admin.getByText('Import from Excel').click();
    const sheet = async (rows: readonly (readonly string[])[]): Promise<Buffer> =>
      writeXlsxFile(rows.map((row) => row.map((value) => ({ type: String, value })))).toBuffer();
    const take = async (rows: readonly (readonly string[])[]): Promise<void> =>
      admin.getByLabel('Excel file (.xlsx)').setInputFiles({
        name: 'people.xlsx',
        mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        buffer: await sheet([['账号', '姓名', '电话', '岗位'], ...rows]),
      });
    await take([['li lei', '李雷', '13800000006', 'king']]);
    await dialog(admin).getByText('Row 2, column D: there is no such post (king)').waitFor();
    await dialog(admin).getByText('Row 2, column A: is no valid account name (li lei)').waitFor();
    expect(await dialog(admin).getByRole('button', { name: 'Do it' }).isDisabled()).toBe(true);
    await admin.keyboard.press('Escape');
    await take(FIVE);
    await dialog(admin).getByText('Adds 5 people').waitFor();
    await give(admin);
    await dialog(admin).locator('[data-slip="zhou.min"]').waitFor();
    await keepSlips(admin);
    await isSound(admin);
    await admin.keyboard.press('Escape');
    await admin.locator('[data-person="zhou.min"]').waitFor();
    expect(slips.size).toBe(7);
    expect(await admin.locator('[data-person]').count()).toBe(8);
    await isSound(admin);
    await fitsPhone(admin);
  });

  it('writes down the vetting and an exam of a person, and takes it back', async () => {
    const row = admin.locator('[data-person="wang.fang"]');
    await row.getByRole('button', { name: 'Edit' }).click();
    await dialog(admin).getByLabel('Department').fill('<img src=x onerror="document.title=String(1)">');
    await dialog(admin).getByLabel('Vetted on').fill('2026-01-05');
    await dialog(admin).getByRole('button', { name: 'Add an exam' }).click();
    await dialog(admin).getByLabel('Training').selectOption('security');
    await dialog(admin).getByRole('button', { name: 'Preview' }).click();
    await dialog(admin).getByText('What was filled in has faults').waitFor();
    await dialog(admin).getByLabel('Passed on').fill('2026-02-01');
    await dialog(admin).getByLabel('Counts until').fill('2030-01-31');
    await isSound(admin);
    await dialog(admin).getByRole('button', { name: 'Preview' }).click();
    await dialog(admin).getByText('wang.fang lacks for the watch: Business, Technical').waitFor();
    await give(admin);
    await admin.keyboard.press('Escape');
    await row.getByText('Vetted on 2026-01-05 · Security (until 2030-01-31)').waitFor();
    // What somebody types stays text, whatever it looks like.
    await row.getByText('<img src=x').waitFor();
    expect(await admin.title()).not.toBe('1');
    await row.getByRole('button', { name: 'Disable' }).click();
    await dialog(admin).getByLabel('Reason').fill('a trial');
    await dialog(admin).getByRole('button', { name: 'Preview' }).click();
    await give(admin);
    await dialog(admin)
      .getByRole('button', { name: /Take it back/ })
      .click();
    await dialog(admin).getByRole('heading', { name: 'Taken back' }).waitFor();
    await admin.keyboard.press('Escape');
    await row.getByRole('cell', { name: 'Active' }).waitFor();
  });

  it('tells who is second what the first has changed, and asks anew', async () => {
    const row = admin.locator('[data-person="wang.fang"]');
    await row.getByRole('button', { name: 'Edit' }).click();
    await dialog(admin).getByLabel('Mail').fill('wang@example.com');
    await dialog(admin).getByRole('button', { name: 'Preview' }).click();
    await dialog(admin).getByRole('button', { name: 'Do it' }).waitFor();
    // Somebody else, meanwhile.
    await admin.evaluate(async () => {
      const call = async (url: string, body?: object): Promise<unknown> => {
        const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
        const answer = await fetch(url, body === undefined ? {} : { ...init, body: JSON.stringify(body) });
        return answer.json();
      };
      const { people } = (await call('/api/people?search=wang.fang')) as {
        people: Record<string, unknown>[];
      };
      const { displayName, phone, mail, language, department, vettedOn, qualifications, id } =
        people[0] ?? {};
      const seen = { displayName, phone, mail, language, department, vettedOn, qualifications };
      const input = { id, seen, details: { ...seen, department: '配电组' } };
      const shown = (await call('/api/commands/edit-person', { mode: 'preview', input })) as object;
      const version = (shown as { version?: string }).version;
      await call('/api/commands/edit-person', { mode: 'do', input, version });
    });
    await dialog(admin).getByRole('button', { name: 'Do it' }).click();
    await dialog(admin).getByText('Somebody has changed something since you looked').waitFor();
    await dialog(admin)
      .getByText(/New: Somebody else has just changed Department of wang.fang: .* became “配电组”/)
      .waitFor();
    await isSound(admin);
    await give(admin);
    await admin.keyboard.press('Escape');
    await row.getByText('wang@example.com').waitFor();
    await row.getByText('配电组').waitFor();
  });

  it('makes a token and the link of a screen, which lets a wall in until it is revoked', async () => {
    await admin.goto(`${program.url}/tokens`);
    await admin.getByText('Add a token').click();
    await admin.getByLabel('Name', { exact: true }).first().fill('Grafana');
    await admin.getByLabel('Read metrics').check();
    await admin.getByRole('button', { name: 'Preview' }).first().click();
    await dialog(admin).getByText('Adds the token Grafana: Read metrics, for 365 days').waitFor();
    await give(admin);
    await dialog(admin).locator('[data-made="Grafana"]').waitFor();
    await admin.keyboard.press('Escape');
    await admin.getByText('Add a wall screen').click();
    await admin.getByRole('textbox', { name: 'Account' }).fill('wall-1');
    await admin.getByLabel('Name', { exact: true }).last().fill('East wall');
    await admin.getByRole('button', { name: 'Preview' }).last().click();
    await give(admin);
    const link = await dialog(admin).locator('[data-made="wall-1"]').innerText();
    await admin.keyboard.press('Escape');
    const wall = await machine();
    await wall.goto(link.trim());
    await wall.locator('.wall [data-device]').first().waitFor();
    await isSound(admin);
    await fitsPhone(admin);
    await admin.locator('[data-token="wall-1"]').getByRole('button', { name: 'Revoke' }).click();
    await give(admin);
    await admin.keyboard.press('Escape');
    await admin.locator('[data-token="wall-1"][data-state="revoked"]').waitFor();
    await wall.reload();
    await wall.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await wall.context().close();
  });

  it('seals an emergency code by the administrator of security, who came in by a slip', async () => {
    const page = await machine();
    await comeInBySlip(page, 'an', 'security before all');
    await page.goto(`${program.url}/people`);
    await page
      .locator('[data-person="zhao.lei"]')
      .getByRole('button', { name: 'Sealed emergency code' })
      .click();
    await give(page);
    sealed = (await dialog(page).locator('[data-sealed]').innerText()).trim();
    expect(sealed).toMatch(/^[a-z0-9]{4}(?:-[a-z0-9]{4}){5}$/);
    await page.context().close();
  });

  it('asks for a second factor once it is set up, locks after five failures, and opens by the sealed code', async () => {
    const page = await machine('zh-CN');
    await page.goto(program.url);
    await inEnglish(page);
    await comeInBySlip(page, 'zhao.lei', 'a watch at night');
    await page.goto(`${program.url}/account`);
    await inEnglish(page);
    const factor = page.getByRole('region', { name: 'Second factor' });
    await factor.getByLabel('Present password').fill('a watch at night');
    // Pressed twice by an impatient hand it is one wish.
    await factor.getByRole('button', { name: 'Set up' }).dblclick();
    const secret = (await page.locator('[data-secret]').innerText()).trim();
    const seconds = (): number => Math.floor(systemClock.nowMs() / 1000);
    await isSound(page);
    await factor.getByLabel('Six digits').fill(generateSync({ secret, epoch: seconds() }));
    await factor.getByRole('button', { name: 'Confirm' }).click();
    await factor.getByRole('button', { name: 'Go on' }).click();
    await factor.getByText('In force; 10 spare codes are left.').waitFor();
    await factor.getByLabel('Present password').fill('a watch at night');
    await factor.getByRole('button', { name: 'New spare codes' }).click();
    const spare = await factor.locator('.spare-codes li').first().innerText();
    await isSound(page);
    await signOut(page);

    await signIn(page, 'zhao.lei', 'a watch at night');
    await page.getByLabel('Code (of the phone').fill(spare);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('[data-device]').first().waitFor();
    await inEnglish(page);
    await signOut(page);

    for (let failure = 0; failure < 5; failure += 1) {
      await signIn(page, 'zhao.lei', `wrong password ${failure}`);
      await page.getByText('Name or password is wrong').waitFor();
    }
    await signIn(page, 'zhao.lei', 'a watch at night');
    await page.getByText('the account is locked').waitFor();
    await page.getByRole('button', { name: 'Use a sealed emergency code' }).click();
    await page.getByLabel('Code out of the envelope').fill(sealed);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Choose a password' }).waitFor();
    const next = (await page.locator('[data-sealed="zhao.lei"]').innerText()).trim();
    expect(next).not.toBe(sealed);
    await isSound(page);
    await choosePassword(page, 'another watch at night');
    await page.context().close();
  });

  it('shows all of it to the administrator of the audit, in both languages, to be searched', async () => {
    const page = await machine();
    await comeInBySlip(page, 'shen', 'nothing is forgotten');
    await page.goto(`${program.url}/audit`);
    await inEnglish(page);
    for (const action of ['Emergency code used', 'Sign-in locked', 'Second factor set', 'People imported']) {
      await page.getByRole('cell', { name: action, exact: true }).first().waitFor();
    }
    await isSound(page);
    await fitsPhone(page);
    await page.getByLabel('Words').fill('王芳');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('cell', { name: 'Person changed', exact: true }).first().waitFor();
    await page.getByRole('cell', { name: 'Signed in', exact: true }).first().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /Language/ }).click();
    await page.getByRole('heading', { name: '审计', exact: false }).first().waitFor();
    await page.getByRole('cell', { name: '修改人员资料', exact: true }).first().waitFor();
    await isSound(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await isSound(page);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: /导出/ }).click();
    expect((await download).suggestedFilename()).toMatch(/^watchkeeper-audit-.*\.jsonl$/);
    await page.context().close();
  });

  it('leads to the root from every page, and speaks Chinese on all of these', async () => {
    await admin.goto(`${program.url}/people`);
    await admin.getByRole('button', { name: /Language/ }).click();
    await admin.getByRole('heading', { name: '人员', exact: true }).waitFor();
    await isSound(admin);
    for (const [path, title] of [
      ['/tokens', '令牌与大屏'],
      ['/account', '我的账号'],
    ] as const) {
      await admin.goto(program.url + path);
      await admin.getByRole('heading', { name: title, exact: true }).waitFor();
      await isSound(admin);
    }
    await admin.locator('.nav-more').click();
    const root = admin.getByRole('link', { name: '根证书' });
    expect(await root.getAttribute('href')).toBe('/root');
  });
});
