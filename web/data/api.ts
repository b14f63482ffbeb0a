import type { GrowthBody } from '../../config/model/growth-api.ts';
import type { AgentsBody } from '../../config/model/agent-api.ts';
import type { ReceiversBody } from '../../config/model/receivers-api.ts';
import type { MarksBody } from '../../config/model/marks.ts';
import type { CommandName, CommandPreview } from '../../config/model/command.ts';
import type {
  TrapSourcesBody,
  AlertFileBody,
  AlertHistoryBody,
  ColleaguesBody,
  SilencesBody,
  VerdictsBody,
  ChartBody,
  DeviceDebugBody,
  EmergencyBody,
  ErrorBody,
  FactorBody,
  FirstRunAnswer,
  NewPasswordBody,
  OwnAccountBody,
  PeopleBody,
  TokensBody,
  ProofBody,
  RecoveryCodesBody,
  RescuedBody,
  FirstRunBody,
  LabBody,
  OutboxBody,
  SessionBody,
  SignInBody,
} from '../../config/model/api.ts';
import type { ChasesBody } from '../../config/model/chase.ts';
import type { AttentionReport } from '../../config/model/attention.ts';
import type { AuditBody, AuditQueryView } from '../../config/model/audit.ts';
import type {
  OwnRosterBody,
  RosterBody,
  RosterNowBody,
  RosterPeopleBody,
} from '../../config/model/roster-api.ts';
import type {
  BoundBody,
  DueBody,
  HandedIn,
  PlacesBody,
  RoundBody,
  RoundHandIn,
  RoundPack,
  RoundsBody,
  RoundsTodayBody,
  RoundSwapsBody,
  RoundTasksBody,
  RoundYearBody,
  SensorReading,
} from '../../config/model/round-api.ts';
import type { RoundTemplate } from '../../config/model/round.ts';
import type { DryRunBody, DryRunRequest, RulesBody } from '../../config/model/rules-api.ts';
import type { TargetsBody } from './targets.ts';
import { createWatchApi, type WatchApi } from './watch-page.ts';

/** Why a request brought nothing: what the collector said, or that it did not answer. */
export interface Refusal {
  readonly code: ErrorBody['code'] | 'unreachable';
  readonly message: string;
  readonly faults: NonNullable<ErrorBody['faults']>;
  /** Of a command: what it would do by now. */
  readonly preview?: CommandPreview;
}

export type Answer<T> =
  | { readonly ok: true; readonly body: T }
  | { readonly ok: false; readonly refusal: Refusal };

/** How long a page waits for an answer. */
const DEADLINE_MS = 10_000;

export interface Page {
  /** The instant and the number of the last that is known. */
  readonly beforeMs?: number;
  readonly beforeId?: number;
  readonly limit: number;
}

