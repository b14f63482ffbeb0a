import type { RosterFault } from '../../../config/model/roster.ts';
import { useText } from '../../app.ts';
import { faultsAt, noonOf, slotKey, type Slot } from '../../data/roster.ts';

export interface SlotHandlers {
  readonly called: (name: string) => string;
  readonly faults: readonly RosterFault[];
  /** May change the plan. */
  readonly mayPlan: boolean;
  readonly current: string | undefined;
  readonly picked: string | undefined;
  readonly onKey: (slot: Slot, event: KeyboardEvent) => void;
  readonly onOpen: (slot: Slot) => void;
  readonly onFocus: (slot: Slot) => void;
  readonly onDrop: (from: string, to: Slot) => void;
}

const DRAGGED = 'application/x-watchkeeper-slot';

/** One place of the grid: a post of a shift, who keeps it, and in words what is wrong with that. */
export function SlotButton({ slot, handlers }: { readonly slot: Slot; readonly handlers: SlotHandlers }) {
  const { t, format } = useText();
  const { shift, post } = slot;
  const { called, mayPlan } = handlers;
  const key = slotKey(slot);
  const names = shift.posts[post];
  const faults = faultsAt(handlers.faults, slot);
  const marks = [...new Set(faults.map(({ kind }) => kind))];
  return (
    <button
      type="button"
      class="slot"
      data-slot={key}
      data-post={post}
      data-empty={names.length === 0}
      data-fault={marks[0] ?? ''}
      data-picked={handlers.picked === key}
      data-changed={shift.changed.includes(post)}
      tabIndex={handlers.current === key ? 0 : -1}
      aria-disabled={!mayPlan}
      draggable={mayPlan}
      onFocus={() => handlers.onFocus(slot)}
      onClick={() => handlers.onOpen(slot)}
      onKeyDown={(event) => handlers.onKey(slot, event)}
      onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, key)}
      onDragOver={(event) => {
        if (mayPlan && event.dataTransfer?.types.includes(DRAGGED) === true) event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        handlers.onDrop(event.dataTransfer?.getData(DRAGGED) ?? '', slot);
      }}
    >
      {/* Day and shift stand around it; whoever hears the button alone is told them. */}
      <span class="hidden">{`${format.date(noonOf(shift.day))}, ${shift.name}, `}</span>
      <span class="slot-post">{t(`roster.post.${post}`)}</span>{' '}
      <span class="slot-who">
        {names.length === 0 ? t('roster.nobody') : names.map(called).join('、')}{' '}
        {shift.changed.includes(post) && <span class="slot-note">{t('roster.changed')}</span>}
        {post === 'operator' && shift.steppedIn.length > 0 && (
          <span class="slot-note"> {t('roster.stepped_in')}</span>
        )}
        {marks.map((mark) => (
          <strong key={mark} class="slot-mark" data-mark={mark}>
            {' '}
            <span aria-hidden="true">⚠</span> {t(`roster.mark.${mark}`)}
          </strong>
        ))}
      </span>
    </button>
  );
}
