import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Site } from '../../config/model/site.ts';
import type { Route } from '../data/route.ts';
import type { Account } from '../data/session.ts';
import { Loading, Refused } from '../parts/notice.tsx';
import { MissingPage } from './missing.tsx';
import { RoundWalkPage } from './round-walk.tsx';
import { RoundsPage } from './rounds.tsx';

type PageOf<P extends Route['page']> = (props: {
  readonly site: Site;
  readonly account: Account;
  readonly route: Extract<Route, { readonly page: P }>;
}) => VNode;
type AnyPage = PageOf<Route['page']>;

/** A page that comes with the frame. */
function at<P extends Route['page']>(page: PageOf<P>): () => PageOf<P> {
  return () => page;
}

/**
 * What is shown at each address to somebody who is signed in. The code of a page comes when it is first shown, so that a
 * phone opens quickly; what rounds need comes at once, as they must open without a connection.
 */
const PAGES: { readonly [P in Route['page']]: () => PageOf<P> | Promise<PageOf<P>> } = {
  home: async () => {
    const { RoomPage } = await import('./room.tsx');
    return ({ site }) => <RoomPage site={site} />;
  },
  room: async () => {
    const { RoomPage } = await import('./room.tsx');
    return ({ site, route }) => <RoomPage site={site} room={route.room} asked={route} />;
  },
  device: async () => {
    const { DevicePage } = await import('./device.tsx');
    return ({ site, route }) => <DevicePage key={route.device} site={site} route={route} />;
  },
  alerts: async () => {
    const { AlertsPage } = await import('./alerts.tsx');
    return ({ site, route }) => <AlertsPage site={site} route={route} />;
  },
  audit: async () => {
    const { AuditPage } = await import('./audit.tsx');
    return () => <AuditPage />;
  },
  rounds: at(({ account }) => <RoundsPage account={account} />),
  'round-walk': at(({ route }) => <RoundWalkPage key={route.id} id={route.id} />),
  'round-plan': async () => {
    const { RoundPlanPage } = await import('./round-plan.tsx');
    return ({ route, account }) => <RoundPlanPage route={route} account={account} />;
  },
  'round-record': async () => {
    const { RoundRecordPage } = await import('./round-record.tsx');
    return ({ route, account }) => <RoundRecordPage key={route.id} id={route.id} account={account} />;
  },
  'round-archive': async () => {
    const { RoundArchivePage } = await import('./round-archive.tsx');
    return ({ route }) => <RoundArchivePage filter={route} />;
  },
  'round-month': async () => {
    const { RoundMonthPage } = await import('./round-record.tsx');
    return ({ route }) => <RoundMonthPage month={route.month} template={route.template} />;
  },
  'round-year': async () => {
    const { RoundYearPage } = await import('./round-year.tsx');
    return ({ route }) => <RoundYearPage year={route.year} />;
  },
  'round-places': async () => {
    const { RoundPlacesPage } = await import('./round-places.tsx');
    return () => <RoundPlacesPage />;
  },
  'round-sheet': async () => {
    const { RoundSheetPage } = await import('./round-places.tsx');
    return ({ route }) => <RoundSheetPage template={route.template} />;
  },
  'round-edit': async () => {
    const { RoundEditPage } = await import('./round-edit.tsx');
    return ({ site, route }) => <RoundEditPage key={route.template} site={site} template={route.template} />;
  },
  silences: async () => {
    const { SilencesPage } = await import('./silences.tsx');
    return () => <SilencesPage />;
  },
  chases: async () => {
    const { ChasesPage } = await import('./chases.tsx');
    return () => <ChasesPage />;
  },
  receivers: async () => {
    const { ReceiversPage } = await import('./receivers.tsx');
    return ({ account }) => <ReceiversPage account={account} />;
  },
  attention: async () => {
    const { AttentionPage } = await import('./attention.tsx');
    return ({ route }) => <AttentionPage month={route.month} />;
  },
  messages: async () => {
    const { MessagesPage } = await import('./messages.tsx');
    return () => <MessagesPage />;
  },
  message: async () => {
    const { MessagePage } = await import('./messages.tsx');
    return ({ route }) => <MessagePage key={route.id} id={route.id} />;
  },
  explore: async () => {
    const { ExplorePage } = await import('./explore.tsx');
    return ({ site, route }) => <ExplorePage site={site} exploration={route.exploration} />;
  },
  rules: async () => {
    const { RulesPage } = await import('./rules.tsx');
    return ({ site, route }) => <RulesPage site={site} rule={route.rule} />;
  },
  growth: async () => {
    const { GrowthPage } = await import('./growth.tsx');
    return () => <GrowthPage />;
  },
  targets: async () => {
    const { TargetsPage } = await import('./targets.tsx');
    return () => <TargetsPage />;
  },
  traps: async () => {
    const { TrapsPage } = await import('./traps.tsx');
    return () => <TrapsPage />;
  },
  wall: async () => {
    const { WallPage } = await import('./wall.tsx');
    return ({ site, route }) => <WallPage site={site} room={route.room} />;
  },
  watch: async () => {
    const { WatchPage } = await import('./watch.tsx');
    return ({ account }) => <WatchPage account={account} />;
  },
  handovers: async () => {
    const { HandoversPage } = await import('./handovers.tsx');
    return ({ account }) => <HandoversPage account={account} />;
  },
  handover: async () => {
    const { HandoverPage } = await import('./handover.tsx');
    return ({ account, route }) => <HandoverPage key={route.id} id={route.id} account={account} />;
  },
  'watch-log': async () => {
    const { WatchLogPage } = await import('./watch-log.tsx');
    return ({ account }) => <WatchLogPage account={account} />;
  },
  responsible: async () => {
    const { ResponsiblePage } = await import('./responsible.tsx');
    return () => <ResponsiblePage />;
  },
  probe: at(() => <MissingPage />),
  'first-run': at(() => <MissingPage />),
  roster: async () => {
    const { RosterPage } = await import('./roster.tsx');
    return ({ account, route }) => <RosterPage account={account} route={route} />;
  },
  'my-shifts': async () => {
    const { MyShiftsPage } = await import('./my-shifts.tsx');
    return ({ account }) => <MyShiftsPage account={account} />;
  },
  agents: async () => {
    const { AgentsPage } = await import('./agents.tsx');
    return ({ account }) => <AgentsPage account={account} />;
  },
  people: async () => {
    const { PeoplePage } = await import('./people.tsx');
    return ({ account }) => <PeoplePage account={account} />;
  },
  tokens: async () => {
    const { TokensPage } = await import('./tokens.tsx');
    return ({ account }) => <TokensPage account={account} />;
  },
  account: async () => {
    const { AccountPage } = await import('./account.tsx');
    return ({ account }) => <AccountPage account={account} />;
  },
  display: at(() => <MissingPage />),
  missing: at(() => <MissingPage />),
};

