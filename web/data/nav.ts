import { mayCall, type Route as ApiRoute } from '../../config/model/access.ts';
import type { Role } from '../../config/model/account.ts';
import type { MessageKey } from '../i18n/words.ts';
import { paths, type Route } from './route.ts';

/** One line of the navigation. */
export interface NavEntry {
  readonly label: MessageKey;
  readonly path: string;
  /** The pages on which it is the current one. */
  readonly pages: readonly Route['page'][];
  /** What the page reads first: who may not call that does not see the line. */
  readonly needs: ApiRoute;
  /** Stands in the bar; the others stand in the menu. */
  readonly isMain?: true;
}

/** Every page that can be gone to, in the order in which they stand. */
export const NAV: readonly NavEntry[] = [
  {
    label: 'nav.rooms',
    path: '/',
    pages: ['home', 'room', 'device'],
    needs: 'GET /api/site',
    isMain: true,
  },
  { label: 'nav.alerts', path: paths.alerts(), pages: ['alerts'], needs: 'GET /api/alerts', isMain: true },
  { label: 'nav.watch', path: paths.watch, pages: ['watch'], needs: 'GET /api/watch', isMain: true },
  {
    label: 'nav.messages',
    path: paths.messages,
    pages: ['messages', 'message'],
    needs: 'GET /api/outbox',
  },
  { label: 'nav.receivers', path: paths.receivers, pages: ['receivers'], needs: 'GET /api/receivers' },
  { label: 'nav.roster', path: paths.roster(), pages: ['roster'], needs: 'GET /api/roster' },
  { label: 'nav.my_shifts', path: paths.myShifts, pages: ['my-shifts'], needs: 'GET /api/roster/mine' },
  {
    label: 'nav.handovers',
    path: paths.handovers,
    pages: ['handovers', 'handover'],
    needs: 'GET /api/handovers',
  },
  { label: 'nav.watch_log', path: paths.watchLog, pages: ['watch-log'], needs: 'GET /api/watch-log' },
  {
    label: 'nav.responsible',
    path: paths.responsible,
    pages: ['responsible'],
    needs: 'GET /api/responsible',
  },
  { label: 'nav.chases', path: paths.chases, pages: ['chases'], needs: 'GET /api/chases' },
  {
    label: 'nav.rounds',
    path: paths.rounds,
    pages: [
      'rounds',
      'round-plan',
      'round-walk',
      'round-record',
      'round-archive',
      'round-month',
      'round-year',
      'round-places',
      'round-sheet',
      'round-edit',
    ],
    needs: 'GET /api/rounds/due',
    isMain: true,
  },
  { label: 'nav.silences', path: paths.silences, pages: ['silences'], needs: 'GET /api/silences' },
  {
    label: 'nav.attention',
    path: paths.attention(),
    pages: ['attention'],
    needs: 'GET /api/attention',
  },
  { label: 'nav.rules', path: paths.rules(), pages: ['rules'], needs: 'GET /api/rules' },
  { label: 'nav.explore', path: paths.explore(), pages: ['explore'], needs: 'POST /api/v1/query_range' },
  { label: 'nav.growth', path: paths.growth, pages: ['growth'], needs: 'GET /api/growth' },
  { label: 'nav.targets', path: paths.targets, pages: ['targets'], needs: 'GET /api/v1/targets' },
  { label: 'nav.traps', path: paths.traps, pages: ['traps'], needs: 'GET /api/traps' },
  { label: 'nav.audit', path: paths.audit, pages: ['audit'], needs: 'GET /api/audit' },
  { label: 'nav.agents', path: paths.agents, pages: ['agents'], needs: 'GET /api/agents' },
  { label: 'nav.people', path: paths.people, pages: ['people'], needs: 'GET /api/people' },
  { label: 'nav.tokens', path: paths.tokens, pages: ['tokens'], needs: 'GET /api/tokens' },
  { label: 'nav.account', path: paths.account, pages: ['account'], needs: 'GET /api/account' },
  { label: 'nav.wall', path: paths.wall, pages: ['wall'], needs: 'GET /api/site' },
];

/** The lines of the bar and of the menu for somebody who holds these roles. */
export function navigationFor(roles: readonly Role[]): {
  readonly bar: readonly NavEntry[];
  readonly menu: readonly NavEntry[];
} {
  const open = NAV.filter(({ needs }) => mayCall(roles, needs));
  return {
    bar: open.filter(({ isMain }) => isMain),
    menu: open.filter(({ isMain }) => isMain === undefined),
  };
}
