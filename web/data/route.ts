import { explorationIn, explorePath, type Exploration } from './explore.ts';
import { defined } from '../../config/model/defined.ts';
import { LAYERS, type Layer } from '../../config/model/device.ts';
import { isDay } from '../../config/model/person.ts';
import type { Severity } from '../../config/model/severity.ts';
import { careIn, severityIn, type CareState, type ConsoleFilter } from './console.ts';

/** What the charts of a page show, where its address says so. */
export interface ChartsAsked {
  /** As it was written: see `spanOf`. */
  readonly span?: string | undefined;
  /** What the curves stand beside. */
  readonly beside?: 'week' | undefined;
}

/** What of a room is looked at. */
export interface RoomAsked extends ChartsAsked {
  readonly layer?: Layer | undefined;
  /** Whose charts are shown; those of the whole room when absent. */
  readonly rack?: string | undefined;
}

/** Which page an address names, with what it keeps in the address. */
export type Route =
  | { readonly page: 'home' }
  | ({ readonly page: 'room'; readonly room: string } & RoomAsked)
  | ({ readonly page: 'device'; readonly device: string } & ChartsAsked)
  | {
      readonly page: 'alerts';
      readonly room?: string;
      readonly layer?: Layer;
      readonly severity?: Severity;
      readonly care?: CareState;
      readonly text?: string;
      readonly alert?: string;
    }
  | { readonly page: 'rounds' }
  | {
      readonly page: 'round-plan';
      readonly from?: string;
      readonly view?: 'day' | 'month';
      readonly person?: string;
    }
  | { readonly page: 'round-walk'; readonly id: string }
  | { readonly page: 'round-record'; readonly id: string }
  | {
      readonly page: 'round-archive';
      readonly month?: string;
      readonly template?: string;
      readonly result?: string;
      readonly person?: string;
      readonly doubt?: string;
    }
  | { readonly page: 'round-month'; readonly month: string; readonly template?: string }
  | { readonly page: 'round-year'; readonly year?: number }
  | { readonly page: 'round-places' }
  | { readonly page: 'round-sheet'; readonly template: string }
  | { readonly page: 'round-edit'; readonly template: string }
  | { readonly page: 'silences' }
  | { readonly page: 'chases' }
  | { readonly page: 'receivers' }
  | { readonly page: 'attention'; readonly month?: string }
  | { readonly page: 'messages' }
  | { readonly page: 'message'; readonly id: number }
  | { readonly page: 'audit' }
  | { readonly page: 'explore'; readonly exploration: Exploration }
  | { readonly page: 'rules'; readonly rule?: string }
  | { readonly page: 'growth' }
  | { readonly page: 'targets' }
  | { readonly page: 'traps' }
  | { readonly page: 'watch' }
  | { readonly page: 'handovers' }
  | { readonly page: 'handover'; readonly id: number }
  | { readonly page: 'watch-log' }
  | { readonly page: 'responsible' }
  | { readonly page: 'probe'; readonly token: string }
  | { readonly page: 'wall'; readonly room?: string }
  | { readonly page: 'first-run'; readonly token: string }
  | { readonly page: 'agents' }
  | { readonly page: 'roster'; readonly from?: string; readonly view?: 'week' }
  | { readonly page: 'my-shifts' }
  | { readonly page: 'people' }
  | { readonly page: 'tokens' }
  | { readonly page: 'account' }
  | { readonly page: 'display'; readonly token: string }
  | { readonly page: 'missing' };

const MISSING: Route = { page: 'missing' };

function layerIn(params: URLSearchParams): { readonly layer?: Layer } {
  const layer = LAYERS.find((known) => known === params.get('layer'));
  return layer === undefined ? {} : { layer };
}

function optional<K extends string>(name: K, value: string | null): { readonly [P in K]?: string } {
  return (value === null || value === '' ? {} : { [name]: value }) as { readonly [P in K]?: string };
}

function chartsIn(params: URLSearchParams): ChartsAsked {
  return {
    ...optional('span', params.get('span')),
    ...(params.get('beside') === 'week' ? { beside: 'week' } : {}),
  };
}

/** A part of a path as it was meant; an address with a broken escape names nothing. */
function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return '';
  }
}

