import { useEffect } from 'preact/hooks';
import type { SessionBody } from '../config/model/api.ts';
import type { Site } from '../config/model/site.ts';
import { useApp, useText } from './app.ts';
import { deviceOf, roomOf } from './data/place.ts';
import { TITLES } from './data/page-titles.ts';
import { pageTitle } from './data/title.ts';
import { summarize } from './data/urgency.ts';
import type { Words } from './i18n/words.ts';
import { AlertAnnouncer } from './parts/alert-announcer.tsx';
import { ConnectionBanner } from './parts/connection-banner.tsx';
import { DemoBanner } from './parts/demo-banner.tsx';
import { Header } from './parts/header.tsx';
import { IdleGuard } from './parts/idle-guard.tsx';
import { HelpDialog } from './parts/help-dialog.tsx';
import { LabDialog } from './parts/lab-dialog.tsx';
import { Loading, Refused } from './parts/notice.tsx';
import { foresee, Page } from './pages/pages.tsx';
import { FirstRunPage } from './pages/first-run.tsx';
import { SetupPage } from './pages/setup.tsx';
import { RoundWalkPage } from './pages/round-walk.tsx';
import { OfflineRounds } from './pages/rounds.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { ProbePage } from './pages/probe.tsx';
import { WatchBanner } from './parts/watch/watch-mark.tsx';
import type { Refusal } from './data/api.ts';
import type { Account } from './data/session.ts';
import type { Route } from './data/route.ts';

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
        event.target instanceof Element &&
        event.target.closest('input, textarea, select, [data-typing]') !== null;
      if (event.key === '?' && !isTyping) overlay.value = 'help';
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [overlay]);
}

/** On every page, where one person may hold posts that exclude each other elsewhere. */
function CombinedNote({ body }: { readonly body: SessionBody }) {
  const { t } = useText();
  return body.mayCombineAdministrators ? <p class="combined-note">{t('people.combined')}</p> : null;
}

interface TopProps {
  readonly isWall: boolean;
  readonly isDemonstration: boolean;
  readonly account: string;
}

/** What stands over each page. */
function Top({ isWall, isDemonstration, account }: TopProps) {
  return (
    <div class="top">
      {isDemonstration && <DemoBanner />}
      {!isWall && <Header />}
      <ConnectionBanner />
      {!isWall && <WatchBanner account={account} />}
    </div>
  );
}

function SignedIn({ body, account }: { readonly body: SessionBody; readonly account: Account }) {
  const { isDemonstration } = body;
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
      <Top isWall={isWall} isDemonstration={isDemonstration} account={account.name} />
      <main id="main" tabIndex={-1}>
        {site === undefined ? <Loading /> : <Page site={site} account={account} route={router.route.value} />}
      </main>
      {!isWall && <CombinedNote body={body} />}
      {!account.isDisplay && <IdleGuard body={body} />}
      <AlertAnnouncer />
      {overlay.value === 'help' && <HelpDialog />}
      {overlay.value === 'lab' && isDemonstration && <LabDialog />}
    </>
  );
}

/** Without a connection: rounds go on, nothing else can. */
function Unreachable({ refusal, route }: { readonly refusal: Refusal; readonly route: Route }) {
  const { keeper } = useApp();
  if (route.page === 'rounds') return <OfflineRounds />;
  if (route.page === 'round-walk') return <RoundWalkPage id={route.id} />;
  return <Refused refusal={refusal} onRetry={() => void keeper.refresh()} />;
}

/** The frame of all pages: who is there decides which. */
export function Shell() {
  const { keeper, router } = useApp();
  const session = keeper.session.value;
  const route = router.route.value;
  useEffect(() => foresee(route.page), [route.page]);
  // By the link of a mail, whoever is signed in here or not.
  if (route.page === 'probe') return <ProbePage token={route.token} />;
  switch (session.kind) {
    case 'unreachable':
      return <Unreachable refusal={session.refusal} route={route} />;
    case 'signed-out': {
      return route.page === 'first-run' && session.body.isFirstRun ? (
        <FirstRunPage body={session.body} token={route.token} />
      ) : (
        <SignInPage body={session.body} hasEnded={session.ended} />
      );
    }
    case 'signed-in':
      return session.account.setup === undefined ? (
        <SignedIn body={session.body} account={session.account} />
      ) : (
        <SetupPage body={session.body} account={session.account} />
      );
    case 'loading':
      return <Loading />;
    default:
      return session satisfies never;
  }
}
