import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { DueBody, DueView, RoundHead } from '../../config/model/round-api.ts';
import { useApp, useText } from '../app.ts';
import { noonOf, weekdayOf } from '../data/roster.ts';
import {
  dayByKey,
  daysOfPlan,
  isFor,
  movedPlan,
  peopleOf,
  rangeOfDays,
  WATCH,
  type PlanView,
} from '../data/rounds/plan.ts';
import { signOf, whoseText } from '../data/rounds/words.ts';
import { paths, type Route } from '../data/route.ts';
import type { Account } from '../data/session.ts';
import { useAsked } from '../parts/asked.ts';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { DueList } from '../parts/rounds/due-list.tsx';
import { useToday } from '../parts/today.ts';
import { calledIn } from '../data/colleagues.ts';

type PlanRoute = Extract<Route, { readonly page: 'round-plan' }>;

const VIEWS = ['day', 'week', 'month'] as const;
/** As many as a field of a month has room for. */
const SHOWN_OF_MONTH = 3;

interface Shown {
  readonly view: PlanView;
  readonly day: string;
  readonly person: string;
}

/** The address of another span; a week and everybody stand in none. */
function addressOf({ view, day, person }: Shown): string {
  return paths.roundPlan({
    from: day,
    view: view === 'week' ? undefined : view,
    person: person === '' ? undefined : person,
  });
}

interface HeadProps {
  readonly shown: Shown;
  /** Whom one may choose. */
  readonly names: readonly string[];
  readonly people: DueBody['people'];
}

