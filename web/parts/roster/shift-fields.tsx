import type { ShiftDays } from '../../../config/model/roster.ts';
import { useText } from '../../app.ts';
import type { ShiftDraft } from '../../data/roster-draft.ts';
import { Labelled } from './labelled.tsx';

const DAYS = ['every', 'workdays', 'restdays', 'weekdays'] as const;
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

interface ShiftFieldsProps {
  readonly shift: ShiftDraft;
  readonly onChange: (shift: ShiftDraft) => void;
  readonly onRemove: (() => void) | undefined;
}

function WeekdayChecks({
  days,
  onChange,
}: {
  readonly days: readonly number[];
  readonly onChange: (days: ShiftDays) => void;
}) {
  const { t } = useText();
  return (
    <span class="form-row">
      {WEEKDAYS.map((day) => (
        <label key={day} class="check">
          <input
            type="checkbox"
            checked={days.includes(day)}
            onChange={() => onChange(WEEKDAYS.filter((each) => (each === day) !== days.includes(each)))}
          />
          {t(`roster.weekday.${day}`)}
        </label>
      ))}
    </span>
  );
}

/** One shift of a pattern: what it is called, from when to when, on which days. */
export function ShiftFields({ shift, onChange, onRemove }: ShiftFieldsProps) {
  const { t } = useText();
  const { name, startsAt, endsAt, days, isOnCall } = shift;
  const set = (change: Partial<ShiftDraft>): void => onChange({ ...shift, ...change });
  const kind = typeof days === 'string' ? days : 'weekdays';
  return (
    <fieldset class="pattern-part">
      <legend>{t('roster.shift.name')}</legend>
      <div class="form-row">
        <Labelled label={t('roster.shift.name')}>
          <input type="text" value={name} onInput={(event) => set({ name: event.currentTarget.value })} />
        </Labelled>
        <Labelled label={t('roster.shift.from')}>
          <input
            type="time"
            value={startsAt}
            onInput={(event) => set({ startsAt: event.currentTarget.value })}
          />
        </Labelled>
        <Labelled label={t('roster.shift.to')}>
          <input type="time" value={endsAt} onInput={(event) => set({ endsAt: event.currentTarget.value })} />
        </Labelled>
        <Labelled label={t('roster.shift.days')}>
          <select
            value={kind}
            onChange={(event) => {
              const next = DAYS.find((each) => each === event.currentTarget.value) ?? 'every';
              set({ days: next === 'weekdays' ? WEEKDAYS : next });
            }}
          >
            {DAYS.map((each) => (
              <option key={each} value={each}>
                {t(`roster.days.${each}`)}
              </option>
            ))}
          </select>
        </Labelled>
      </div>
      {typeof days !== 'string' && <WeekdayChecks days={days} onChange={(next) => set({ days: next })} />}
      <div class="form-row">
        <label class="check">
          <input
            type="checkbox"
            checked={isOnCall}
            onChange={(event) => set({ isOnCall: event.currentTarget.checked })}
          />
          {t('roster.on_call')}
        </label>
        {onRemove !== undefined && (
          <button type="button" class="link-button" onClick={onRemove}>
            {t('roster.shift.remove')}
          </button>
        )}
      </div>
    </fieldset>
  );
}
