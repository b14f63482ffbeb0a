import { onTestFinished } from 'vitest';
import type { WatchRoutesDeps } from '../../collector/api/watch.ts';
import { watchRoutes } from '../../collector/api/watch.ts';
import type { SheetBlock } from '../../collector/duty/watch/blocks/block.ts';
import {
  carryOversBlock,
  equipmentBlock,
  logBlock,
  noticesBlock,
} from '../../collector/duty/watch/blocks/people.ts';
import { openDesk, NO_ROSTER, type WatchDesk } from '../../collector/duty/watch/desk.ts';
import { createWatchMail } from '../../collector/duty/watch/mail.ts';
import type { Records } from '../../collector/records/open.ts';
import type { CommandDone, CommandName, CommandPreview } from '../../config/model/command.ts';
import type { SheetLine } from '../../config/model/sheet.ts';
import type { Roster, Shift } from '../../config/model/shift.ts';
import type { HandoverBody, WatchBody } from '../../config/model/watch-api.ts';
import type { WatchPost } from '../../config/model/watch.ts';
import { apiSite, FROM_PAGE, PASSWORD, type ApiSite, type PluginDeps } from './api-site.ts';
import type { ManualClock } from './manual-clock.ts';
import { quietDesk } from './quiet-desk.ts';
import { silentLog } from './silent-log.ts';

export function quietWatch({ db, clock, proofs }: PluginDeps): WatchRoutesDeps {
  return {
    db,
    clock,
    proofs,
    log: silentLog(),
    desk: quietDesk(),
    roster: NO_ROSTER,
    blocks: [],
    isGrave: () => false,
    onSealed: () => undefined,
    onTried: () => undefined,
    tell: async () => undefined,
    qualifications: () => ({ timeZone: 'Asia/Shanghai' }),
    probes: { tell: async () => undefined, pageUrl: () => '' },
    moment: () => ({ atMs: clock.nowMs(), clockBehindMs: 0, active: [], callsDue: [] }),
    site: () => ({ name: { 'zh-CN': '机房', en: 'Room' }, timeZone: 'Asia/Shanghai' }),
  };
}

/** A roster that a test writes down. */
export function fixedRoster(shifts: readonly Shift[]): Roster {
  return {
    shiftAt: async (atMs) => shifts.find(({ startsAtMs, endsAtMs }) => startsAtMs <= atMs && atMs < endsAtMs),
    shiftsBetween: async (fromMs, toMs) =>
      shifts.filter(({ startsAtMs, endsAtMs }) => startsAtMs < toMs && fromMs < endsAtMs),
  };
}

export const shiftOf = (
  name: string,
  [startsAtMs, endsAtMs]: readonly [number, number],
  operator: readonly string[],
  shiftLead: readonly string[] = [],
): Shift => ({
  id: `${name}-${startsAtMs}`,
  name,
  startsAtMs,
  endsAtMs,
  posts: { operator, shiftLead, standby: [], deputy: [] },
  isOnCall: false,
});

export interface WatchSiteOptions {
  readonly records?: Pick<Records, 'db'>;
  readonly clock?: ManualClock;
  readonly shifts?: readonly Shift[];
  readonly heads?: readonly string[];
  readonly blocks?: readonly SheetBlock[];
  /** Whether accounts are to be made; not where another site on the same records has made them. */
  readonly people?: readonly string[];
  /** The day from which on who lacks a qualification is refused. */
  readonly requiredFrom?: string;
}

export type Given = {
  readonly status: number;
  readonly body: CommandPreview & CommandDone & { faults?: { message: string }[] };
};

/** The watch behind its routes, with people who sign. */
export interface WatchSite {
  readonly own: ApiSite;
  readonly desk: WatchDesk;
  /** Lines that the sheet's first block shows. */
  readonly lines: SheetLine[];
  isGrave: boolean;
  /** Looks, then does what was shown. */
  give(who: string, name: CommandName, input: object): Promise<Given>;
  /** As `give`, but answers why it was refused. */
  refusal(who: string, name: CommandName, input: object): Promise<string | undefined>;
  undo(who: string, name: CommandName, token: string): Promise<Given>;
  get<T>(url: string, who?: string): Promise<T>;
  raw(url: string, who?: string): Promise<{ readonly status: number; readonly bytes: Buffer }>;
  board(): Promise<WatchBody>;
  handover(id: number): Promise<HandoverBody>;
  /** Proves and signs; `as` at another's screen. */
  sign(who: string, id: number, role: string, as?: string): Promise<Given>;
  take(who: string, post?: WatchPost): Promise<Given>;
  openAll(who: string, id: number): Promise<void>;
  start(who: string, input?: object): Promise<number>;
  proof(
    who: string,
    subject: string,
    as?: string,
    password?: string,
  ): Promise<{ status: number; proof?: string }>;
}

export const PEOPLE = ['li', 'wang', 'zhao', 'chen'];

