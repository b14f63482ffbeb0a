import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { defined } from '../../config/model/defined.ts';
import { DOUBT_CODES } from '../../config/model/round-judge.ts';
import type { RoundLine, RoundsBody } from '../../config/model/round-api.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import type { MessageKey } from '../i18n/words.ts';
import { paths, type Route } from '../data/route.ts';
import { withUnit } from '../data/rounds/words.ts';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { calledIn } from '../data/colleagues.ts';

const PAGE_SIZE = 50;
const RESULTS = ['normal', 'abnormal', 'incomplete'] as const;

type Filter = Omit<Extract<Route, { readonly page: 'round-archive' }>, 'page'>;

function useLines(filter: Filter) {
  const { api } = useApp();
  const lines = useSignal<readonly RoundLine[] | undefined>(undefined);
  const names = useSignal<RoundsBody['names']>({});
  const people = useSignal<RoundsBody['people']>({});
  const hasMore = useSignal(false);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const { month, template, result, person, doubt } = filter;
  const read = async (before?: RoundLine): Promise<void> => {
    const days = month === undefined ? {} : { fromDay: `${month}-01`, toDay: `${month}-31` };
    const asked = {
      template,
      result,
      walkedBy: person,
      doubt,
      beforeMs: before?.receivedAtMs,
      beforeId: before?.id,
    };
    const answer = await api.rounds({ limit: PAGE_SIZE, ...defined(asked), ...days });
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (!answer.ok) return;
    lines.value = before === undefined ? answer.body.rounds : [...(lines.value ?? []), ...answer.body.rounds];
    names.value = answer.body.names;
    people.value = { ...people.value, ...answer.body.people };
    hasMore.value = answer.body.rounds.length === PAGE_SIZE;
  };
  useEffect(() => void read(), [month, template, result, person, doubt]);
  return {
    lines: lines.value,
    names: names.value,
    people: people.value,
    hasMore: hasMore.value,
    refusal: refusal.value,
    read,
  };
}

interface ChoiceProps {
  readonly label: MessageKey;
  readonly value: string | undefined;
  readonly options: readonly (readonly [string, string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  const { t } = useText();
  const id = useId();
  return (
    <span class="round-filter">
      <label for={id}>{t(label)}</label>
      <select id={id} onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">{t('rounds.filter.all')}</option>
        {options.map(([option, text]) => (
          <option key={option} value={option} selected={option === value}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}

/** What there is of a month as a whole. */
function MonthFiles({ month, template }: { readonly month: string; readonly template: string | undefined }) {
  const { t } = useText();
  return (
    <span class="row-actions">
      <a class="button" href={paths.roundMonth(month, template)}>
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
  );
}

function Filters({ filter, names }: { readonly filter: Filter; readonly names: RoundsBody['names'] }) {
  const { router } = useApp();
  const { words, t } = useText();
  const ids = { month: useId(), person: useId() };
  const { month, template, result, doubt, person = '' } = filter;
  const go = (change: Partial<Filter>): void => router.replace(paths.roundArchive({ ...filter, ...change }));
  return (
    <div class="round-filters">
      <span class="round-filter">
        <label for={ids.month}>{t('rounds.filter.month')}</label>
        <input
          id={ids.month}
          type="month"
          value={month ?? ''}
          onChange={(event) => go({ month: event.currentTarget.value })}
        />
      </span>
      <Choice
        label="rounds.filter.template"
        value={template}
        options={Object.entries(names).map(([id, name]) => [id, words.local(name)])}
        onChoose={(chosen) => go({ template: chosen })}
      />
      <Choice
        label="rounds.filter.result"
        value={result}
        options={RESULTS.map((one) => [one, t(`rounds.result.${one}`)])}
        onChoose={(chosen) => go({ result: chosen })}
      />
      <Choice
        label="rounds.filter.doubt"
        value={doubt}
        options={DOUBT_CODES.map((code) => [code, t(`rounds.doubt.${code}`)])}
        onChoose={(chosen) => go({ doubt: chosen })}
      />
      <span class="round-filter">
        <label for={ids.person}>{t('rounds.filter.person')}</label>
        <input
          id={ids.person}
          type="search"
          autocomplete="off"
          value={person}
          onChange={(event) => go({ person: event.currentTarget.value.trim() })}
        />
      </span>
      {month !== undefined && <MonthFiles month={month} template={template} />}
    </div>
  );
}

function Line({ line, names, people }: Pick<RoundsBody, 'names' | 'people'> & { readonly line: RoundLine }) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const name = names[line.template];
  return (
    <tr>
      <td data-label={t('rounds.column.day')}>
        <a href={paths.roundRecord(line.id)}>{line.day}</a>
      </td>
      <td data-label={t('rounds.column.round')}>{name === undefined ? line.template : words.local(name)}</td>
      <td data-label={t('rounds.column.person')}>
        <a href={paths.roundArchive({ person: line.walkedBy })}>{calledIn(people)(line.walkedBy)}</a>
      </td>
      <td data-label={t('rounds.column.result')}>
        <span class="round-result" data-result={line.result}>
          {t(`rounds.result.${line.result}`)}
        </span>
        {line.doubts > 0 && <span class="cell-note">{t('rounds.doubts', { n: line.doubts })}</span>}
        {line.differences?.map(({ item, name: itemName, unit, person, sensor }) => (
          <span key={item} class="cell-note">
            {t('rounds.difference', {
              item: words.local(itemName),
              person: withUnit(person, unit),
              sensor: withUnit(sensor, unit),
            })}
          </span>
        ))}
        {line.isReviewed && <span class="cell-note">{t('rounds.reviewed')}</span>}
      </td>
      <td data-label={t('rounds.column.received')}>{format.instant(line.receivedAtMs, nowMs.value)}</td>
    </tr>
  );
}

/** All rounds that were handed in, the newest first. */
export function RoundArchivePage({ filter }: { readonly filter: Filter }) {
  const { t } = useText();
  const { lines, names, people, hasMore, refusal, read } = useLines(filter);
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
              <Line key={line.id} line={line} names={names} people={people} />
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
