import { useComputed, useSignal } from '@preact/signals';
import type { ChaseRecord } from '../../config/model/chase.ts';
import { useApp, useText } from '../app.ts';
import { createActs, type Acts } from '../data/acts.ts';
import { useActor } from '../parts/console/alert-panel.tsx';
import { ChaseTrail } from '../parts/chase-trail.tsx';
import { DoneBar } from '../parts/console/done-bar.tsx';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { useRefreshed } from '../parts/refreshed.ts';

function AnswerForm({ id, acts, onDone }: { readonly id: string; readonly acts: Acts; onDone: () => void }) {
  const { t } = useText();
  const text = useSignal('');
  return (
    <form
      class="chase-answer"
      onSubmit={(event) => {
        event.preventDefault();
        void (async () => {
          if (await acts.give('answer-chase', { id, text: text.value })) {
            text.value = '';
            onDone();
          }
        })();
      }}
    >
      <label>
        <span class="hidden">{t('chase.answer.text')}</span>
        <input
          type="text"
          maxLength={1000}
          required
          placeholder={t('chase.answer.text')}
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button" disabled={text.value.trim() === ''}>
        {t('chase.answer.give')}
      </button>
    </form>
  );
}

interface ListProps {
  readonly records: readonly ChaseRecord[];
  readonly acts: Acts;
  readonly onDone: () => void;
}

function List({ records, acts, onDone }: ListProps) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const actor = useActor();
  return (
    <ul class="chases">
      {records.map((record) => (
        <li key={record.id} data-chase={record.kind}>
          <p class="chase-head">
            <strong>{t(`chase.kind.${record.kind}`)}</strong>{' '}
            <a href={record.path}>{words.local(record.title)}</a>
            <span class="cell-note">
              {t('chase.due', {
                time: format.instant(record.dueAtMs, nowMs.value),
                age: format.age(Math.max(0, (record.endedAtMs ?? nowMs.value) - record.dueAtMs)),
              })}
              {record.whose.length > 0 && ` · ${record.whose.join(t('list.separator'))}`}
            </span>
          </p>
          <ChaseTrail record={record} />
          {actor !== undefined && record.endedAtMs === undefined && (
            <AnswerForm id={record.id} acts={acts} onDone={onDone} />
          )}
        </li>
      ))}
    </ul>
  );
}

/** What is overdue, whose it is, who was told, and what they said to it. */
export function ChasesPage() {
  const { api } = useApp();
  const { t } = useText();
  const acts = useComputed(() => createActs(api)).value;
  const { body, refusal, retry } = useRefreshed(() => api.chases());
  const props = { acts, onDone: retry };
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('chase.title')}</h1>
      </div>
      {refusal !== undefined && <Refused refusal={refusal} onRetry={retry} />}
      {body === undefined && refusal === undefined && <Loading />}
      {body !== undefined && (
        <>
          <section class="panel" aria-label={t('chase.open')}>
            <h2 class="panel-title">
              {t('chase.open')}
              <span class="panel-count">{body.open.length}</span>
            </h2>
            {body.open.length === 0 ? (
              <Empty title={t('chase.none')} />
            ) : (
              <List records={body.open} {...props} />
            )}
          </section>
          {body.over.length > 0 && (
            <section class="panel" aria-label={t('chase.over')}>
              <h2 class="panel-title">{t('chase.over')}</h2>
              <List records={body.over} {...props} />
            </section>
          )}
        </>
      )}
      <DoneBar acts={acts} />
    </div>
  );
}
