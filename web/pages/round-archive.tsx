import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import type { RoundLine, RoundsBody, RoundYearBody, DueView } from '../../config/model/round-api.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import { paths, type Route } from '../data/route.ts';
import { useAsked } from '../parts/asked.ts';
import { Empty, Loading, Refused } from '../parts/notice.tsx';

const PAGE_SIZE = 50;
const RESULTS = ['normal', 'abnormal', 'incomplete'] as const;

type Filter = Omit<Extract<Route, { readonly page: 'round-archive' }>, 'page'>;

function useLines(filter: Filter) {
  const { api } = useApp();
  const lines = useSignal<readonly RoundLine[] | undefined>(undefined);
  const names = useSignal<RoundsBody['names']>({});
  const hasMore = useSignal(false);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const { month, template, result } = filter;
  const read = async (before?: RoundLine): Promise<void> => {
    const answer = await api.rounds({
      limit: PAGE_SIZE,
      ...(before === undefined ? {} : { beforeMs: before.receivedAtMs }),
      ...(template === undefined ? {} : { template }),
      ...(result === undefined ? {} : { result }),
      ...(month === undefined ? {} : { fromDay: `${month}-01`, toDay: `${month}-31` }),
    });
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (!answer.ok) return;
    lines.value = before === undefined ? answer.body.rounds : [...(lines.value ?? []), ...answer.body.rounds];
    names.value = answer.body.names;
    hasMore.value = answer.body.rounds.length === PAGE_SIZE;
  };
  useEffect(() => void read(), [month, template, result]);
  return { lines: lines.value, names: names.value, hasMore: hasMore.value, refusal: refusal.value, read };
}

function Filters({ filter, names }: { readonly filter: Filter; readonly names: RoundsBody['names'] }) {
  const { router } = useApp();
  const { words, t } = useText();
  const ids = { month: useId(), template: useId(), result: useId() };
  const go = (change: Partial<Filter>): void => router.replace(paths.roundArchive({ ...filter, ...change }));
  const month = filter.month;
  return (
    <div class="round-filters">
      <label for={ids.month}>{t('rounds.filter.month')}</label>
      <input
        id={ids.month}
        type="month"
        value={month ?? ''}
        onChange={(event) => go({ month: event.currentTarget.value })}
      />
      <label for={ids.template}>{t('rounds.filter.template')}</label>
      <select id={ids.template} onChange={(event) => go({ template: event.currentTarget.value })}>
        <option value="">{t('rounds.filter.all')}</option>
        {Object.entries(names).map(([id, name]) => (
          <option key={id} value={id} selected={id === filter.template}>
            {words.local(name)}
          </option>
        ))}
      </select>
      <label for={ids.result}>{t('rounds.filter.result')}</label>
      <select id={ids.result} onChange={(event) => go({ result: event.currentTarget.value })}>
        <option value="">{t('rounds.filter.all')}</option>
        {RESULTS.map((result) => (
          <option key={result} value={result} selected={result === filter.result}>
            {t(`rounds.result.${result}`)}
          </option>
        ))}
      </select>
      {month !== undefined && (
        <span class="row-actions">
          <a class="button" href={paths.roundMonth(month)}>
            {t('rounds.month')}
          </a>
          {(['xlsx', 'csv'] as const).map((format) => (
            <a
              key={format}
              class="button"
              target="_blank"
              rel="noreferrer"
              href={`/api/rounds/export?fromDay=${month}-01&toDay=${month}-31&format=${format}`}
            >
              {t(format === 'xlsx' ? 'rounds.export.excel' : 'rounds.export.csv')}
            </a>
          ))}
        </span>
      )}
    </div>
  );
}

function Line({ line, names }: { readonly line: RoundLine; readonly names: RoundsBody['names'] }) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const name = names[line.template];
  return (
    <tr>
      <td data-label={t('rounds.column.day')}>
        <a href={paths.roundRecord(line.id)}>{line.day}</a>
      </td>
      <td data-label={t('rounds.column.round')}>{name === undefined ? line.template : words.local(name)}</td>
      <td data-label={t('rounds.column.person')}>{line.walkedBy}</td>
      <td data-label={t('rounds.column.result')}>
        <span class="round-result" data-result={line.result}>
          {t(`rounds.result.${line.result}`)}
        </span>
        {line.doubts > 0 && <span class="cell-note">{t('rounds.doubts', { n: line.doubts })}</span>}
        {line.isReviewed && <span class="cell-note">{t('rounds.reviewed')}</span>}
      </td>
      <td data-label={t('rounds.column.received')}>{format.instant(line.receivedAtMs, nowMs.value)}</td>
    </tr>
  );
}

/** All rounds that were handed in, the newest first. */
export function RoundArchivePage({ filter }: { readonly filter: Filter }) {
  const { t } = useText();
  const { lines, names, hasMore, refusal, read } = useLines(filter);
  if (lines === undefined)
    return refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={() => void read()} />;
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('rounds.archive')}</h1>
      </div>
      <Filters filter={filter} names={names} />
      {lines.length === 0 ? (
        <Empty title={t('rounds.archive.none')} />
      ) : (
        <table class="table">
          <thead>
            <tr>
              {(['day', 'round', 'person', 'result', 'received'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`rounds.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Line key={line.id} line={line} names={names} />
            ))}
          </tbody>
        </table>
      )}
      {hasMore && (
        <button type="button" class="button" onClick={() => void read(lines.at(-1))}>
          {t('action.load_older')}
        </button>
      )}
    </div>
  );
}

const SIGNS: Readonly<Record<DueView['state'], string>> = {
  upcoming: '',
  open: '○',
  overdue: '!',
  missed: '×',
  done: '✓',
  late: '~',
};

function YearGrid({ body, template }: { readonly body: RoundYearBody; readonly template: string }) {
  const { words, t } = useText();
  const due = body.due.filter((one) => one.template === template);
  const name = body.templates.find(({ id }) => id === template)?.name;
  if (due.length === 0 || name === undefined) return null;
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
              {days.map((one) => (
                <a
                  key={one.id}
                  class="round-year-day"
                  data-state={one.state}
                  data-result={one.result}
                  href={one.round === undefined ? paths.rounds : paths.roundRecord(one.round)}
                  aria-label={`${one.day} ${t(`rounds.state.${one.state}`)}`}
                  title={`${one.day} ${t(`rounds.state.${one.state}`)}`}
                >
                  {SIGNS[one.state]}
                </a>
              ))}
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
      {body.due.length === 0 && <Empty title={t('rounds.archive.none')} />}
      {body.templates.map(({ id }) => (
        <YearGrid key={id} body={body} template={id} />
      ))}
    </div>
  );
}
