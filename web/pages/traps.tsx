import type { AgentTrapsView } from '../../config/model/api.ts';
import type { TrapSourceView } from '../../config/model/traps.ts';
import { useApp, useText } from '../app.ts';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { useRefreshed } from '../parts/refreshed.ts';

function useSources() {
  const { api } = useApp();
  return useRefreshed(() => api.traps());
}

function AgentLine({ agent: { agent, listen, fault } }: { readonly agent: AgentTrapsView }) {
  const { t } = useText();
  if (fault !== undefined) return <p class="old-note">{t('traps.deaf', { agent, fault })}</p>;
  return (
    <p>{listen === undefined ? t('traps.off', { agent }) : t('traps.listen', { agent, address: listen })}</p>
  );
}

function SourceRow({ source }: { readonly source: TrapSourceView }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const { address, refusal, count, firstAtMs, lastAtMs, oid, name } = source;
  return (
    <tr>
      <td data-label={t('traps.time')}>
        <time dateTime={new Date(lastAtMs).toISOString()} title={format.full(lastAtMs)}>
          {format.instant(lastAtMs, nowMs.value)}
        </time>
        <span class="cell-note">
          {t('traps.repeated', { n: count, time: format.instant(firstAtMs, nowMs.value) })}
        </span>
      </td>
      <td data-label={t('traps.source')} class="code">
        {address}
      </td>
      <td data-label={t('traps.trap')}>{name ?? <span class="code">{oid ?? '–'}</span>}</td>
      <td data-label={t('traps.reason')}>{t(`traps.refusal.${refusal}`)}</td>
    </tr>
  );
}

/** Who sends traps that are not obeyed: a device that the site forgot, a wrong community, or somebody who tries. */
export function TrapsPage() {
  const { t } = useText();
  const { body, refusal, retry } = useSources();
  if (body === undefined)
    return refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={retry} />;
  const sources = body.agents.flatMap(({ agent, sources: all }) => all.map((source) => ({ agent, source })));
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('traps.sources')}</h1>
      </div>
      <p>{t('traps.intro')}</p>
      {body.agents.map((agent) => (
        <AgentLine key={agent.agent} agent={agent} />
      ))}
      {sources.length === 0 ? (
        <Empty title={t('traps.none')} />
      ) : (
        <table class="table">
          <thead>
            <tr>
              {(['time', 'source', 'trap', 'reason'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`traps.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sources.map(({ agent, source }) => (
              <SourceRow key={`${agent} ${source.address}`} source={source} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
