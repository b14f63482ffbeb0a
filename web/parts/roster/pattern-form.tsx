import { useSignal } from '@preact/signals';
import type { Rota } from '../../../config/model/roster.ts';
import { useText } from '../../app.ts';
import { groupsIn, groupsText } from '../../data/roster.ts';
import type { PatternDraft, ShiftDraft } from '../../data/roster-draft.ts';
import { RotaFields, type RotaText } from './rota-fields.tsx';
import { ShiftFields } from './shift-fields.tsx';
import { Labelled } from './labelled.tsx';

const NEW_SHIFT: ShiftDraft = {
  name: '',
  startsAt: '08:00',
  endsAt: '20:00',
  days: 'every',
  isOnCall: false,
};
const newRota = (shifts: number): RotaText => ({
  post: 'operator',
  text: '',
  unit: 'day',
  every: 1,
  offsets: Array.from({ length: shifts }, () => 0),
});

const written = ({ groups, ...rota }: Rota): RotaText => ({ ...rota, text: groupsText(groups) });

/** A list without one of its members, and a list with one changed. */
const without = <T,>(list: readonly T[], index: number): readonly T[] => list.filter((_, at) => at !== index);
const replaced = <T,>(list: readonly T[], index: number, value: T): readonly T[] =>
  list.map((each, at) => (at === index ? value : each));

/** The pattern as the form has it now, and what changes it. */
function useDraft(draft: PatternDraft) {
  const head = useSignal(draft);
  const shifts = useSignal<readonly ShiftDraft[]>(draft.shifts);
  const rotas = useSignal<readonly RotaText[]>(draft.rotas.map(written));
  return {
    head,
    shifts,
    rotas,
    set(change: Partial<PatternDraft>): void {
      head.value = { ...head.peek(), ...change };
    },
    removeShift(index: number): void {
      shifts.value = without(shifts.peek(), index);
      rotas.value = rotas.peek().map((rota) => ({ ...rota, offsets: without(rota.offsets, index) }));
    },
    addShift(): void {
      shifts.value = [...shifts.peek(), NEW_SHIFT];
      rotas.value = rotas.peek().map((rota) => ({ ...rota, offsets: [...rota.offsets, null] }));
    },
    /** As the command takes it. */
    input(): object {
      const { id, name, isTemporary, fromDay, toDay } = head.peek();
      return {
        ...(id === undefined ? {} : { id }),
        name,
        isTemporary,
        fromDay,
        ...(toDay === undefined || toDay === '' ? {} : { toDay }),
        shifts: shifts.peek(),
        rotas: rotas
          .peek()
          .map(({ text, ...rota }) => ({ ...rota, groups: groupsIn(text) }))
          .filter(({ groups }) => groups.length > 0),
      };
    },
  };
}

function HeadFields({ form }: { readonly form: ReturnType<typeof useDraft> }) {
  const { t } = useText();
  const { name, fromDay, toDay, isTemporary } = form.head.value;
  return (
    <>
      <div class="form-row">
        <Labelled label={t('roster.pattern.name')}>
          <input
            type="text"
            value={name}
            onInput={(event) => form.set({ name: event.currentTarget.value })}
          />
        </Labelled>
        <Labelled label={t('roster.pattern.from')}>
          <input
            type="date"
            value={fromDay}
            onInput={(event) => form.set({ fromDay: event.currentTarget.value })}
          />
        </Labelled>
        <Labelled label={t('roster.pattern.to')}>
          <input
            type="date"
            value={toDay ?? ''}
            onInput={(event) => form.set({ toDay: event.currentTarget.value })}
          />
        </Labelled>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={isTemporary}
          onChange={(event) => form.set({ isTemporary: event.currentTarget.checked })}
        />
        {t('roster.pattern.temporary')}
      </label>
    </>
  );
}

/** Makes or changes a pattern: its days, its shifts, and who takes turns at which post. */
export function PatternForm({
  draft,
  onSubmit,
}: {
  readonly draft: PatternDraft;
  readonly onSubmit: (input: object) => void;
}) {
  const { t } = useText();
  const form = useDraft(draft);
  const { shifts, rotas } = form;
  const submit = (event: Event): void => {
    event.preventDefault();
    onSubmit(form.input());
  };
  return (
    <form class="form pattern-form" onSubmit={submit} noValidate>
      <HeadFields form={form} />
      {shifts.value.map((shift, index) => (
        <ShiftFields
          key={index}
          shift={shift}
          onChange={(next) => (shifts.value = replaced(shifts.peek(), index, next))}
          onRemove={shifts.value.length > 1 ? () => form.removeShift(index) : undefined}
        />
      ))}
      <button type="button" class="button" onClick={() => form.addShift()}>
        {t('roster.shift.add')}
      </button>
      {rotas.value.map((rota, index) => (
        <RotaFields
          key={index}
          rota={rota}
          shifts={shifts.value.map(({ name }) => name)}
          onChange={(next) => (rotas.value = replaced(rotas.peek(), index, next))}
          onRemove={() => (rotas.value = without(rotas.peek(), index))}
        />
      ))}
      <button
        type="button"
        class="button"
        onClick={() => (rotas.value = [...rotas.peek(), newRota(shifts.peek().length)])}
      >
        {t('roster.rota.add')}
      </button>
      <button type="submit" class="button button-main">
        {t('roster.look')}
      </button>
    </form>
  );
}