export async function watchSite(options: WatchSiteOptions = {}): Promise<WatchSite> {
  const lines: SheetLine[] = [];
  const work: SheetBlock = { id: 'work', lines: async () => lines };
  const state = { isGrave: false };
  let desk: WatchDesk = quietDesk();
  const lateDesk: WatchDesk = {
    now: () => desk.now(),
    responsible: (post, atMs) => desk.responsible(post, atMs),
    onWatch: (post, atMs) => desk.onWatch(post, atMs),
    leaders: (atMs) => desk.leaders(atMs),
    clockBehindMs: () => desk.clockBehindMs(),
    follow: (step, line) => desk.follow(step, line),
    refresh: () => desk.refresh(),
    stop: () => desk.stop(),
  };
  const roster = fixedRoster(options.shifts ?? []);
  const tell = createWatchMail({
    hasMail: () => false,
    wake: () => undefined,
    instant: (atMs) => new Date(atMs).toISOString(),
  });
  const own = await apiSite({
    ...(options.records === undefined ? {} : { records: options.records }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    plugins: (deps) => [
      watchRoutes({
        ...quietWatch(deps),
        desk: lateDesk,
        roster,
        tell,
        qualifications: () => ({
          timeZone: 'Asia/Shanghai',
          ...(options.requiredFrom === undefined ? {} : { requiredFrom: options.requiredFrom }),
        }),
        probes: { tell, pageUrl: () => 'http://127.0.0.1:8480' },
        isGrave: () => state.isGrave,
        blocks: options.blocks ?? [
          work,
          equipmentBlock(),
          noticesBlock({ desk: lateDesk }),
          carryOversBlock({ desk: lateDesk }),
          logBlock(),
        ],
      }),
    ],
  });
  const { db, clock } = own;
  desk = await openDesk({
    db,
    clock,
    log: silentLog(),
    roster,
    heads: () => options.heads ?? ['chen'],
    onChange: () => undefined,
  });
  onTestFinished(() => desk.stop());
  const cookies = new Map<string, { readonly cookie: string; readonly sinceMs: number }>();
  for (const name of options.people ?? PEOPLE) await own.account('operator', name);
  const cookieOf = async (who: string): Promise<string> => {
    const known = cookies.get(who);
    // Who touches nothing for hours is logged off.
    if (known !== undefined && clock.nowMs() - known.sinceMs < 3_600_000) return known.cookie;
    const { id } = await db
      .selectFrom('account')
      .select('id')
      .where('name', '=', who)
      .executeTakeFirstOrThrow();
    const cookie = await own.cookieOf({ id });
    cookies.set(who, { cookie, sinceMs: clock.nowMs() });
    return cookie;
  };
  const post = async (who: string, url: string, payload: object) => {
    const headers = { ...FROM_PAGE, cookie: await cookieOf(who) };
    return own.api.inject({ method: 'POST', url, headers, payload });
  };
  const call = async (who: string, name: CommandName, payload: object): Promise<Given> => {
    const answer = await post(who, `/api/commands/${name}`, payload);
    return { status: answer.statusCode, body: answer.json() };
  };
  const give: WatchSite['give'] = async (who, name, input) => {
    const preview = await call(who, name, { mode: 'preview', input });
    if (preview.status !== 200) return preview;
    const given = await call(who, name, { mode: 'do', input, version: preview.body.version });
    await desk.refresh();
    return given;
  };
  const raw: WatchSite['raw'] = async (url, who = 'li') => {
    const answer = await own.api.inject({ url, headers: { cookie: await cookieOf(who) } });
    return { status: answer.statusCode, bytes: answer.rawPayload };
  };
  const get: WatchSite['get'] = async <T>(url: string, who?: string) =>
    JSON.parse((await raw(url, who)).bytes.toString()) as T;
  const proof: WatchSite['proof'] = async (who, subject, as, password = PASSWORD) => {
    const body = { subject, password, ...(as === undefined ? {} : { as }) };
    const answer = await post(who, '/api/watch/proof', body);
    return { status: answer.statusCode, ...answer.json<{ proof?: string }>() };
  };
  const handover: WatchSite['handover'] = (id) => get(`/api/handovers/${id}`);
  const start: WatchSite['start'] = async (who, input = {}) => {
    const { status, body } = await give(who, 'start-handover', input);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return (body.result as { id: number }).id;
  };
  return {
    own,
    get desk() {
      return desk;
    },
    lines,
    get isGrave() {
      return state.isGrave;
    },
    set isGrave(isGrave) {
      state.isGrave = isGrave;
    },
    give,
    async refusal(who, name, input) {
      const { body } = await give(who, name, input);
      return body.faults?.[0]?.message;
    },
    async undo(who, name, token) {
      const undone = await call(who, name, { mode: 'undo', token });
      await desk.refresh();
      return undone;
    },
    get,
    raw,
    board: () => get('/api/watch'),
    handover,
    async sign(who, id, role, as) {
      const { handover: found } = await handover(id);
      const { proof: given } = await proof(who, `${id} ${found.sheetHash}`, as);
      const input = { handover: id, role, sheetHash: found.sheetHash, way: 'password', proof: given };
      return give(who, 'sign-handover', { ...input, ...(as === undefined ? {} : { as }) });
    },
    async take(who, of = 'operator') {
      const { proof: given } = await proof(who, `take ${of}`);
      return give(who, 'take-watch', { post: of, way: 'password', proof: given });
    },
    async openAll(who, id) {
      const { handover: found } = await handover(id);
      for (const block of found.blocks) await give(who, 'open-block', { handover: id, block });
    },
    start,
    proof,
  };
}
