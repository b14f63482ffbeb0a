// Run inside a network namespace with a data folder: starts everything, opens the room, and reports what was not well
// or went astray.
import { readFileSync } from 'node:fs';
import { openBrowser } from './browser.ts';
import { eventually } from './eventually.ts';
import { openPage, signIn } from './pages.ts';
import { startWatchkeeper } from './watchkeeper.ts';

const [data = ''] = process.argv.slice(2);
const program = await startWatchkeeper({ data, isDemoLogin: true });
await eventually(async () => {
  if ((await fetch(`${program.url}/healthz`)).status !== 200) throw new Error('not healthy');
}, 30_000);
// Before the browser starts: Chromium looks for its maker by itself.
const astray = packetsWithoutRoute();
const browser = await openBrowser();
const page = await openPage(browser);
const foreignRequests: string[] = [];
page.on('request', (request) => {
  if (!request.url().startsWith(program.url) && !request.url().startsWith('data:'))
    foreignRequests.push(request.url());
});
await signIn(page, program.url, program.account ?? { name: '', password: '' });
const unwell = await eventually(async () => {
  const devices = await page.$$eval('[data-device]:not([data-sign="ok"])', (tiles) =>
    tiles.map((tile) => tile.getAttribute('data-device')),
  );
  if (devices.length > 0) throw new Error(`not well: ${devices.join(', ')}`);
  return devices;
}, 45_000);
await browser.close();
await program.stop();
process.stdout.write(`${JSON.stringify({ unwell, packetsWithoutRoute: astray, foreignRequests })}\n`);

/** How many packets of this namespace had nowhere to go (proc(5), net/snmp Ip OutNoRoutes). */
function packetsWithoutRoute(): number {
  const [names = '', values = ''] = readFileSync('/proc/net/snmp', 'utf8').split('\n');
  return Number(values.split(' ')[names.split(' ').indexOf('OutNoRoutes')]);
}