function messageRoute(id: string): Route {
  if (id === '') return { page: 'messages' };
  return /^\d{1,15}$/.test(id) ? { page: 'message', id: Number(id) } : MISSING;
}

/** A day that the calendar has. */
function dayIn(text: string | null): string | null {
  return text !== null && isDay(text) ? text : null;
}

function handoverRoute(id: string): Route {
  if (id === '') return { page: 'handovers' };
  return /^\d{1,15}$/.test(id) ? { page: 'handover', id: Number(id) } : MISSING;
}

interface Address {
  /** The part after that, decoded. */
  readonly last: string;
  /** What stands after the page's own name, decoded; empty if nothing does. */
  readonly name: string;
  readonly params: URLSearchParams;
  readonly hash: string;
}

const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;

/** A week where the address names none. */
const PLAN_VIEWS = ['day', 'month'] as const;

const ROUND_PAGES: Readonly<Record<string, (address: Address) => Route>> = {
  '': () => ({ page: 'rounds' }),
  archive: ({ params }) => ({
    page: 'round-archive',
    ...optional('month', MONTH.test(params.get('month') ?? '') ? params.get('month') : null),
    ...optional('template', params.get('template')),
    ...optional('result', params.get('result')),
    ...optional('person', params.get('person')),
    ...optional('doubt', params.get('doubt')),
  }),
  plan: ({ params }) => ({
    page: 'round-plan',
    ...optional('from', dayIn(params.get('from'))),
    ...defined({ view: PLAN_VIEWS.find((view) => view === params.get('view')) }),
    ...optional('person', params.get('person')),
  }),
  places: () => ({ page: 'round-places' }),
  year: ({ last }) =>
    /^\d{4}$/.test(last) ? { page: 'round-year', year: Number(last) } : { page: 'round-year' },
  walk: ({ last }) => (last === '' ? MISSING : { page: 'round-walk', id: last }),
  record: ({ last }) => (last === '' ? MISSING : { page: 'round-record', id: last }),
  sheet: ({ last }) => (last === '' ? MISSING : { page: 'round-sheet', template: last }),
  edit: ({ last }) => (last === '' ? MISSING : { page: 'round-edit', template: last }),
  month: ({ last, params }) =>
    MONTH.test(last)
      ? { page: 'round-month', month: last, ...optional('template', params.get('template')) }
      : MISSING,
};

function roundRoute(address: Address): Route {
  const { name } = address;
  return Object.hasOwn(ROUND_PAGES, name) ? (ROUND_PAGES[name]?.(address) ?? MISSING) : MISSING;
}

const READERS: Readonly<Record<string, (address: Address) => Route>> = {
  '': () => ({ page: 'home' }),
  rooms: ({ name, params }) =>
    name === ''
      ? { page: 'home' }
      : {
          page: 'room',
          room: name,
          ...layerIn(params),
          ...optional('rack', params.get('rack')),
          ...chartsIn(params),
        },
  devices: ({ name, params }) =>
    name === '' ? MISSING : { page: 'device', device: name, ...chartsIn(params) },
  alerts: ({ params }) => ({
    page: 'alerts',
    ...optional('room', params.get('room')),
    ...layerIn(params),
    ...defined({ severity: severityIn(params.get('severity')), care: careIn(params.get('care')) }),
    ...optional('text', params.get('text')),
    ...optional('alert', params.get('alert')),
  }),
  chases: ({ name }) => (name === '' ? { page: 'chases' } : MISSING),
  rounds: roundRoute,
  silences: ({ name }) => (name === '' ? { page: 'silences' } : MISSING),
  receivers: ({ name }) => (name === '' ? { page: 'receivers' } : MISSING),
  attention: ({ params }) => ({ page: 'attention', ...optional('month', params.get('month')) }),
  messages: ({ name }) => messageRoute(name),
  audit: ({ name }) => (name === '' ? { page: 'audit' } : MISSING),
  explore: ({ params }) => ({ page: 'explore', exploration: explorationIn(params) }),
  growth: () => ({ page: 'growth' }),
  targets: () => ({ page: 'targets' }),
  traps: () => ({ page: 'traps' }),
  rules: ({ params }) => ({ page: 'rules', ...optional('rule', params.get('rule')) }),
  wall: ({ params }) => ({ page: 'wall', ...optional('room', params.get('room')) }),
  watch: () => ({ page: 'watch' }),
  handovers: ({ name }) => handoverRoute(name),
  'watch-log': () => ({ page: 'watch-log' }),
  responsible: () => ({ page: 'responsible' }),
  probe: ({ hash }) => ({ page: 'probe', token: decoded(hash.slice(1)) }),
  agents: () => ({ page: 'agents' }),
  roster: ({ params }) => ({
    page: 'roster',
    ...optional('from', dayIn(params.get('from'))),
    ...(params.get('view') === 'week' ? { view: 'week' } : {}),
  }),
  'my-shifts': () => ({ page: 'my-shifts' }),
  people: () => ({ page: 'people' }),
  tokens: () => ({ page: 'tokens' }),
  account: () => ({ page: 'account' }),
  display: ({ hash }) => ({ page: 'display', token: decoded(hash.slice(1)) }),
  'first-run': ({ hash }) => ({ page: 'first-run', token: decoded(hash.slice(1)) }),
};

