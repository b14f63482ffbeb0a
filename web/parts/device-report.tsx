import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { DeviceDebugBody } from '../../config/model/api.ts';
import type { TrapView } from '../../config/model/traps.ts';
import { useApp, useText } from '../app.ts';
import { paths } from '../data/route.ts';

const REFRESH_MS = 10_000;

/** What the agent knows of the device, read anew while one looks at it; nothing for who may not ask. */
function useReport(device: string): DeviceDebugBody | undefined {
  const { api } = useApp();
  const body = useSignal<DeviceDebugBody | undefined>(undefined);
  useEffect(() => {
    const read = async (): Promise<void> => {
      const answer = await api.debug(device);
      body.value = answer.ok ? answer.body : undefined;
    };
    void read();
    const timer = setInterval(() => void read(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [device]);
  return body.value;
}

function Fault({ body }: { readonly body: DeviceDebugBody }) {
  const { t } = useText();
  const { fault, lastError } = body;
  if (fault === undefined) return null;
  return (
    <section class="panel snmp-fault" aria-labelledby="snmp-fault-title">
      <h2 id="snmp-fault-title" class="panel-title">
        {t('snmp.fault')}
      </h2>
      <p>{t(`snmp.fault.${fault}`)}</p>
      {lastError !== undefined && <p class="muted">{t('snmp.fault.agent', { error: lastError })}</p>}
    </section>
  );
}

function TrapRow({ trap }: { readonly trap: TrapView }) {
  const { nowMs } = useApp();
  const { t, words, format } = useText();
  const { firstAtMs, lastAtMs, count, version, isInform, oid, name, refusal, metrics, varBinds } = trap;
  const set = metrics.map((metric) => words.metric(metric)).join(', ');
  return (
    <tr>
      <td data-label={t('traps.time')}>
        <time dateTime={new Date(lastAtMs).toISOString()} title={format.full(lastAtMs)}>
          {format.instant(lastAtMs, nowMs.value)}
        </time>
        {count > 1 && (
          <span class="cell-note">
            {t('traps.repeated', { n: count, time: format.instant(firstAtMs, nowMs.value) })}
          </span>
        )}
      </td>
      <td data-label={t('traps.trap')}>
        {name ?? <span class="code">{oid}</span>}
        <span class="cell-note">{isInform ? `v${version} · ${t('traps.inform')}` : `v${version}`}</span>
        {refusal !== undefined && <strong class="cell-note">{t(`traps.refusal.${refusal}`)}</strong>}
        {set !== '' && <span class="cell-note">{t('traps.set', { metrics: set })}</span>}
      </td>
      <td data-label={t('traps.tells')}>
        {varBinds.map((one) => (
          <span key={one.oid} class="trap-binding code">
            <span class="muted">{one.oid}</span> {one.value}
          </span>
        ))}
      </td>
    </tr>
  );
}

function DeviceTraps({ traps }: { readonly traps: readonly TrapView[] }) {
  const { t } = useText();
  if (traps.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="traps-title">
      <div class="panel-title">
        <h2 id="traps-title">
          {t('traps.of_device')} <span class="panel-count">{traps.length}</span>
        </h2>
        <a href={paths.traps}>{t('traps.sources')}</a>
      </div>
      <table class="table">
        <thead>
          <tr>
            {(['time', 'trap', 'tells'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`traps.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {traps.map((trap) => (
            <TrapRow key={`${trap.firstAtMs} ${trap.oid}`} trap={trap} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Why the device cannot be read, and what it reported by itself. */
export function DeviceReport({ device }: { readonly device: string }) {
  const body = useReport(device);
  if (body === undefined) return null;
  return (
    <>
      <Fault body={body} />
      <DeviceTraps traps={body.traps} />
    </>
  );
}
