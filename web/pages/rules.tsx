import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { isActive } from '../../config/model/alert.ts';
import type { RuleGroupView, RuleView } from '../../config/model/rules-api.ts';
import type { Site } from '../../config/model/site.ts';
import { useApp, useText } from '../app.ts';
import { costText, foundRules, RULE_FILTERS, templateText, type RuleFilter } from '../data/rules.ts';
import { AlertList } from '../parts/alert-list.tsx';
import { DryRun } from '../parts/dry-run.tsx';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { useRefreshed } from '../parts/refreshed.ts';
import { SignMark } from '../parts/sign-mark.tsx';

/** The rules as they are now; read anew while one looks at them. */
function useRules() {
  const { api } = useApp();
  return useRefreshed(() => api.rules());
}

function StateMark({ rule }: { readonly rule: RuleView }) {
  const { t } = useText();
  const { state, health, severity } = rule;
  const isFiring = state === 'firing' || state === 'held';
  const sign = isFiring ? (severity ?? 'minor') : health === 'failed' ? 'unknown' : undefined;
  return (
    <span class="signed rule-state" data-state={state}>
      {sign !== undefined && <SignMark sign={sign} isHeld={state === 'held'} />}
      {health === 'failed' || health === 'unknown' ? t(`rules.health.${health}`) : t(`rules.state.${state}`)}
    </span>
  );
}

function factsOf(rule: RuleView, { t, words, format }: ReturnType<typeof useText>, nowMs: number) {
  const { forMs, keepFiringForMs, lastEvaluatedAtMs, durationMs, timeToAct } = rule;
  const facts: (readonly [string, string | undefined])[] = [
    [t('alerts.response'), templateText(words.local(rule.response))],
    [t('alerts.consequence'), templateText(words.local(rule.consequence))],
    [t('rules.time_to_act'), timeToAct],
    [t('rules.for'), forMs === 0 ? undefined : format.duration(forMs)],
    [t('rules.keep_firing_for'), keepFiringForMs === 0 ? undefined : format.duration(keepFiringForMs)],
    [
      t('rules.no_data'),
      rule.kind === 'alert'
        ? t(rule.isHeldWithoutData ? 'rules.no_data.held' : 'rules.no_data.resolved')
        : undefined,
    ],
    [
      t('rules.evaluated'),
      lastEvaluatedAtMs === undefined ? undefined : format.instant(lastEvaluatedAtMs, nowMs),
    ],
    [t('rules.cost'), durationMs === undefined ? undefined : costText(durationMs)],
  ];
  return facts.filter(([, text]) => text !== undefined && text !== '');
}

function RuleBody({ rule, site }: { readonly rule: RuleView; readonly site: Site }) {
  const { live, nowMs } = useApp();
  const text = useText();
  const alerts = live.alerts.value.filter((alert) => alert.rule === rule.id && isActive(alert));
  return (
    <div class="rule-body">
      <pre class="rule-query">
        <code>{rule.query}</code>
      </pre>
      {rule.lastError !== undefined && (
        <p class="rule-error">{`${text.t('rules.error')}: ${rule.lastError}`}</p>
      )}
      <dl class="rule-facts">
        {factsOf(rule, text, nowMs.value).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {alerts.length > 0 && (
        <section aria-label={text.t('rules.active')}>
          <h3>{text.t('rules.active')}</h3>
          <AlertList site={site} alerts={alerts} />
        </section>
      )}
      {rule.kind === 'alert' && <DryRun rule={rule} />}
    </div>
  );
}

interface RuleProps {
  readonly rule: RuleView;
  readonly site: Site;
  /** The address names it. */
  readonly isNamed: boolean;
}

function Rule({ rule, site, isNamed }: RuleProps) {
  const { words, t } = useText();
  const element = useRef<HTMLDetailsElement>(null);
  const isOpen = useSignal(isNamed);
  useEffect(() => {
    if (!isNamed) return;
    isOpen.value = true;
    element.current?.scrollIntoView({ block: 'center' });
  }, [isNamed]);
  const summary = rule.kind === 'record' ? t('rules.kind.record') : templateText(words.local(rule.summary));
  return (
    <details
      class="rule"
      ref={element}
      data-rule={rule.name}
      open={isOpen.value}
      onToggle={(event) => (isOpen.value = event.currentTarget.open)}
    >
      <summary class="rule-head">
        <StateMark rule={rule} />
        <span class="rule-title">
          <span class="rule-summary">{summary}</span>
          <span class="rule-name">{rule.name}</span>
        </span>
        {rule.durationMs !== undefined && <span class="rule-cost">{costText(rule.durationMs)}</span>}
      </summary>
      {isOpen.value && <RuleBody rule={rule} site={site} />}
    </details>
  );
}

function Group({ group, site, named }: { group: RuleGroupView; site: Site; named: string | undefined }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const { file, name, intervalMs, lastEvaluatedAtMs, durationMs = 0 } = group;
  const interval = format.duration(intervalMs);
  return (
    <section class="panel" aria-label={name}>
      <h2 class="panel-title">
        {name}
        <span class="panel-count">
          {lastEvaluatedAtMs === undefined
            ? t('rules.group.new', { file, interval })
            : t('rules.group', {
                file,
                interval,
                time: format.instant(lastEvaluatedAtMs, nowMs.value),
                cost: costText(durationMs),
              })}
        </span>
      </h2>
      {group.rules.map((rule) => (
        <Rule key={rule.id} rule={rule} site={site} isNamed={rule.id === named} />
      ))}
    </section>
  );
}

function Faults({ faults }: { readonly faults: readonly string[] }) {
  const { t } = useText();
  if (faults.length === 0) return null;
  return (
    <div class="notice" role="alert">
      <p class="notice-title">{t('rules.faults')}</p>
      <ul>
        {faults.map((fault) => (
          <li key={fault} class="explore-fault">
            {fault}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Every rule in force: where it stands, when it was judged and at what cost, and what it would have done. */
export function RulesPage({ site, rule: named }: { readonly site: Site; readonly rule: string | undefined }) {
  const { words, t } = useText();
  const { body, refusal, retry } = useRules();
  const filter = useSignal<RuleFilter>('all');
  const text = useSignal('');
  const groups =
    body && foundRules(body, { filter: filter.value, text: text.value, language: words.language });
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('nav.rules')}</h1>
        <div class="chips" role="group" aria-label={t('filter.label')}>
          {RULE_FILTERS.map((name) => (
            <button
              key={name}
              type="button"
              class="chip"
              aria-pressed={filter.value === name}
              onClick={() => (filter.value = name)}
            >
              {t(`rules.filter.${name}`)}
            </button>
          ))}
        </div>
        <label class="explore-field">
          <span class="hidden">{t('rules.search')}</span>
          <input
            type="search"
            placeholder={t('rules.search')}
            value={text.value}
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        </label>
      </div>
      {refusal !== undefined && <Refused refusal={refusal} onRetry={retry} />}
      {body === undefined && refusal === undefined && <Loading />}
      {body !== undefined && <Faults faults={body.faults} />}
      {groups?.length === 0 && <Empty title={t('rules.none')} />}
      {groups?.map((group) => (
        <Group key={`${group.file} ${group.name}`} group={group} site={site} named={named} />
      ))}
    </div>
  );
}
