import { useSignal } from '@preact/signals';
import type { DeviceDebugBody } from '../../config/model/api.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import { Icon } from './icon.tsx';
import { Loading, Refused } from './notice.tsx';

type Loaded =
  | { readonly kind: 'closed' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'ready'; readonly body: DeviceDebugBody };

function Exchanges({ body }: { readonly body: DeviceDebugBody }) {
  const { t, format } = useText();
  const { profiles, exchanges, pace } = body;
  return (
    <>
      <p>
        <span class="muted">{t('debug.profiles')} </span>
        <span class="code">{profiles.length === 0 ? t('debug.profiles.none') : profiles.join(', ')}</span>
      </p>
      {pace !== undefined && (
        <p>
          <span class="muted">{t('debug.pace')} </span>
          {t(`debug.pace.${pace.lane}`)}
          {pace.atOnce > 1 && ` · ${t('debug.pace.at_once', { n: pace.atOnce })}`}
          {pace.pausedUntilMs !== undefined &&
            ` · ${t('debug.pace.paused', { time: format.time(pace.pausedUntilMs) })}`}
        </p>
      )}
      {exchanges.length === 0 ? (
        <p>{t('debug.exchanges.none')}</p>
      ) : (
        <table class="table">
          <caption class="hidden">{t('debug.exchanges')}</caption>
          <thead>
            <tr>
              {(['time', 'request', 'outcome', 'duration'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`debug.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {exchanges.map(({ atMs, request, outcome, durationMs }) => (
              <tr key={`${atMs} ${request}`}>
                <td data-label={t('debug.time')}>{format.time(atMs)}</td>
                <td data-label={t('debug.request')} class="code">
                  {request}
                </td>
                <td data-label={t('debug.outcome')} class="code">
                  {outcome}
                </td>
                <td data-label={t('debug.duration')}>{`${format.number(Math.round(durationMs))} ms`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** What the agent and the device said to each other last; asked for when somebody opens it. */
export function DebugView({ device }: { readonly device: string }) {
  const { api } = useApp();
  const { t } = useText();
  const loaded = useSignal<Loaded>({ kind: 'closed' });

  async function load(): Promise<void> {
    if (loaded.peek().kind !== 'ready') loaded.value = { kind: 'loading' };
    const answer = await api.debug(device);
    loaded.value = answer.ok
      ? { kind: 'ready', body: answer.body }
      : { kind: 'refused', refusal: answer.refusal };
  }

  const state = loaded.value;
  return (
    <details
      class="panel debug"
      onToggle={(event) => {
        if (event.currentTarget.open) void load();
      }}
    >
      <summary>
        <h2>{t('debug.title')}</h2>
      </summary>
      <div class="debug-body">
        {state.kind === 'loading' && <Loading />}
        {state.kind === 'refused' && <Refused refusal={state.refusal} onRetry={() => void load()} />}
        {state.kind === 'ready' && (
          <>
            <button type="button" class="button" onClick={() => void load()}>
              <Icon name="refresh" />
              {t('action.refresh')}
            </button>
            <Exchanges body={state.body} />
          </>
        )}
      </div>
    </details>
  );
}