/** Reads `/path?query#hash`. */
export function parseRoute(address: string): Route {
  const { pathname, searchParams: params, hash } = new URL(address, 'http://localhost');
  const [, head = '', tail, end] = pathname.split('/');
  const name = decoded(tail);
  if (params.has('wall')) return { page: 'wall', ...optional('room', head === 'rooms' ? name : null) };
  return Object.hasOwn(READERS, head)
    ? (READERS[head]?.({ name, last: decoded(end), params, hash }) ?? MISSING)
    : MISSING;
}

function withQuery(path: string, values: Readonly<Record<string, string | undefined>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) params.set(name, value);
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}

export const paths = {
  room: (room: string, { layer, rack, span, beside }: RoomAsked = {}): string =>
    withQuery(`/rooms/${encodeURIComponent(room)}`, { layer, rack, span, beside }),
  device: (device: string, { span, beside }: ChartsAsked = {}): string =>
    withQuery(`/devices/${encodeURIComponent(device)}`, { span, beside }),
  alerts: (filter: ConsoleFilter & { readonly alert?: string | undefined } = {}): string => {
    const { room, layer, severity, care, text, alert } = filter;
    return withQuery('/alerts', { room, layer, severity, care, text: text || undefined, alert });
  },
  rounds: '/rounds',
  roundPlan: (
    asked: {
      readonly from?: string | undefined;
      readonly view?: string | undefined;
      readonly person?: string | undefined;
    } = {},
  ): string => withQuery('/rounds/plan', asked),
  roundWalk: (id: string): string => `/rounds/walk/${id}`,
  roundRecord: (id: string): string => `/rounds/record/${id}`,
  roundArchive: (
    filter: {
      readonly month?: string | undefined;
      readonly template?: string | undefined;
      readonly result?: string | undefined;
      readonly person?: string | undefined;
      readonly doubt?: string | undefined;
    } = {},
  ): string => withQuery('/rounds/archive', filter),
  roundMonth: (month: string, template?: string): string => withQuery(`/rounds/month/${month}`, { template }),
  roundYear: (year?: number): string => (year === undefined ? '/rounds/year' : `/rounds/year/${year}`),
  roundPlaces: '/rounds/places',
  roundSheet: (template: string): string => `/rounds/sheet/${encodeURIComponent(template)}`,
  roundEdit: (template: string): string => `/rounds/edit/${encodeURIComponent(template)}`,
  silences: '/silences',
  chases: '/chases',
  receivers: '/receivers',
  attention: (month?: string): string => withQuery('/attention', { month }),
  messages: '/messages',
  audit: '/audit',
  message: (id: number): string => `/messages/${id}`,
  explore: explorePath,
  growth: '/growth',
  targets: '/targets',
  traps: '/traps',
  rules: (rule?: string): string => withQuery('/rules', { rule }),
  agents: '/agents',
  roster: (from?: string, view?: 'week'): string => withQuery('/roster', { from, view }),
  myShifts: '/my-shifts',
  people: '/people',
  tokens: '/tokens',
  account: '/account',
  watch: '/watch',
  handovers: '/handovers',
  watchLog: '/watch-log',
  responsible: '/responsible',
  wall: '/wall',
};
