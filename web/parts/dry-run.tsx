import { useSignal } from '@preact/signals';
import type { DryRunBody, DryRunEpisode, RuleView } from '../../config/model/rules-api.ts';
import { useApp, useText } from '../app.ts';
import { explorePath, numberText } from '../data/explore.ts';
import { labelText } from '../data/reading.ts';
import { Refused } from './notice.tsx';
import { PromqlEditor } from './promql-editor.tsx';
import type { Refusal } from '../data/api.ts';

const HOURS = [1, 2, 6, 24];

type Tried =
  | { readonly kind: 'not_yet' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly body: DryRunBody }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

function Episode({ episode }: { readonly episode: DryRunEpisode }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const { firedAtMs, endedAtMs, labels, value } = episode;
  return (
    <tr>
      <td data-label={t('rules.dry.from')}>{format.instant(firedAtMs, nowMs.value)}</td>
      <td data-label={t('rules.dry.to')}>
        {endedAtMs === undefined ? t('rules.dry.goes_on') : format.instant(endedAtMs, nowMs.value)}
      </td>
      <td data-label={t('rules.dry.on')}>{labelText(labels)}</td>
      <td data-label={t('rules.dry.value')}>{numberText(value)}</td>
    </tr>
  );
}

function Result({ body }: { readonly body: DryRunBody }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const { episodes, fired, fromMs, stepMs, stopped } = body;
  const time = format.instant(fromMs, nowMs.value);
  return (
    <div role="status">
      <p class="dry-verdict">
        {fired === 0 ? t('rules.dry.never', { time }) : t('rules.dry.fired', { n: fired, time })}{' '}
        {t('rules.dry.step', { step: format.duration(stepMs) })}
      </p>
      {stopped !== undefined && <p class="rule-error">{t('rules.dry.stopped', { reason: stopped })}</p>}
      {episodes.length > 0 && (
        <table class="table">
          <thead>
            <tr>
              {(['from', 'to', 'on', 'value'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`rules.dry.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {episodes.map((episode) => (
              <Episode key={`${episode.firedAtMs} ${labelText(episode.labels)}`} episode={episode} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

/** What a rule would have done, also with another expression than it has. */
export function DryRun({ rule }: { readonly rule: RuleView }) {
  const { api } = useApp();
  const { t } = useText();
  const query = useSignal(rule.query);
  const hours = useSignal(1);
  const tried = useSignal<Tried>({ kind: 'not_yet' });

  async function run(): Promise<void> {
    tried.value = { kind: 'running' };
    const { name, forMs, keepFiringForMs, isHeldWithoutData } = rule;
    const answer = await api.dryRun({
      query: query.value,
      name,
      forMs,
      keepFiringForMs,
      isHeldWithoutData,
      hours: hours.value,
    });
    tried.value = answer.ok
      ? { kind: 'done', body: answer.body }
      : { kind: 'refused', refusal: answer.refusal };
  }

  const result = tried.value;
  return (
    <section class="dry-run" aria-label={t('rules.dry.title')}>
      <h3>{t('rules.dry.title')}</h3>
      <PromqlEditor
        text={rule.query}
        onChange={(text) => (query.value = text)}
        onRun={() => void run()}
        fault={result.kind === 'refused' ? result.refusal.message : undefined}
      />
      <div class="explore-controls">
        <button
          type="button"
          class="button button-main"
          disabled={result.kind === 'running'}
          onClick={() => void run()}
        >
          {t(result.kind === 'running' ? 'rules.dry.running' : 'rules.dry.run')}
        </button>
        <label class="explore-field">
          <span class="hidden">{t('explore.range')}</span>
          <select value={hours.value} onChange={(event) => (hours.value = Number(event.currentTarget.value))}>
            {HOURS.map((n) => (
              <option key={n} value={n}>
                {t('rules.dry.hours', { n })}
              </option>
            ))}
          </select>
        </label>
        <a href={explorePath({ query: query.value })}>{t('rules.explore')}</a>
      </div>
      {result.kind === 'refused' && <Refused refusal={result.refusal} />}
      {result.kind === 'refused' && <p class="explore-fault">{result.refusal.message}</p>}
      {result.kind === 'done' && <Result body={result.body} />}
    </section>
  );
}
