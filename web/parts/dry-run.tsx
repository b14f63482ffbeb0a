import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
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
  | { readonly kind: 'running'; readonly cancelling: AbortController }
  | { readonly kind: 'cancelled' }
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

/** Tries a rule with an expression over some hours; a try that nobody looks at any more is taken back. */
function useDryRun({ name, forMs, keepFiringForMs, isHeldWithoutData }: RuleView) {
  const { api } = useApp();
  const tried = useSignal<Tried>({ kind: 'not_yet' });
  async function run(query: string, hours: number): Promise<void> {
    const cancelling = new AbortController();
    const running: Tried = { kind: 'running', cancelling };
    tried.value = running;
    const asked = { query, name, forMs, keepFiringForMs, isHeldWithoutData, hours };
    const answer = await api.dryRun(asked, cancelling.signal);
    // Taken back, or asked anew meanwhile.
    if (tried.value !== running) return;
    tried.value = answer.ok
      ? { kind: 'done', body: answer.body }
      : { kind: 'refused', refusal: answer.refusal };
  }
  function cancel(): void {
    if (tried.value.kind !== 'running') return;
    const { cancelling } = tried.value;
    tried.value = { kind: 'cancelled' };
    cancelling.abort();
  }
  useEffect(() => cancel, []);
  return { tried: tried.value, run, cancel };
}

function Outcome({ tried }: { readonly tried: Tried }) {
  const { t } = useText();
  switch (tried.kind) {
    case 'not_yet':
      return null;
    case 'running':
      return <p role="status">{t('rules.dry.running')}</p>;
    case 'cancelled':
      return <p role="status">{t('explore.cancelled')}</p>;
    case 'refused':
      return (
        <>
          <Refused refusal={tried.refusal} />
          <p class="explore-fault">{tried.refusal.message}</p>
        </>
      );
    case 'done':
      return <Result body={tried.body} />;
    default:
      return tried satisfies never;
  }
}

/** What a rule would have done, also with another expression than it has. */
export function DryRun({ rule }: { readonly rule: RuleView }) {
  const { t } = useText();
  const query = useSignal(rule.query);
  const hours = useSignal(1);
  const { tried: result, run: runWith, cancel } = useDryRun(rule);
  const run = (): void => void runWith(query.value, hours.value);
  return (
    <section class="dry-run" aria-label={t('rules.dry.title')}>
      <h3>{t('rules.dry.title')}</h3>
      <PromqlEditor
        text={rule.query}
        onChange={(text) => (query.value = text)}
        onRun={run}
        fault={result.kind === 'refused' ? result.refusal.message : undefined}
      />
      <div class="explore-controls">
        <button type="button" class="button button-main" onClick={result.kind === 'running' ? cancel : run}>
          {t(result.kind === 'running' ? 'explore.cancel' : 'rules.dry.run')}
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
      <Outcome tried={result} />
    </section>
  );
}
