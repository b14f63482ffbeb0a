import { holdsOneOf } from '../../../config/model/access.ts';
import { useText } from '../../app.ts';
import { Ask, type PartProps } from './actions.tsx';
import { useAsks } from './use-asks.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How often the watch is called and the call tree tried (查岗); leaders and the system administrator change it. */
export function Calls({ board, account, onAsk }: PartProps) {
  const { t } = useText();
  const asks = useAsks();
  const { perEightHours: times, answerMs, callEachMs } = board.probePlan;
  const plan = { times, minutes: answerMs / MINUTE_MS, days: callEachMs / DAY_MS };
  const mayChange = board.leaders.includes(account.name) || holdsOneOf(account.roles, ['sysAdmin']);
  return (
    <section aria-label={t('watch.calls')} data-calls={times}>
      <h2>{t('watch.calls')}</h2>
      <p>{t('effect.watch_probe_plan', { times, n: plan.minutes, days: plan.days })}</p>
      {mayChange && (
        <p class="watch-actions">
          <Ask asked={asks.calls(plan)} label={t('watch.calls.change')} onAsk={onAsk} />
        </p>
      )}
    </section>
  );
}
