import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { SessionBody } from '../config/model/api.ts';
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
import { IdleGuard } from './parts/idle-guard.tsx';
import { HelpDialog } from './parts/help-dialog.tsx';
import { LabDialog } from './parts/lab-dialog.tsx';
import { Loading, Refused } from './parts/notice.tsx';
import { AgentsPage } from './pages/agents.tsx';
import { AlertsPage } from './pages/alerts.tsx';
import { AttentionPage } from './pages/attention.tsx';
import { ChasesPage } from './pages/chases.tsx';
import { AuditPage } from './pages/audit.tsx';
import { DevicePage } from './pages/device.tsx';
import { ExplorePage } from './pages/explore.tsx';
import { AccountPage } from './pages/account.tsx';
import { FirstRunPage } from './pages/first-run.tsx';
import { MessagePage, MessagesPage } from './pages/messages.tsx';
import { MissingPage } from './pages/missing.tsx';
import { PeoplePage } from './pages/people.tsx';
import { ReceiversPage } from './pages/receivers.tsx';
import { MyShiftsPage } from './pages/my-shifts.tsx';
import { RosterPage } from './pages/roster.tsx';
import { SetupPage } from './pages/setup.tsx';
import { RoomPage } from './pages/room.tsx';
import { RoundArchivePage, RoundYearPage } from './pages/round-archive.tsx';
import { RoundEditPage } from './pages/round-edit.tsx';
import { RoundPlacesPage, RoundSheetPage } from './pages/round-places.tsx';
import { RoundMonthPage, RoundRecordPage } from './pages/round-record.tsx';
import { RoundWalkPage } from './pages/round-walk.tsx';
import { OfflineRounds, RoundsPage } from './pages/rounds.tsx';
import { RulesPage } from './pages/rules.tsx';
import { SilencesPage } from './pages/silences.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { TokensPage } from './pages/tokens.tsx';
import { GrowthPage } from './pages/growth.tsx';
import { TargetsPage } from './pages/targets.tsx';
import { TrapsPage } from './pages/traps.tsx';
import { WallPage } from './pages/wall.tsx';
import { HandoverPage } from './pages/handover.tsx';
import { HandoversPage } from './pages/handovers.tsx';
import { ProbePage } from './pages/probe.tsx';
import { ResponsiblePage } from './pages/responsible.tsx';
import { WatchLogPage } from './pages/watch-log.tsx';
import { WatchPage } from './pages/watch.tsx';
import { WatchBanner } from './parts/watch/watch-mark.tsx';
import type { Refusal } from './data/api.ts';
import type { Account } from './data/session.ts';
import type { Route } from './data/route.ts';

const TITLES: Readonly<Record<Route['page'], MessageKey>> = {
  home: 'nav.rooms',
  room: 'nav.rooms',
  device: 'device.kind',
  alerts: 'alerts.title',
  rounds: 'rounds.title',
  'round-walk': 'rounds.title',
  'round-record': 'record.title',
  'round-archive': 'rounds.archive',
  'round-month': 'rounds.month',
  'round-year': 'rounds.year',
  'round-places': 'rounds.places',
  'round-sheet': 'rounds.print_sheet',
  'round-edit': 'edit.title',
  silences: 'nav.silences',
  chases: 'chase.title',
  receivers: 'receivers.title',
  attention: 'attention.title',
  messages: 'messages.title',
  message: 'messages.title',
  audit: 'audit.title',
  explore: 'nav.explore',
  rules: 'nav.rules',
  growth: 'nav.growth',
  targets: 'nav.targets',
  traps: 'traps.sources',
  watch: 'nav.watch',
  handovers: 'nav.handovers',
  handover: 'nav.handovers',
  'watch-log': 'nav.watch_log',
  responsible: 'nav.responsible',
  probe: 'probe.title',
  agents: 'agents.title',
  roster: 'roster.title',
  'my-shifts': 'shifts.title',
  people: 'people.title',
  tokens: 'tokens.title',
  account: 'account.title',
  display: 'wall.title',
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
        event.target instanceof Element &&
        event.target.closest('input, textarea, select, [data-typing]') !== null;
      if (event.key === '?' && !isTyping) overlay.value = 'help';
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [overlay]);
}

type PageOf<P extends Route['page']> = (props: {
  readonly site: Site;
  readonly account: Account;
  readonly route: Extract<Route, { readonly page: P }>;
}) => VNode;

/** What is shown at each address to somebody who is signed in. */
const PAGES: { readonly [P in Route['page']]: PageOf<P> } = {
  home: ({ site }) => <RoomPage site={site} />,
  room: ({ site, route }) => <RoomPage site={site} room={route.room} layer={route.layer} />,
  device: ({ site, route }) => <DevicePage key={route.device} site={site} route={route} />,
  alerts: ({ site, route }) => <AlertsPage site={site} route={route} />,
  audit: () => <AuditPage />,
  rounds: ({ account }) => <RoundsPage account={account} />,
  'round-walk': ({ route }) => <RoundWalkPage key={route.id} id={route.id} />,
  'round-record': ({ route, account }) => <RoundRecordPage key={route.id} id={route.id} account={account} />,
  'round-archive': ({ route }) => <RoundArchivePage filter={route} />,
  'round-month': ({ route }) => <RoundMonthPage month={route.month} />,
  'round-year': ({ route }) => <RoundYearPage year={route.year} />,
  'round-places': () => <RoundPlacesPage />,
  'round-sheet': ({ route }) => <RoundSheetPage template={route.template} />,
  'round-edit': ({ site, route }) => (
    <RoundEditPage key={route.template} site={site} template={route.template} />
  ),
  silences: () => <SilencesPage />,
  chases: () => <ChasesPage />,
  receivers: ({ account }) => <ReceiversPage account={account} />,
  attention: ({ route }) => <AttentionPage month={route.month} />,
  messages: () => <MessagesPage />,
  message: ({ route }) => <MessagePage key={route.id} id={route.id} />,
  explore: ({ site, route }) => <ExplorePage site={site} exploration={route.exploration} />,
  rules: ({ site, route }) => <RulesPage site={site} rule={route.rule} />,
  growth: () => <GrowthPage />,
  targets: () => <TargetsPage />,
  traps: () => <TrapsPage />,
  wall: ({ site, route }) => <WallPage site={site} room={route.room} />,
  watch: ({ account }) => <WatchPage account={account} />,
  handovers: () => <HandoversPage />,
  handover: ({ account, route }) => <HandoverPage key={route.id} id={route.id} account={account} />,
  'watch-log': ({ account }) => <WatchLogPage account={account} />,
  responsible: () => <ResponsiblePage />,
  probe: () => <MissingPage />,
  'first-run': () => <MissingPage />,
  roster: ({ account, route }) => <RosterPage account={account} route={route} />,
  'my-shifts': ({ account }) => <MyShiftsPage account={account} />,
  agents: ({ account }) => <AgentsPage account={account} />,
  people: ({ account }) => <PeoplePage account={account} />,
  tokens: ({ account }) => <TokensPage account={account} />,
  account: ({ account }) => <AccountPage account={account} />,
  display: () => <MissingPage />,
  missing: () => <MissingPage />,
};

function Page({ site, account }: { readonly site: Site; readonly account: Account }) {
  const route = useApp().router.route.value;
  const page = PAGES[route.page] as PageOf<Route['page']>;
  return page({ site, account, route });
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
        {site === undefined ? <Loading /> : <Page site={site} account={account} />}
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
