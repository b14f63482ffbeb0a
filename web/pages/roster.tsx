import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { mayCall } from '../../config/model/access.ts';
import type { CommandName } from '../../config/model/command.ts';
import type { RosterBody } from '../../config/model/roster-api.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import { fileText } from '../data/file-text.ts';
import { daysOfView, moved, noonOf, type RosterView, type Slot } from '../data/roster.ts';
import { paths, type Route } from '../data/route.ts';
import type { Account } from '../data/session.ts';
import { CommandDialog } from '../parts/command-dialog.tsx';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { RosterCalendar, type Change } from '../parts/roster/calendar.tsx';
import { RosterFaults } from '../parts/roster/faults.tsx';
import { RosterLoads } from '../parts/roster/loads.tsx';
import { NowStrip } from '../parts/roster/now-strip.tsx';
import { Patterns } from '../parts/roster/patterns.tsx';
import { SlotEditor } from '../parts/roster/slot-editor.tsx';
import { useToday } from '../parts/today.ts';
import type { Chosen } from './people.tsx';
import { calledIn } from '../data/colleagues.ts';

const REFRESH_MS = 30_000;

function useRoster(view: RosterView, day: string) {
  const { api } = useApp();
  const body = useSignal<RosterBody | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const { from, days } = daysOfView(view, day);
  const read = async (): Promise<void> => {
    const answer = await api.roster(from, days);
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (answer.ok) body.value = answer.body;
  };
  useEffect(() => {
    void read();
    const timer = setInterval(() => void read(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [from, days]);
  // Of another month nothing is shown as if it were this one's.
  const isShown = body.value?.days[0]?.day === from && body.value.days.length === days;
  return { body: isShown ? body.value : undefined, refusal: refusal.value, read, from, days };
}

interface HeadProps {
  readonly view: RosterView;
  readonly day: string;
  readonly from: string;
  readonly days: number;
}

function Head({ view, day, from, days }: HeadProps) {
  const { words, t, format } = useText();
  const asked = view === 'week' ? 'week' : undefined;
  const title = format.date(noonOf(view === 'week' ? from : day)).replace(/^\S*星期\S*|^\w+,? /u, '');
  const month = new Intl.DateTimeFormat(words.language, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  return (
    <div class="page-head">
      <h1>{t('roster.title')}</h1>
      <strong class="roster-span">{view === 'week' ? title : month.format(noonOf(day))}</strong>
      <nav class="roster-nav" aria-label={t('roster.title')}>
        <a class="button" href={paths.roster(moved(view, day, -1), asked)}>
          {t('roster.earlier')}
        </a>
        <a class="button" href={paths.roster(undefined, asked)}>
          {t('roster.today')}
        </a>
        <a class="button" href={paths.roster(moved(view, day, 1), asked)}>
          {t('roster.later')}
        </a>
        {(['month', 'week'] as const).map((each) => (
          <a
            key={each}
            class="button"
            aria-current={each === view ? 'page' : undefined}
            href={paths.roster(day, each === 'week' ? 'week' : undefined)}
          >
            {t(`roster.${each}`)}
          </a>
        ))}
        <button type="button" class="button" onClick={() => window.print()}>
          {t('roster.print')}
        </button>
        <a
          class="button"
          href={`/api/roster/sheet.xlsx?from=${from}&days=${days}&language=${words.language}`}
          download={`roster-${from}.xlsx`}
          target="_blank"
        >
          {t('roster.excel')}
        </a>
      </nav>
    </div>
  );
}

function ImportRoster({ onChoose }: { readonly onChoose: (chosen: Chosen) => void }) {
  const { t } = useText();
  const take = async (input: HTMLInputElement): Promise<void> => {
    const sheet = await fileText(input);
    if (sheet !== undefined) onChoose({ name: 'import-roster', input: { sheet } });
  };
  return (
    <details class="panel people-form">
      <summary>{t('roster.import')}</summary>
      <label>
        {t('roster.file')}
        <input type="file" accept=".xlsx" onChange={(event) => void take(event.currentTarget)} />
      </label>
    </details>
  );
}

interface PlanProps {
  readonly body: RosterBody;
  readonly month: string;
  readonly today: string;
  readonly view: RosterView;
  readonly may: (name: CommandName) => boolean;
  readonly onChoose: (chosen: Chosen) => void;
}

/** The calendar, with the window in which one place is changed. */
function Plan({ body, month, today, view, may, onChoose }: PlanProps) {
  const { t } = useText();
  const edited = useSignal<Slot | undefined>(undefined);
  const called = calledIn(body.people);
  const slot = edited.value;
  if (body.shifts.length === 0) return null;
  const assign = (changes: readonly Change[]): void => {
    edited.value = undefined;
    onChoose({ name: 'assign-shifts', input: { changes } });
  };
  return (
    <section class="panel roster-plan" data-view={view} aria-label={t('roster.title')}>
      <RosterCalendar
        body={body}
        called={called}
        month={month}
        today={today}
        mayPlan={may('assign-shifts')}
        onEdit={(next) => (edited.value = next)}
        onChange={assign}
      />
      {slot !== undefined && (
        <SlotEditor
          slot={slot}
          title={`${slot.shift.day} ${slot.shift.name} ${t(`roster.post.${slot.post}`)}`}
          called={called}
          onChoose={(names) => assign([{ shift: slot.shift.id, post: slot.post, names }])}
          onClose={() => (edited.value = undefined)}
        />
      )}
    </section>
  );
}

function Sections(props: PlanProps) {
  const { t } = useText();
  const { body, today, may, onChoose } = props;
  const called = calledIn(body.people);
  return (
    <>
      <NowStrip />
      {body.patterns.length === 0 ? (
        <Empty title={t('roster.empty')}>
          <p>{t(may('change-pattern') ? 'roster.empty.detail' : 'roster.empty.wait')}</p>
        </Empty>
      ) : (
        <RosterFaults body={body} called={called} />
      )}
      <Plan {...props} />
      <RosterLoads loads={body.loads} called={called} />
      {may('change-pattern') && <Patterns body={body} today={today} onChoose={onChoose} />}
      {may('import-roster') && <ImportRoster onChoose={onChoose} />}
    </>
  );
}

interface RosterPageProps {
  readonly account: Account;
  readonly route: Extract<Route, { readonly page: 'roster' }>;
}

/** The plan of the watch: who keeps it when, what is wrong with that, and how it is changed. */
export function RosterPage({ account, route }: RosterPageProps) {
  const { t } = useText();
  const today = useToday();
  const view: RosterView = route.view ?? 'month';
  const day = route.from ?? today;
  const { body, refusal, read, from, days } = useRoster(view, day);
  const chosen = useSignal<Chosen | undefined>(undefined);
  const may = (name: CommandName): boolean => mayCall(account.roles, `POST /api/commands/${name}`);
  const waiting =
    refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={() => void read()} />;
  return (
    <div class="page roster">
      <Head view={view} day={day} from={from} days={days} />
      {body === undefined ? (
        waiting
      ) : (
        <Sections
          body={body}
          month={view === 'week' ? from : day}
          today={today}
          view={view}
          may={may}
          onChoose={(next) => (chosen.value = next)}
        />
      )}
      {chosen.value !== undefined && (
        <CommandDialog
          key={JSON.stringify(chosen.value)}
          name={chosen.value.name}
          title={t(`command.${chosen.value.name}` as 'command.assign-shifts')}
          input={chosen.value.input}
          onClose={() => {
            chosen.value = undefined;
            void read();
          }}
        />
      )}
    </div>
  );
}