/** Part of the list of people. */
export interface PeopleQuery {
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/** Part of the rounds that were handed in. */
export interface RoundsQuery {
  readonly limit: number;
  /** Only what came before this one. */
  readonly beforeMs?: number;
  readonly beforeId?: string;
  readonly template?: string;
  readonly result?: string;
  readonly walkedBy?: string;
  readonly doubt?: string;
  readonly fromDay?: string;
  readonly toDay?: string;
}

export interface ChartQuery {
  readonly device: string;
  readonly metric: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface RoomChartQuery extends Omit<ChartQuery, 'device'> {
  readonly room: string;
  readonly rack?: string | undefined;
  /** One line for all. */
  readonly spread?: 'one' | undefined;
}

export interface MarksQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly device?: string;
  readonly room?: string;
}

/** The collector's HTTP interface as the pages use it. Nothing here throws: a refusal is an answer. */
export interface Api {
  session(): Promise<Answer<SessionBody>>;
  signIn(body: SignInBody): Promise<Answer<unknown>>;
  signOut(): Promise<Answer<unknown>>;
  firstRun(body: FirstRunBody): Promise<Answer<FirstRunAnswer>>;
  signInByEmergency(body: EmergencyBody): Promise<Answer<RescuedBody>>;
  signInDisplay(token: string): Promise<Answer<unknown>>;
  /** Says that somebody is at the page. */
  touch(): Promise<Answer<unknown>>;
  ownAccount(): Promise<Answer<OwnAccountBody>>;
  changePassword(body: NewPasswordBody): Promise<Answer<unknown>>;
  prove(body: ProofBody): Promise<Answer<{ readonly proof: string }>>;
  beginFactor(proof?: string): Promise<Answer<FactorBody>>;
  confirmFactor(code: string): Promise<Answer<RecoveryCodesBody>>;
  renewRecoveryCodes(proof: string): Promise<Answer<RecoveryCodesBody>>;
  removeFactor(proof: string): Promise<Answer<unknown>>;
  /** Ends one session of one's own; all others when none is named. */
  endSessions(id?: string): Promise<Answer<unknown>>;
  people(query: PeopleQuery): Promise<Answer<PeopleBody>>;
  tokens(): Promise<Answer<TokensBody>>;
  agents(): Promise<Answer<AgentsBody>>;
  receivers(): Promise<Answer<ReceiversBody>>;
  roster(from: string, days: number): Promise<Answer<RosterBody>>;
  rosterNow(): Promise<Answer<RosterNowBody>>;
  ownRoster(): Promise<Answer<OwnRosterBody>>;
  rosterPeople(search: string): Promise<Answer<RosterPeopleBody>>;
  command<T>(name: CommandName, body: object): Promise<Answer<T>>;
  chart(query: ChartQuery): Promise<Answer<ChartBody>>;
  roomChart(query: RoomChartQuery): Promise<Answer<ChartBody>>;
  marks(query: MarksQuery): Promise<Answer<MarksBody>>;
  debug(device: string): Promise<Answer<DeviceDebugBody>>;
  history(page: Page): Promise<Answer<AlertHistoryBody>>;
  /** Why people were told of an alert or not. */
  verdicts(fingerprint: string): Promise<Answer<VerdictsBody>>;
  /** What became of one alert. */
  alertFile(fingerprint: string): Promise<Answer<AlertFileBody>>;
  roundPack(): Promise<Answer<RoundPack>>;
  roundsDue(fromMs: number, toMs: number): Promise<Answer<DueBody>>;
  /** The rounds of today, for a wall. */
  roundsToday(): Promise<Answer<RoundsTodayBody>>;
  roundSwaps(): Promise<Answer<RoundSwapsBody>>;
  roundTasks(): Promise<Answer<RoundTasksBody>>;
  rounds(query: RoundsQuery): Promise<Answer<RoundsBody>>;
  round(id: string): Promise<Answer<RoundBody>>;
  roundYear(year: number): Promise<Answer<RoundYearBody>>;
  /** A template whole, as it is now. */
  roundTemplate(id: string): Promise<Answer<RoundTemplate>>;
  /** A part of the rounds of a month (`YYYY-MM`), whole. */
  boundRounds(query: {
    readonly month: string;
    readonly template?: string | undefined;
    readonly after?: string | undefined;
  }): Promise<Answer<BoundBody>>;
  roundPlaces(): Promise<Answer<PlacesBody>>;
  /** What the sensor of an item says, once somebody has read the gauge. */
  compareReading(body: {
    readonly template: string;
    readonly version: number;
    readonly item: string;
  }): Promise<Answer<Partial<SensorReading>>>;
  handInRound(body: RoundHandIn): Promise<Answer<HandedIn>>;
  putRoundPhoto(id: string, photo: Blob): Promise<Answer<unknown>>;
  silences(): Promise<Answer<SilencesBody>>;
  /** What alerts asked of the watch in a month (`YYYY-MM`), in this one where none is named. */
  attention(month?: string): Promise<Answer<AttentionReport>>;
  /** What is overdue, and whom that was told. */
  chases(): Promise<Answer<ChasesBody>>;
  colleagues(): Promise<Answer<ColleaguesBody>>;
  outbox(page: Page): Promise<Answer<OutboxBody>>;
  growth(): Promise<Answer<GrowthBody>>;
  targets(): Promise<Answer<TargetsBody>>;
  traps(): Promise<Answer<TrapSourcesBody>>;
  audit(query: AuditQueryView): Promise<Answer<AuditBody>>;
  rules(): Promise<Answer<RulesBody>>;
  /** The signal takes it back, on the collector too. */
  dryRun(body: DryRunRequest, signal: AbortSignal): Promise<Answer<DryRunBody>>;
  /** The watch and its handover. */
  readonly watch: WatchApi;
  lab(): Promise<Answer<LabBody>>;
  startScenario(scenario: string): Promise<Answer<LabBody>>;
}

type Send = (path: string, init: RequestInit) => Promise<Response>;

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body;
}

