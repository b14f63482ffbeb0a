import type { RoundYearBody, YearDay } from '../../config/model/round-api.ts';
import { useApp, useText } from '../app.ts';
import { paths } from '../data/route.ts';
import { daysOfMonth } from '../data/rounds/plan.ts';
import { RESULT_SIGNS, signOf, STATE_SIGNS } from '../data/rounds/words.ts';
import { useAsked } from '../parts/asked.ts';
import { Empty, Loading, Refused } from '../parts/notice.tsx';

function YearField({ one }: { readonly one: YearDay }) {
  const { t } = useText();
  const { day, state, result, round } = one;
  const found = result === undefined ? '' : ` · ${t(`rounds.result.${result}`)}`;
  const title = `${day} ${t(`rounds.state.${state}`)}${found}`;
  return (
    <a
      class="round-year-day"
      data-state={state}
      data-result={result}
      href={round === undefined ? paths.rounds : paths.roundRecord(round)}
      aria-label={title}
      title={title}
    >
      {signOf(one)}
    </a>
  );
}

/** What the signs of the year say. */
function YearLegend() {
  const { t } = useText();
  const signs = [
    [STATE_SIGNS.done, t('rounds.state.done')],
    [STATE_SIGNS.late, t('rounds.state.late')],
    [RESULT_SIGNS.abnormal, t('rounds.result.abnormal')],
    [RESULT_SIGNS.incomplete, t('rounds.result.incomplete')],
    [STATE_SIGNS.open, t('rounds.state.open')],
    [STATE_SIGNS.overdue, t('rounds.state.overdue')],
    [STATE_SIGNS.missed, t('rounds.state.missed')],
  ] as const;
  return (
    <p class="round-year-legend">
      {t('rounds.year.legend')}:
      {signs.map(([sign, word]) => (
        <span key={word}>{`${sign} ${word}`}</span>
      ))}
    </p>
  );
}

function YearGrid({ template }: { readonly template: RoundYearBody['templates'][number] }) {
  const { words, t } = useText();
  const { name, days: due } = template;
  const counts = Map.groupBy(due, ({ state }) => state);
  const months = Map.groupBy(due, ({ day }) => day.slice(0, 7));
  return (
    <section class="panel" aria-label={words.local(name)}>
      <h2 class="panel-title">{words.local(name)}</h2>
      <p class="aside-note">
        {[...counts]
          .map(([state, all]) => t('rounds.year.count', { state: t(`rounds.state.${state}`), n: all.length }))
          .join(' · ')}
      </p>
      <ol class="round-year">
        {[...months].map(([month, days]) => (
          <li key={month}>
            <span class="round-year-month">{month}</span>
            <span class="round-year-days">
              {daysOfMonth(month).map((day) => {
                const one = days.find((each) => each.day === day);
                return one === undefined ? (
                  <span key={day} class="round-year-day" data-empty />
                ) : (
                  <YearField key={day} one={one} />
                );
              })}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Each due round of a year as one field: done, late, missed. */
export function RoundYearPage({ year: asked }: { readonly year: number | undefined }) {
  const { api, nowMs } = useApp();
  const { t } = useText();
  const year = asked ?? new Date(nowMs.peek()).getUTCFullYear();
  const { body, refusal, read } = useAsked(() => api.roundYear(year), String(year));
  if (body === undefined)
    return refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={() => void read()} />;
  return (
    <div class="page">
      <div class="page-head">
        <h1>{`${t('rounds.year')} ${year}`}</h1>
        <nav class="row-actions" aria-label={t('rounds.year')}>
          <a href={paths.roundYear(year - 1)}>{t('rounds.year.of', { year: year - 1 })}</a>
          <a href={paths.roundYear(year + 1)}>{t('rounds.year.of', { year: year + 1 })}</a>
        </nav>
      </div>
      {body.templates.length === 0 ? <Empty title={t('rounds.archive.none')} /> : <YearLegend />}
      {body.templates.map((template) => (
        <YearGrid key={template.id} template={template} />
      ))}
    </div>
  );
}
