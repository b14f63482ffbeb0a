import { useSignal } from '@preact/signals';
import { ABSENCE_KINDS, type Absence, type AbsenceKind } from '../../../config/model/roster.ts';
import { useText } from '../../app.ts';
import type { Chosen } from '../../pages/people.tsx';
import { PersonField } from './person-field.tsx';
import type { OwnListProps } from './swap-list.tsx';
import { Labelled } from './labelled.tsx';

/** Leave, how far it has come, and what one can say to it. */
export function AbsenceList({
  absences,
  called,
  account,
  onChoose,
  isDeciding = false,
}: OwnListProps & { readonly absences: readonly Absence[] }) {
  const { t } = useText();
  return (
    <ul class="own-shifts">
      {absences.map(({ id, name, fromDay, toDay, kind, state, reason }) => (
        <li key={id} data-absence={state}>
          <span>
            {t('shifts.absence', {
              name: called(name),
              from: fromDay,
              to: toDay,
              kind: t(`shifts.absence.kind.${kind}`),
            })}
            <span class="cell-note">
              {t(`shifts.absence.${state}`)} · {reason}
            </span>
          </span>
          <span class="row-actions">
            {isDeciding &&
              (['approve', 'refuse'] as const).map((verdict) => (
                <button
                  key={verdict}
                  type="button"
                  class="button"
                  onClick={() => onChoose({ name: 'decide-absence', input: { id, verdict } })}
                >
                  {t(`shifts.${verdict}`)}
                </button>
              ))}
            {!isDeciding && name === account && (state === 'asked' || state === 'approved') && (
              <button
                type="button"
                class="button"
                onClick={() => onChoose({ name: 'withdraw-absence', input: { id } })}
              >
                {t('shifts.withdraw')}
              </button>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What the form has, as the command takes it. */
function useAbsence() {
  const whom = useSignal('');
  const kind = useSignal<AbsenceKind>('leave');
  const fromDay = useSignal('');
  const toDay = useSignal('');
  const reason = useSignal('');
  return {
    whom,
    kind,
    fromDay,
    toDay,
    reason,
    input(): object {
      const name = whom.peek().trim();
      const days = { fromDay: fromDay.peek(), toDay: toDay.peek() === '' ? fromDay.peek() : toDay.peek() };
      const input = { kind: kind.peek(), ...days, reason: reason.peek() };
      return name === '' ? input : { ...input, name };
    },
  };
}

/** Asks for leave, or records it for somebody else. */
export function AbsenceForm({
  isPlanner,
  onChoose,
}: {
  readonly isPlanner: boolean;
  readonly onChoose: (chosen: Chosen) => void;
}) {
  const { t } = useText();
  const form = useAbsence();
  const { whom, kind, fromDay, toDay, reason } = form;
  const submit = (event: Event): void => {
    event.preventDefault();
    onChoose({ name: 'ask-absence', input: form.input() });
  };
  return (
    <details class="people-form">
      <summary>{t('shifts.absence.ask')}</summary>
      <form class="form" onSubmit={submit} noValidate>
        {isPlanner && <PersonField label={t('shifts.absence.whom')} value={whom} />}
        <Labelled label={t('shifts.absence.kind')}>
          <select
            value={kind}
            onChange={({ currentTarget: { value } }) => {
              kind.value = ABSENCE_KINDS.find((each) => each === value) ?? 'leave';
            }}
          >
            {ABSENCE_KINDS.map((each) => (
              <option key={each} value={each}>
                {t(`shifts.absence.kind.${each}`)}
              </option>
            ))}
          </select>
        </Labelled>
        <div class="form-row">
          <Labelled label={t('roster.pattern.from')}>
            <input
              type="date"
              value={fromDay}
              onInput={(event) => (fromDay.value = event.currentTarget.value)}
            />
          </Labelled>
          <Labelled label={t('roster.pattern.last')}>
            <input type="date" value={toDay} onInput={(event) => (toDay.value = event.currentTarget.value)} />
          </Labelled>
        </div>
        <Labelled label={t('shifts.offer.reason')}>
          <input type="text" value={reason} onInput={(event) => (reason.value = event.currentTarget.value)} />
        </Labelled>
        <button type="submit" class="button button-main">
          {t('roster.look')}
        </button>
      </form>
    </details>
  );
}
