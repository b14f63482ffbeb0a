import { expect, onTestFinished } from 'vitest';
import { rosterRoutes } from '../../collector/api/roster.ts';
import { createRoster, type PlannedRoster } from '../../collector/duty/roster/roster.ts';
import { openRecords, type Records } from '../../collector/records/open.ts';
import { changePerson, personById } from '../../collector/records/people.ts';
import type { Role } from '../../config/model/account.ts';
import { TRAININGS } from '../../config/model/person.ts';
import type { PeopleSettings } from '../../config/people.ts';
import type { RecordsSettings } from '../../config/records.ts';
import { apiSite, FROM_PAGE, type ApiSite } from './api-site.ts';
import { commandsOf, type Commands } from './commands.ts';
import { folderWith } from './folder.ts';
import { DAY, FOUR, NIGHT } from './roster.ts';

const HOUR_MS = 3_600_000;
/** Who there is, and what they may. */
const PEOPLE: Readonly<Record<string, Role>> = {
  anna: 'operator',
  bob: 'operator',
  carl: 'operator',
  dora: 'operator',
  lena: 'operator',
  paul: 'engineer',
  sam: 'sysAdmin',
  wall: 'viewer',
};

export interface RosterSite extends Commands {
  readonly site: ApiSite;
  readonly roster: PlannedRoster;
  get<T>(path: string, as: string): Promise<T>;
  /** Who is planned as operator, shift by shift: `day: anna`. */
  planned(fromDay: string, hours: number): Promise<readonly string[]>;
}

export interface RosterSiteOptions {
  readonly place?: RecordsSettings;
  readonly settings?: Partial<PeopleSettings>;
  readonly heads?: readonly string[];
  readonly minRestMs?: number;
}

/** A site on Sunday 22 November 2026, 11:00, whose people are all qualified. */
export async function rosterSite({
  place,
  settings = {},
  heads = [],
  minRestMs = 11 * HOUR_MS,
}: RosterSiteOptions = {}): Promise<RosterSite> {
  const timeZone = (): string => 'Asia/Shanghai';
  let roster: PlannedRoster | undefined;
  const site = await apiSite({
    settings: { ...settings, heads },
    ...(place?.postgres === undefined ? {} : { records: await recordsAt(place) }),
    plugins: ({ db, clock, people }) => {
      roster = createRoster({ db, timeZone, years: () => [] });
      const siteName = () => ({ 'zh-CN': '机房', en: 'Room' });
      return [
        rosterRoutes({
          db,
          clock,
          roster,
          people,
          timeZone,
          siteName,
          settings: () => ({ minRestMs }),
        }),
      ];
    },
  });
  if (roster === undefined) throw new Error('the site has no roster');
  const cookies = await cookiesOf(site);
  const known = roster;
  return {
    site,
    roster: known,
    ...commandsOf(site, cookies),
    async get<T>(path: string, as: string) {
      const answer = await site.api.inject({
        url: path,
        headers: { ...FROM_PAGE, cookie: cookies[as] ?? '' },
      });
      expect(answer.statusCode, answer.body).toBe(200);
      return answer.json<T>();
    },
    async planned(fromDay, hours) {
      const fromMs = Date.parse(`${fromDay}T08:00:00+08:00`);
      const shifts = await known.shiftsBetween(fromMs, fromMs + hours * HOUR_MS);
      return shifts.map(({ name, posts }) => `${name}: ${posts.operator.join('+')}`);
    },
  };
}

async function recordsAt(place: RecordsSettings): Promise<Records> {
  const records = await openRecords(folderWith(), place);
  onTestFinished(() => records.close());
  return records;
}

async function cookiesOf(site: ApiSite): Promise<Readonly<Record<string, string>>> {
  const cookies: Record<string, string> = {};
  for (const [name, role] of Object.entries(PEOPLE)) {
    const account = await site.account(role, name);
    const person = await personById(site.db, account.id);
    if (person !== undefined) {
      await changePerson(site.db, person, {
        details: {
          ...person,
          vettedOn: '2025-01-01',
          qualifications: TRAININGS.map((training) => ({ training, passedOn: '2025-01-01' })),
        },
      });
    }
    cookies[name] = await site.cookieOf(account);
  }
  return cookies;
}

/** Day and night by four in turn, led by lena, from Monday 23 November 2026. */
export const PLAN = {
  name: 'Four in turn',
  isTemporary: false,
  fromDay: '2026-11-23',
  shifts: [DAY, NIGHT],
  rotas: [FOUR, { ...FOUR, post: 'shiftLead', groups: [['lena']], unit: 'week', offsets: [0, 0] }],
};
export const MONDAY_DAY = '2026-11-23.day00000';
export const MONDAY_NIGHT = '2026-11-23.night000';
export const TUESDAY_DAY = '2026-11-24.day00000';
export const WEDNESDAY_DAY = '2026-11-25.day00000';