function Head({ shown, names, people }: HeadProps) {
  const { router } = useApp();
  const { words, t, format } = useText();
  const today = useToday();
  const { view, day } = shown;
  const month = new Intl.DateTimeFormat(words.language, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  const id = useId();
  return (
    <div class="page-head">
      <h1>{t('plan.title')}</h1>
      <strong class="plan-span">
        {view === 'day' ? format.date(noonOf(day)) : month.format(noonOf(day))}
      </strong>
      <nav class="row-actions" aria-label={t('plan.view')}>
        <a class="button" href={addressOf({ ...shown, day: movedPlan(view, day, -1) })}>
          {t('plan.before')}
        </a>
        <a class="button" href={addressOf({ ...shown, day: today })}>
          {t('plan.today')}
        </a>
        <a class="button" href={addressOf({ ...shown, day: movedPlan(view, day, 1) })}>
          {t('plan.after')}
        </a>
        {VIEWS.map((each) => (
          <a
            key={each}
            class="button"
            aria-current={each === view ? 'page' : undefined}
            href={addressOf({ ...shown, view: each })}
          >
            {t(`plan.view.${each}`)}
          </a>
        ))}
      </nav>
      <div class="round-filters">
        <label for={id}>{t('plan.whose')}</label>
        <select
          id={id}
          value={shown.person}
          onChange={(event) => router.replace(addressOf({ ...shown, person: event.currentTarget.value }))}
        >
          <option value="">{t('plan.whose.all')}</option>
          <option value={WATCH}>{t('plan.whose.watch')}</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {calledIn(people)(name)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

interface EntryProps {
  readonly due: DueView;
  readonly template: RoundHead;
  readonly people: DueBody['people'];
}

function Entry({ due, template, people }: EntryProps) {
  const { words, t, format } = useText();
  const { state, byMs, round, result } = due;
  const name = (
    <>
      <span class="plan-sign" aria-hidden="true">
        {signOf(due)}
      </span>
      {words.local(template.name)}
      <span class="cell-note">
        {t(`rounds.state.${state}`)}
        {result !== undefined && result !== 'normal' && ` · ${t(`rounds.result.${result}`)}`} ·{' '}
        {format.minute(byMs)} · {whoseText(due, people, words)}
      </span>
    </>
  );
  return (
    <li class="plan-entry" data-state={state} data-due={due.id}>
      {round === undefined ? name : <a href={paths.roundRecord(round)}>{name}</a>}
    </li>
  );
}

interface DayProps {
  readonly shown: Shown;
  readonly day: string;
  readonly due: readonly DueView[];
  readonly templates: ReadonlyMap<string, RoundHead>;
  readonly people: DueBody['people'];
  /** The one day that Tab leads to. */
  readonly isStop: boolean;
}

function Day({ shown, day, due, templates, people, isStop }: DayProps) {
  const { t, format } = useText();
  const today = useToday();
  const isOther = shown.view === 'month' && day.slice(0, 7) !== shown.day.slice(0, 7);
  const some = shown.view === 'month' ? due.slice(0, SHOWN_OF_MONTH) : due;
  const href = addressOf({ ...shown, view: 'day', day });
  return (
    <li class="plan-day" data-today={day === today} data-other={isOther} data-empty={due.length === 0}>
      <a
        class="plan-date"
        data-day={day}
        href={href}
        tabIndex={isStop ? 0 : -1}
        aria-current={day === today ? 'date' : undefined}
      >
        <span>{Number(day.slice(8))}</span>
        <span class="plan-weekday">{t(`roster.weekday.${weekdayOf(day) as 1}`)}</span>
        <span class="hidden">{t('plan.day', { day: format.date(noonOf(day)), n: due.length })}</span>
      </a>
      <ul>
        {some.map((one) => {
          const template = templates.get(one.template);
          return (
            template !== undefined && <Entry key={one.id} due={one} template={template} people={people} />
          );
        })}
      </ul>
      {due.length > some.length && <a href={href}>{t('plan.more', { n: due.length - some.length })}</a>}
    </li>
  );
}

interface SpanProps {
  readonly shown: Shown;
  readonly days: readonly string[];
  readonly body: DueBody;
}

/** The days of a week or month; arrow keys go from one to the next, also out of the span. */
function Span({ shown, days, body }: SpanProps) {
  const { router } = useApp();
  const { t } = useText();
  const grid = useRef<HTMLOListElement>(null);
  const wanted = useSignal<string | undefined>(undefined);
  const templates = new Map(body.templates.map((template) => [template.id, template]));
  const byDay = Map.groupBy(body.due, ({ day }) => day);
  const stop = wanted.value !== undefined && days.includes(wanted.value) ? wanted.value : shown.day;
  const first = days[0];
  useEffect(() => {
    if (wanted.value === undefined) return;
    const link = grid.current?.querySelector(`[data-day="${wanted.value}"]`);
    if (link instanceof HTMLElement) link.focus();
  }, [wanted.value, first]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = event.target instanceof HTMLElement ? event.target.dataset['day'] : undefined;
    const to = from === undefined ? undefined : dayByKey(shown.view, from, event.key);
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    wanted.value = to;
    if (!days.includes(to)) router.replace(addressOf({ ...shown, day: to }));
  };
  return (
    <>
      <p class="hidden" id="plan-keys">
        {t('plan.keys')}
      </p>
      <ol
        ref={grid}
        class="plan-days"
        data-view={shown.view}
        aria-describedby="plan-keys"
        onKeyDown={onKeyDown}
      >
        {days.map((day) => (
          <Day
            key={day}
            shown={shown}
            day={day}
            due={byDay.get(day) ?? []}
            templates={templates}
            people={body.people}
            isStop={day === stop}
          />
        ))}
      </ol>
    </>
  );
}

/** What is due for whom: by day, week or month. */
export function RoundPlanPage({ route, account }: { readonly route: PlanRoute; readonly account: Account }) {
  const { api } = useApp();
  const { t } = useText();
  const today = useToday();
  const shown: Shown = { view: route.view ?? 'week', day: route.from ?? today, person: route.person ?? '' };
  const days = daysOfPlan(shown.view, shown.day);
  const { fromMs, toMs } = rangeOfDays(days);
  const key = `${fromMs} ${toMs}`;
  const { body, refusal, read } = useAsked(() => api.roundsDue(fromMs, toMs), key);
  if (body === undefined)
    return refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={() => void read()} />;
  const due = body.due.filter((one) => days.includes(one.day));
  const own = { ...body, due: due.filter((one) => isFor(one, shown.person)) };
  const people = { [account.name]: account.displayName, ...body.people };
  const names = [...new Set([account.name, ...peopleOf(due), shown.person])]
    .filter((name) => name !== '' && name !== WATCH)
    .toSorted();
  return (
    <div class="page rounds">
      <Head shown={shown} names={names} people={people} />
      {shown.view === 'day' ? (
        <section class="panel" aria-label={t('rounds.due')}>
          {own.due.length === 0 && <Empty title={t('plan.none')} />}
          <DueList body={own} account={account} onActed={() => void read()} />
        </section>
      ) : (
        <Span shown={shown} days={days} body={own} />
      )}
    </div>
  );
}
