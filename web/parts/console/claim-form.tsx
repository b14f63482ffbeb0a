import { useSignal } from '@preact/signals';
import { LONGEST_CLAIM_MS } from '../../../config/model/claim.ts';
import type { AlertView } from '../../../config/model/api.ts';
import { useApp, useText } from '../../app.ts';
import type { Acts } from '../../data/acts.ts';

const MINUTE_MS = 60_000;
const MINUTES = [15, 30, 60, 120, 240, 480, LONGEST_CLAIM_MS / MINUTE_MS] as const;

interface ClaimFormProps {
  readonly alert: AlertView;
  readonly acts: Acts;
  readonly onClose: () => void;
}

/** Sees to an alert for another time than is usual, with a note, or only until it gets worse. */
export function ClaimForm({ alert, acts, onClose }: ClaimFormProps) {
  const { clock } = useApp();
  const { t } = useText();
  const note = useSignal('');
  const minutes = useSignal(30);
  const isUntilWorse = useSignal(true);
  return (
    <form
      class="console-form"
      onSubmit={(event) => {
        event.preventDefault();
        void acts.give('claim-alert', {
          fingerprint: alert.fingerprint,
          note: note.value,
          endsAtMs: clock.nowMs() + minutes.value * MINUTE_MS,
          isUntilWorse: isUntilWorse.value,
        });
        onClose();
      }}
    >
      <label>
        {t('note.text')}
        <input
          type="text"
          autofocus
          maxLength={2000}
          value={note.value}
          onInput={(event) => (note.value = event.currentTarget.value)}
        />
      </label>
      <label>
        {t('silence.for')}
        <select
          value={minutes.value}
          onChange={(event) => (minutes.value = Number(event.currentTarget.value))}
        >
          {MINUTES.map((n) => (
            <option key={n} value={n}>
              {n < 60 ? t('silence.minutes', { n }) : t('silence.hours', { n: n / 60 })}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={isUntilWorse.value}
          onChange={(event) => (isUntilWorse.value = event.currentTarget.checked)}
        />
        {t('effect.claim_until_worse')}
      </label>
      <button type="submit" class="button button-main">
        {t('act.claim')}
      </button>
    </form>
  );
}