const known = new Map<Route['page'], AnyPage | Promise<AnyPage>>();

/** Fetches the code of a page. @returns at once where it is there. */
function load(name: Route['page']): AnyPage | Promise<AnyPage> {
  const found = known.get(name) ?? (PAGES[name]() as AnyPage | Promise<AnyPage>);
  if (!known.has(name) && found instanceof Promise)
    void found.then((page) => known.set(name, page)).catch(() => undefined);
  known.set(name, found);
  return found;
}

/** Begins to fetch the code of a page while something else is waited for. */
export function foresee(name: Route['page']): void {
  const found = load(name);
  if (found instanceof Promise) found.catch(() => undefined);
}

interface PageProps {
  readonly site: Site;
  readonly account: Account;
  readonly route: Route;
}

/** The page of an address, as soon as its code is there. */
export function Page({ site, account, route }: PageProps) {
  const settled = useSignal<{ readonly name: Route['page']; readonly isThere: boolean } | undefined>(
    undefined,
  );
  const { page: name } = route;
  const found = load(name);
  useEffect(() => {
    if (!(found instanceof Promise)) return;
    const settle = (isThere: boolean) => (): void => {
      settled.value = { name, isThere };
    };
    found.then(settle(true), settle(false));
  }, [name]);
  const hasFailed = settled.value?.name === name && !settled.value.isThere;
  if (!(found instanceof Promise)) return found({ site, account, route });
  if (!hasFailed) return <Loading />;
  // Another version may have been put in place meanwhile: its page knows where its parts are.
  const refusal = { code: 'unreachable', message: name, faults: [] } as const;
  return <Refused refusal={refusal} onRetry={() => location.reload()} />;
}