function refusalOf(response: Response, body: unknown): Refusal {
  if (isErrorBody(body)) {
    const { code, message, faults = [], preview } = body;
    return { code, message, faults, ...(preview === undefined ? {} : { preview }) };
  }
  const code = response.status === 429 ? 'too_many_requests' : 'unreachable';
  return { code, message: `${response.status} ${response.statusText}`, faults: [] };
}

interface Asked {
  readonly body?: object;
  /** In place of a body in JSON. */
  readonly photo?: Blob;
  readonly signal?: AbortSignal;
}

async function request<T>(send: Send, method: string, path: string, body?: object): Promise<Answer<T>> {
  return requestWith(send, method, path, body === undefined ? {} : { body });
}

async function requestWith<T>(
  send: Send,
  method: string,
  path: string,
  { body, photo, signal }: Asked,
): Promise<Answer<T>> {
  try {
    const response = await send(path, {
      method,
      signal: AbortSignal.any([AbortSignal.timeout(DEADLINE_MS), ...(signal === undefined ? [] : [signal])]),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      ...(photo === undefined ? {} : { body: photo, headers: { 'content-type': 'image/jpeg' } }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? {} : JSON.parse(text);
    return response.ok
      ? { ok: true, body: answer as T }
      : { ok: false, refusal: refusalOf(response, answer) };
  } catch (error) {
    return { ok: false, refusal: { code: 'unreachable', message: String(error), faults: [] } };
  }
}

function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) params.set(name, String(value));
  }
  return params.toString();
}

type RoundsApi = Pick<
  Api,
  | 'roundPack'
  | 'roundsDue'
  | 'roundsToday'
  | 'roundSwaps'
  | 'roundTasks'
  | 'rounds'
  | 'round'
  | 'roundYear'
  | 'roundPlaces'
  | 'roundTemplate'
  | 'boundRounds'
  | 'compareReading'
  | 'handInRound'
  | 'putRoundPhoto'
>;

function roundsApi(send: Send, get: <T>(path: string) => Promise<Answer<T>>): RoundsApi {
  return {
    roundPack: () => get('/api/rounds/pack'),
    roundsDue: (fromMs, toMs) => get(`/api/rounds/due?${query({ fromMs, toMs })}`),
    roundsToday: () => get('/api/rounds/today'),
    roundSwaps: () => get('/api/rounds/swaps'),
    roundTasks: () => get('/api/rounds/tasks'),
    rounds: (asked) => get(`/api/rounds?${query({ ...asked })}`),
    round: (id) => get(`/api/rounds/${encodeURIComponent(id)}`),
    roundYear: (year) => get(`/api/rounds/year?${query({ year })}`),
    roundPlaces: () => get('/api/rounds/places'),
    roundTemplate: (id) => get(`/api/rounds/templates/${encodeURIComponent(id)}`),
    boundRounds: (asked) => get(`/api/rounds/bound?${query({ ...asked })}`),
    compareReading: (body) => request(send, 'POST', '/api/rounds/compare', body),
    handInRound: (body) => request(send, 'POST', '/api/rounds', body),
    putRoundPhoto: (id, photo) => requestWith(send, 'PUT', `/api/rounds/photos/${id}`, { photo }),
  };
}

