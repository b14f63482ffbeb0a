import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { OwnRosterBody } from '../../../config/model/roster-api.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import { useApp, useText } from '../../app.ts';
import { slotKey, type Slot } from '../../data/roster.ts';
import type { Chosen } from '../../pages/people.tsx';
import { Dialog } from '../dialog.tsx';
import { PersonField } from './person-field.tsx';
import { Labelled } from './labelled.tsx';

/** Shifts that can be taken for it are looked for so far around. */
const AROUND_DAYS = 62;

/** What the other side keeps in the next weeks. */
function useTheirs(today: string, to: string): readonly Slot[] {
  const { api } = useApp();
  const shifts = useSignal<readonly Slot[]>([]);
  useEffect(() => {
    void api.roster(today, AROUND_DAYS).then((answer) => {
      if (!answer.ok) return;
      shifts.value = answer.body.shifts.flatMap((shift) =>
        WATCH_POSTS.map((post): Slot => ({ shift, post })),
      );
    });
  }, [today]);
  return shifts.value.filter(({ shift, post }) => shift.posts[post].includes(to));
}

/** Offers one of one's own shifts to somebody, for one of theirs or as a favour. */
export function SwapForm({
  shift,
  onChoose,
  onClose,
}: {
  readonly shift: OwnRosterBody['shifts'][number];
  readonly onChoose: (chosen: Chosen) => void;
  readonly onClose: () => void;
}) {
  const { nowMs } = useApp();
  const { t } = useText();
  const to = useSignal('');
  const takes = useSignal('');
  const reason = useSignal('');
  const today = new Date(nowMs.value).toISOString().slice(0, 10);
  const theirs = useTheirs(today, to.value.trim()).filter((slot) => slot.shift.startsAtMs > nowMs.value);
  const submit = (event: Event): void => {
    event.preventDefault();
    const taken = theirs.find((slot) => slotKey(slot) === takes.peek());
    onChoose({
      name: 'offer-swap',
      input: {
        gives: { shift: shift.id, post: shift.own[0] },
        to: to.peek().trim(),
        ...(taken === undefined ? {} : { takes: { shift: taken.shift.id, post: taken.post } }),
        reason: reason.peek(),
      },
    });
  };
  return (
    <Dialog title={t('shifts.offer.title', { shift: `${shift.day} ${shift.name}` })} onClose={onClose}>
      <form class="form" onSubmit={submit} noValidate>
        <PersonField label={t('shifts.offer.to')} value={to} />
        <Labelled label={t('shifts.offer.takes')}>
          <select value={takes} onChange={(event) => (takes.value = event.currentTarget.value)}>
            <option value="">{t('shifts.offer.nothing')}</option>
            {theirs.map((slot) => (
              <option key={slotKey(slot)} value={slotKey(slot)}>
                {`${slot.shift.day} ${slot.shift.name} · ${t(`roster.post.${slot.post}`)}`}
              </option>
            ))}
          </select>
        </Labelled>
        <Labelled label={t('shifts.offer.reason')}>
          <input type="text" value={reason} onInput={(event) => (reason.value = event.currentTarget.value)} />
        </Labelled>
        <button type="submit" class="button button-main">
          {t('roster.look')}
        </button>
      </form>
    </Dialog>
  );
}
