import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { mayCall } from '../../../config/model/access.ts';
import type { SilenceView } from '../../../config/model/api.ts';
import { useApp, useText } from '../../app.ts';
import { paths } from '../../data/route.ts';
import { endsSoon } from '../../data/silences.ts';

const EACH_MS = 60_000;

/** Tells at the page that silences end soon, or have had nothing to keep for hours. */
export function SilenceReminder() {
  const { api, keeper, nowMs } = useApp();
  const { t, format } = useText();
  const silences = useSignal<readonly SilenceView[]>([]);
  const session = keeper.session.value;
  const isAllowed = session.kind === 'signed-in' && mayCall(session.account.roles, 'GET /api/silences');
  const minute = Math.floor(nowMs.value / EACH_MS);
  useEffect(() => {
    if (!isAllowed) return;
    void (async () => {
      const answer = await api.silences();
      if (answer.ok) silences.value = answer.body.silences;
    })();
  }, [minute, isAllowed]);
  const soon = silences.value.filter((silence) => endsSoon(silence, nowMs.value));
  const idle = silences.value.filter(({ isIdle }) => isIdle);
  if (soon.length + idle.length === 0) return null;
  return (
    <ul class="silence-reminder" role="status">
      {soon.map(({ id, owner, reason, endsAtMs }) => (
        <li key={id}>
          <a href={paths.silences}>
            {t('silence.ends_soon', { owner, reason, time: format.time(endsAtMs) })}
          </a>
        </li>
      ))}
      {idle.map(({ id, owner, reason }) => (
        <li key={id}>
          <a href={paths.silences}>{t('silence.proposes', { owner, reason })}</a>
        </li>
      ))}
    </ul>
  );
}
