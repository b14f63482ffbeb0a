import { useEffect } from 'preact/hooks';
import type { Site } from '../config/model/site.ts';
import { useApp, useText } from './app.ts';
import { deviceOf, roomOf } from './data/place.ts';
import { pageTitle } from './data/title.ts';
import { summarize } from './data/urgency.ts';
import type { MessageKey, Words } from './i18n/words.ts';
import { AlertAnnouncer } from './parts/alert-announcer.tsx';
import { ConnectionBanner } from './parts/connection-banner.tsx';
import { DemoBanner } from './parts/demo-banner.tsx';
import { Header } from './parts/header.tsx';
import { HelpDialog } from './parts/help-dialog.tsx';
import { LabDialog } from './parts/lab-dialog.tsx';
import { Loading, Refused } from './parts/notice.tsx';
import { AlertsPage } from './pages/alerts.tsx';
import { DevicePage } from './pages/device.tsx';
import { FirstRunPage } from './pages/first-run.tsx';
import { MessagePage, MessagesPage } from './pages/messages.tsx';
import { MissingPage } from './pages/missing.tsx';
import { RoomPage } from './pages/room.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { WallPage } from './pages/wall.tsx';
import type { Route } from './data/route.ts';

const TITLES: Readonly<Record<Route['page'], MessageKey>> = {
  home: 'nav.rooms',
  room: 'nav.rooms',
  device: 'device.kind',
  alerts: 'alerts.title',
  messages: 'messages.title',
  message: 'messages.title',
  wall: 'wall.title',
  'first-run': 'first_run.title',
  missing: 'error.page_missing',
};

/** What the page shows, by its own name where it has one. */
function pageName(route: Route, site: Site, words: Words): string {
  const named =
    route.page === 'device'
      ? deviceOf(site, route.device)
      : route.page === 'room'
        ? roomOf(site, route.room)
        : undefined;
  return named === undefined ? words.t(TITLES[route.page]) : words.local(named.name);
}

function useTitle(): void {
  const { router, link, live } = useApp();
  const { words } = useText();
  const site = live.site.value;
  const page =
    site === undefined
      ? words.t('product.name')
      : words.t('page.title', {
          page: pageName(router.route.value, site, words),
          site: words.local(site.name),
        });
  const summary = site && summarize(site.devices, live.devices.value);
  const title = pageTitle({ page, connection: link.connection.value, summary }, words);
  useEffect(() => {
    document.title = title;
  }, [title]);
}

function useKeys(): void {
  const { overlay } = useApp();
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof Element && event.target.closest('input, textarea, select') !== null;
      if (event.key === '?' && !isTyping) overlay.value = 'help';
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [overlay]);
}

function Page({ site }: { readonly site: Site }) {
  const route = useApp().router.route.value;
  switch (route.page) {
    case 'home':
      return <RoomPage site={site} />;
    case 'room':
      return <RoomPage site={site} room={route.room} layer={route.layer} />;
    case 'device':
      return <DevicePage key={route.device} site={site} route={route} />;
    case 'alerts':
      return <AlertsPage site={site} route={route} />;
    case 'messages':
      return <MessagesPage />;
    case 'message':
      return <MessagePage key={route.id} id={route.id} />;
    case 'wall':
      return <WallPage site={site} room={route.room} />;
    case 'first-run':
    case 'missing':
      return <MissingPage />;
    default:
      return route satisfies never;
  }
}

function SignedIn({ isDemonstration }: { readonly isDemonstration: boolean }) {
  const { router, overlay, live } = useApp();
  const { t } = useText();
  const site = live.site.value;
  useTitle();
  useKeys();
  const isWall = router.route.value.page === 'wall';
  return (
    <>
      {!isWall && (
        <a class="skip" href="#main">
          {t('nav.skip')}
        </a>
      )}
      <div class="top">
        {isDemonstration && <DemoBanner />}
        {!isWall && <Header />}
        <ConnectionBanner />
      </div>
      <main id="main" tabIndex={-1}>
        {site === undefined ? <Loading /> : <Page site={site} />}
      </main>
      <AlertAnnouncer />
      {overlay.value === 'help' && <HelpDialog />}
      {overlay.value === 'lab' && isDemonstration && <LabDialog />}
    </>
  );
}

/** The frame of all pages: who is there decides which. */
export function Shell() {
  const { keeper, router } = useApp();
  const session = keeper.session.value;
  switch (session.kind) {
    case 'unreachable':
      return <Refused refusal={session.refusal} onRetry={() => void keeper.refresh()} />;
    case 'signed-out': {
      const route = router.route.value;
      return route.page === 'first-run' && session.body.isFirstRun ? (
        <FirstRunPage body={session.body} token={route.token} />
      ) : (
        <SignInPage body={session.body} hasEnded={session.ended} />
      );
    }
    case 'signed-in':
      return <SignedIn isDemonstration={session.body.isDemonstration} />;
    case 'loading':
      return <Loading />;
    default:
      return session satisfies never;
  }
}
