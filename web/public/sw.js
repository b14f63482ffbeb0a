// The pages without a connection: what was loaded once is kept, and given where the collector does not answer. Nothing of
// the interface (/api) is ever kept here.
const CACHE = 'pages';

const partsOf = (text) => [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);

/** What pages fetched later belongs to one version of them: it goes with the first page of another. */
async function keepShell() {
  const cache = await caches.open(CACHE);
  const page = await fetch('/', { cache: 'no-cache' });
  if (!page.ok) return;
  const text = await page.clone().text();
  const parts = partsOf(text);
  const before = await cache.match('/');
  const isSame = before !== undefined && (await before.text()) === text;
  await cache.addAll(parts);
  await cache.put('/', page);
  if (isSame) return;
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/assets/') && !parts.includes(pathname)) await cache.delete(request);
  }
}

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

async function shell() {
  try {
    const page = await fetch('/', { cache: 'no-cache' });
    if (page.ok) {
      void keepShell();
      return page;
    }
    return (await caches.match('/')) ?? page;
  } catch (error) {
    const kept = await caches.match('/');
    if (kept === undefined) throw error;
    return kept;
  }
}

async function asset(request) {
  const kept = await caches.match(request);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  const isPage = request.mode === 'navigate' && !pathname.slice(pathname.lastIndexOf('/')).includes('.');
  if (isPage && !pathname.startsWith('/api/') && !pathname.startsWith('/root')) event.respondWith(shell());
  else if (pathname.startsWith('/assets/') || pathname === '/mark.svg') event.respondWith(asset(request));
});
