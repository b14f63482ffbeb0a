import { useApp, useText } from '../app.ts';
import { inOrder, type TargetView } from '../data/targets.ts';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { useRefreshed } from '../parts/refreshed.ts';

function useTargets() {
  const { api } = useApp();
  const { body, ...rest } = useRefreshed(() => api.targets());
  return { ...rest, targets: body && inOrder(body.data.activeTargets) };
}

function LastScrape({ target }: { readonly target: TargetView }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  if (target.health === 'unknown') return <>–</>;
  const atMs = Date.parse(target.lastScrape);
  return (
    <>
      <time dateTime={target.lastScrape} title={format.full(atMs)}>
        {format.instant(atMs, nowMs.value)}
      </time>
      <span class="cell-note">{t('targets.each', { interval: target.scrapeInterval })}</span>
    </>
  );
}

function TargetRow({ target }: { readonly target: TargetView }) {
  const { t, format } = useText();
  const { labels, scrapeUrl, health, lastError, lastScrapeDuration, lastScrapeSamples } = target;
  return (
    <tr>
      <td data-label={t('targets.state')}>
        <strong>{t(`targets.health.${health}`)}</strong>
        {lastError !== '' && <span class="cell-note">{lastError}</span>}
      </td>
      <td data-label={t('targets.target')}>
        {labels['job']} · {labels['instance']}
        <span class="cell-note code">{scrapeUrl}</span>
      </td>
      <td data-label={t('targets.last')}>
        <LastScrape target={target} />
      </td>
      <td data-label={t('targets.duration')}>{format.number(Math.round(lastScrapeDuration * 1_000))} ms</td>
      <td data-label={t('targets.samples')}>{format.number(lastScrapeSamples)}</td>
    </tr>
  );
}

/** What is scraped, and how it does: those that fail first, with what is wrong in words. */
export function TargetsPage() {
  const { t } = useText();
  const { targets, refusal, retry } = useTargets();
  if (targets === undefined)
    return refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={retry} />;
  const down = targets.filter(({ health }) => health === 'down').length;
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('nav.targets')}</h1>
      </div>
      <p>{down === 0 ? t('targets.intro') : t('targets.down', { n: down })}</p>
      {targets.length === 0 ? (
        <Empty title={t('targets.none')} />
      ) : (
        <table class="table">
          <thead>
            <tr>
              {(['state', 'target', 'last', 'duration', 'samples'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`targets.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {targets.map((target) => (
              <TargetRow key={`${target.scrapePool} ${target.scrapeUrl}`} target={target} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
