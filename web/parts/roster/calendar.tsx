import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { CalendarDay, PlannedShift } from '../../../config/model/roster.ts';
import type { RosterBody } from '../../../config/model/roster-api.ts';
import type { WatchPost } from '../../../config/model/watch.ts';
import { useApp, useText } from '../../app.ts';
import {
  exchanged,
  noonOf,
  postsShown,
  slotBeside,
  slotKey,
  weekdayOf,
  type Slot,
} from '../../data/roster.ts';
import { SlotButton, type SlotHandlers } from './slot-button.tsx';

export interface Change {
  readonly shift: string;
  readonly post: WatchPost;
  readonly names: readonly string[] | null;
}

interface CalendarProps {
  readonly body: RosterBody;
  readonly called: (name: string) => string;
  /** The day whose month is shown; the others are beside it. */
  readonly month: string;
  readonly today: string;
  readonly mayPlan: boolean;
  readonly onEdit: (slot: Slot) => void;
  readonly onChange: (changes: readonly Change[]) => void;
}

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const ARROWS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'] as const;

/** What a place is called. */
function useLabel(called: (name: string) => string): (slot: Slot) => string {
  const { t, format } = useText();
  return ({ shift, post }) =>
    t('roster.slot', {
      day: format.date(noonOf(shift.day)),
      shift: shift.name,
      post: t(`roster.post.${post}`),
      names: shift.posts[post].map(called).join('、') || t('roster.nobody'),
    });
}

/** The one place that Tab leads to: where one was last, else the first. */
function presentOf(slots: readonly Slot[], last: string | undefined): string | undefined {
  const [first] = slots;
  if (last !== undefined && slots.some((slot) => slotKey(slot) === last)) return last;
  return first && slotKey(first);
}

function focusSlot(grid: HTMLElement | null, slot: Slot): void {
  const button = grid?.querySelector(`[data-slot="${slotKey(slot)}"]`);
  if (button instanceof HTMLElement) button.focus();
}

/** Moves over the grid by keys, and exchanges two places by keys or by drag. */
function useGrid({ body, called, mayPlan, onEdit, onChange }: CalendarProps, slots: readonly Slot[]) {
  const { t } = useText();
  const grid = useRef<HTMLDivElement>(null);
  const current = useSignal<string | undefined>(undefined);
  const picked = useSignal<Slot | undefined>(undefined);
  const said = useSignal('');
  const label = useLabel(called);
  const exchange = (one: Slot, other: Slot): void => {
    picked.value = undefined;
    said.value = '';
    if (slotKey(one) !== slotKey(other)) onChange(exchanged(one, other));
  };
  /** What the keys do that are no arrows; whether one of them was meant. */
  const keys: Readonly<Record<string, (slot: Slot) => boolean>> = {
    escape: () => {
      if (picked.value === undefined) return false;
      picked.value = undefined;
      said.value = t('roster.put_down');
      return true;
    },
    x: (slot) => {
      if (mayPlan) picked.value = slot;
      if (mayPlan) said.value = t('roster.picked', { names: label(slot) });
      return mayPlan;
    },
    v: (slot) => {
      if (picked.value !== undefined) exchange(picked.value, slot);
      return mayPlan;
    },
  };
  const onKey = (slot: Slot, event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS.find((each) => each === event.key);
    if (arrow !== undefined) focusSlot(grid.current, slotBeside(slots, slot, arrow));
    else if (keys[event.key.toLowerCase()]?.(slot) !== true) return;
    event.preventDefault();
  };
  const handlers: SlotHandlers = {
    called,
    faults: body.faults,
    mayPlan,
    current: presentOf(slots, current.value),
    picked: picked.value && slotKey(picked.value),
    onKey,
    onOpen: (slot) => {
      if (mayPlan) onEdit(slot);
    },
    onFocus: (slot) => {
      current.value = slotKey(slot);
    },
    onDrop: (from, to) => {
      const one = slots.find((slot) => slotKey(slot) === from);
      if (one !== undefined && mayPlan) exchange(one, to);
    },
  };
  return { grid, handlers, said };
}

