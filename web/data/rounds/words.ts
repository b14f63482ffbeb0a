import type { DueView } from '../../../config/model/round-api.ts';
import type { RoundDoubt } from '../../../config/model/round-judge.ts';
import {
  itemsOf,
  type NumberItem,
  type RoundAnswer,
  type RoundItem,
  type RoundTemplate,
} from '../../../config/model/round.ts';
import type { Format } from '../../i18n/format.ts';
import type { Words } from '../../i18n/words.ts';
import { calledIn } from '../colleagues.ts';

/** A sign beside the word, for where there is room for little; a state is never told by colour alone. */
export const STATE_SIGNS: Readonly<Record<DueView['state'], string>> = {
  upcoming: '',
  open: '○',
  overdue: '!',
  missed: '×',
  done: '✓',
  late: '~',
};

/** Who walked a due round, else whose it is: somebody's, or that of whoever keeps the watch, by name where the roster plans somebody. */
export function whoseText(
  { walkedBy, assignee, watch = [] }: DueView,
  people: Readonly<Record<string, string>>,
  { t }: Words,
): string {
  const called = calledIn(people);
  const own = walkedBy ?? assignee;
  if (own !== undefined) return called(own);
  if (watch.length === 0) return t('rounds.whose.watch');
  return t('rounds.whose.planned', { people: watch.map(called).join(t('list.separator')) });
}

/** The sign of a round: what was found goes before how it was done. */
export function signOf({ state, result }: Pick<DueView, 'state' | 'result'>): string {
  return (result !== undefined && RESULT_SIGNS[result]) || STATE_SIGNS[state];
}

export const RESULT_SIGNS = { normal: '', abnormal: '▲', incomplete: '△' } as const;

/** A number with its unit, as it is read from a gauge. */
export function withUnit(value: number, unit: string): string {
  const text = String(Number(value.toFixed(2)));
  return unit === '' ? text : `${text} ${unit}`;
}

/** What is normal, in words; nothing where every value is. */
export function rangeText({ low, high, unit }: NumberItem, { t }: Words): string | undefined {
  if (low !== undefined && high !== undefined)
    return t('walk.range', { low: withUnit(low, ''), high: withUnit(high, unit) });
  if (low !== undefined) return t('walk.range.low', { low: withUnit(low, unit) });
  return high === undefined ? undefined : t('walk.range.high', { high: withUnit(high, unit) });
}

/** What somebody found, in words. */
export function answerText(item: RoundItem, value: RoundAnswer['value'], words: Words): string {
  if (item.type === 'number' && typeof value === 'number') return withUnit(value, item.unit);
  if (item.type === 'choice') {
    const chosen = item.options.find(({ id }) => id === value);
    return chosen === undefined ? String(value) : words.local(chosen.name);
  }
  if (typeof value === 'boolean') return words.t(value ? 'walk.normal' : 'walk.abnormal');
  return String(value);
}

/** How far the clock of the phone was off, in words. @param differenceMs the collector's less the phone's */
export function clockText(differenceMs: number, { t }: Words, format: Pick<Format, 'duration'>): string {
  const by = format.duration(Math.abs(differenceMs));
  return t(differenceMs > 0 ? 'record.clock.slow' : 'record.clock.fast', { by });
}

/** What speaks against a round, in words. */
export function doubtText(
  doubt: RoundDoubt,
  template: RoundTemplate,
  words: Words,
  format: Pick<Format, 'duration'>,
): string {
  if (doubt.code === 'clock_differs') return clockText(doubt.seconds * 1_000, words, format);
  if (doubt.code === 'late') return words.t('doubt.late', { by: format.duration(doubt.seconds * 1_000) });
  return placedDoubtText(doubt, template, words);
}

function placedDoubtText(
  doubt: Exclude<RoundDoubt, { readonly code: 'clock_differs' | 'late' }>,
  template: RoundTemplate,
  words: Words,
): string {
  const { code, ...params } = doubt;
  const place =
    'checkpoint' in doubt ? template.checkpoints.find(({ id }) => id === doubt.checkpoint)?.name : undefined;
  const item =
    'item' in doubt ? itemsOf(template).find((one) => one.item.id === doubt.item)?.item : undefined;
  const unit = item?.type === 'number' ? item.unit : '';
  return words.t(`doubt.${code}`, {
    ...params,
    ...(place === undefined ? {} : { place: words.local(place) }),
    ...(item === undefined ? {} : { item: words.local(item.name) }),
    ...('difference' in doubt ? { difference: withUnit(doubt.difference, unit) } : {}),
  });
}
