import type { ChaseRecord } from '../../config/model/chase.ts';
import { useApp, useText } from '../app.ts';

/** Who was told, as what, and when; and what was answered. */
export function ChaseTrail({ record }: { readonly record: ChaseRecord }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const { chased, answer, endedAtMs } = record;
  const at = (atMs: number): string => format.instant(atMs, nowMs.value);
  return (
    <ol class="chase-trail">
      {chased.map(({ as, to, atMs, isUnreached = false }) => {
        const told = { people: to.join(t('list.separator')), time: at(atMs) };
        if (isUnreached) return <li key={`${as} ${atMs}`}>{t(`chase.unreached.${as}`, told)}</li>;
        return (
          <li key={`${as} ${atMs}`}>
            {t(to.length === 0 ? `chase.told.${as}.settings` : `chase.told.${as}`, told)}
          </li>
        );
      })}
      {answer !== undefined && (
        <li>
          {t('chase.answer', { person: answer.person, time: at(answer.atMs) })} <q>{answer.text}</q>
        </li>
      )}
      {endedAtMs !== undefined && <li>{t('chase.ended', { time: at(endedAtMs) })}</li>}
    </ol>
  );
}