interface DayProps {
  readonly day: CalendarDay;
  readonly shifts: readonly PlannedShift[];
  readonly posts: readonly WatchPost[];
  readonly gaps: readonly string[];
  readonly handlers: SlotHandlers;
  readonly isToday: boolean;
  readonly isBeside: boolean;
}

function Day({ day, shifts, posts, gaps, handlers, isToday, isBeside }: DayProps) {
  const { words, t, format } = useText();
  const number = Number(day.day.slice(8));
  return (
    <li
      class="roster-day"
      data-day={day.day}
      data-kind={day.kind}
      data-today={isToday}
      data-beside={isBeside}
      aria-label={format.date(noonOf(day.day))}
    >
      <h3 class="roster-date">
        <span class="roster-weekday">{t(`roster.weekday.${weekdayOf(day.day) as 1}`)}</span> {number}
        {day.holiday !== undefined && <span class="roster-holiday">{words.local(day.holiday)}</span>}
        {day.isShifted && <span class="roster-holiday">{t('roster.holiday_work')}</span>}
      </h3>
      {gaps.map((text) => (
        <p key={text} class="roster-gap">
          <span aria-hidden="true">⚠</span> {text}
        </p>
      ))}
      {shifts.map((shift) => (
        <section key={shift.id} class="roster-shift" data-shift={shift.id}>
          <h4>
            {shift.name}{' '}
            <span class="roster-hours">
              {format.minute(shift.startsAtMs)}–{format.minute(shift.endsAtMs)}
            </span>
            {shift.isOnCall && <span class="slot-note">{t('roster.on_call')}</span>}
          </h4>
          {posts.map((post) => (
            <SlotButton key={post} slot={{ shift, post }} handlers={handlers} />
          ))}
          {shift.away.length > 0 && (
            <p class="slot-note">{t('roster.away', { names: shift.away.map(handlers.called).join('、') })}</p>
          )}
        </section>
      ))}
    </li>
  );
}

/** The gaps that no shift has a place for, on the day on which they begin. */
function bareGaps(
  body: RosterBody,
  text: (fromMs: number, toMs: number) => string,
  dayOf: (atMs: number) => string,
) {
  const found = new Map<string, string[]>();
  for (const fault of body.faults) {
    if (fault.kind !== 'gap' || fault.shift !== undefined) continue;
    const day = dayOf(fault.fromMs);
    found.set(day, [...(found.get(day) ?? []), text(fault.fromMs, fault.toMs)]);
  }
  return found;
}

/** The plan as a calendar: days in weeks, shifts in days, posts in shifts. */
export function RosterCalendar(props: CalendarProps) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const { body, month, today, mayPlan } = props;
  const shifts = body.shifts.filter(({ day }) => day >= (body.days[0]?.day ?? ''));
  const posts = postsShown(shifts);
  const slots = shifts.flatMap((shift) => posts.map((post): Slot => ({ shift, post })));
  const { grid, handlers, said } = useGrid(props, slots);
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: body.timeZone });
  const gaps = bareGaps(
    body,
    (fromMs, toMs) =>
      t('roster.fault.gap', {
        from: format.instant(fromMs, nowMs.value),
        to: format.instant(toMs, nowMs.value),
      }),
    (atMs) => clock.format(atMs),
  );
  // What is shown moves with the week; the focus must not be lost with it.
  useEffect(() => () => void (said.value = ''), [body.days[0]?.day]);
  return (
    <div ref={grid} class="roster-grid" role="group" aria-label={t('roster.title')}>
      {mayPlan && <p class="roster-keys">{t('roster.keys')}</p>}
      <p class="roster-said" role="status">
        {said.value}
      </p>
      <ul class="roster-weekdays" aria-hidden="true">
        {WEEKDAYS.map((weekday) => (
          <li key={weekday}>{t(`roster.weekday.${weekday}`)}</li>
        ))}
      </ul>
      <ol class="roster-days">
        {body.days.map((day) => (
          <Day
            key={day.day}
            day={day}
            shifts={shifts.filter((shift) => shift.day === day.day)}
            posts={posts}
            gaps={gaps.get(day.day) ?? []}
            handlers={handlers}
            isToday={day.day === today}
            isBeside={!day.day.startsWith(month.slice(0, 7))}
          />
        ))}
      </ol>
    </div>
  );
}