export function createApi(send: Send): Api {
  const get = <T>(path: string): Promise<Answer<T>> => request<T>(send, 'GET', path);
  return {
    session: () => get('/api/session'),
    signIn: (body) => request(send, 'POST', '/api/session', body),
    signOut: () => request(send, 'DELETE', '/api/session'),
    signInByEmergency: (body) => request(send, 'POST', '/api/session/emergency', body),
    signInDisplay: (token) => request(send, 'POST', '/api/session/display', { token }),
    touch: () => request(send, 'PUT', '/api/session'),
    ownAccount: () => get('/api/account'),
    changePassword: (body) => request(send, 'POST', '/api/account/password', body),
    prove: (body) => request(send, 'POST', '/api/account/proof', body),
    beginFactor: (proof) =>
      request(send, 'POST', '/api/account/second-factor', proof === undefined ? {} : { proof }),
    confirmFactor: (code) => request(send, 'PUT', '/api/account/second-factor', { code }),
    removeFactor: (proof) => request(send, 'DELETE', '/api/account/second-factor', { proof }),
    renewRecoveryCodes: (proof) => request(send, 'POST', '/api/account/recovery-codes', { proof }),
    endSessions: (id) =>
      request(send, 'DELETE', id === undefined ? '/api/account/sessions' : `/api/account/sessions/${id}`),
    tokens: () => get('/api/tokens'),
    agents: () => get('/api/agents'),
    receivers: () => get('/api/receivers'),
    roster: (from, days) => get(`/api/roster?${query({ from, days })}`),
    rosterNow: () => get('/api/roster/now'),
    ownRoster: () => get('/api/roster/mine'),
    rosterPeople: (search) => get(`/api/roster/people?${query({ search })}`),
    people: (part) => get(`/api/people?${query({ ...part })}`),
    command: (name, body) => request(send, 'POST', `/api/commands/${name}`, body),
    firstRun: (body) => request(send, 'POST', '/api/first-run', body),
    chart: ({ device, ...rest }) =>
      get(`/api/devices/${encodeURIComponent(device)}/chart?${query({ ...rest })}`),
    roomChart: ({ room, ...rest }) =>
      get(`/api/rooms/${encodeURIComponent(room)}/chart?${query({ ...rest })}`),
    marks: (place) => get(`/api/marks?${query({ ...place })}`),
    debug: (device) => get(`/api/devices/${encodeURIComponent(device)}/debug`),
    verdicts: (fingerprint) => get(`/api/alerts/${encodeURIComponent(fingerprint)}/verdicts`),
    alertFile: (fingerprint) => get(`/api/alerts/${encodeURIComponent(fingerprint)}/history`),
    ...roundsApi(send, get),
    silences: () => get('/api/silences'),
    attention: (month) => get(`/api/attention${month === undefined ? '' : `?${query({ month })}`}`),
    chases: () => get('/api/chases'),
    colleagues: () => get('/api/colleagues'),
    history: (page) => get(`/api/alerts/history?${query({ ...page })}`),
    outbox: (page) => get(`/api/outbox?${query({ ...page })}`),
    growth: () => get('/api/growth'),
    targets: () => get('/api/v1/targets'),
    traps: () => get('/api/traps'),
    audit: (asked) => get(`/api/audit?${query({ ...asked })}`),
    rules: () => get('/api/rules'),
    dryRun: (body, signal) => requestWith(send, 'POST', '/api/rules/dry-run', { body, signal }),
    watch: createWatchApi((method, path, body) => request(send, method, path, body)),
    lab: () => get('/api/lab'),
    startScenario: (scenario) => request(send, 'POST', '/api/lab', { scenario }),
  };
}
