import type { ChoiceItem, Checkpoint, RoundItem, RoundTemplate } from '../../../config/model/round.ts';

/** A template while it is edited; what it becomes is decided by the collector. */

const named = (text = '') => ({ 'zh-CN': text, en: text });

/** One after the highest that is there, so that an id that was removed is not given again. */
function freeId(prefix: string, taken: readonly string[]): string {
  let number = taken.length + 1;
  while (taken.includes(`${prefix}-${number}`)) number += 1;
  return `${prefix}-${number}`;
}

export function newTemplate(room: string | undefined): RoundTemplate {
  return {
    id: 'special-1',
    version: 0,
    name: named(),
    kind: 'special',
    ...(room === undefined ? {} : { room }),
    schedule: { from: '08:00', by: '18:00', weekday: 1, monthDay: 1 },
    isOrdered: false,
    needsReview: false,
    isRetired: false,
    checkpoints: [newPlace([])],
  };
}

export function newPlace(taken: readonly string[]): Checkpoint {
  const id = freeId('place', taken);
  return { id, name: named(), minSeconds: 10, items: [newItem([`${id}-`])] };
}

export function newItem(taken: readonly string[]): RoundItem {
  return { id: freeId('item', taken), block: 'environment', type: 'check', name: named(), needsPhoto: false };
}

/** The item with another type: what does not belong to that goes. */
export function retyped(item: RoundItem, type: RoundItem['type']): RoundItem {
  const { id, block, name, needsPhoto } = item;
  const head = { id, block, name, needsPhoto, ...(item.help === undefined ? {} : { help: item.help }) };
  switch (type) {
    case 'number':
      return { ...head, type, unit: '', sensorScale: 1, isReadYourself: false };
    case 'choice':
      return {
        ...head,
        type,
        options: [
          { id: 'yes', name: named('yes'), isAbnormal: false },
          { id: 'no', name: named('no'), isAbnormal: true },
        ],
      };
    case 'check':
    case 'text':
    case 'photo':
      return { ...head, type };
    default:
      return type satisfies never;
  }
}

/** Choices, a line each: `id Chinese | English`, with `!` at the end where it is abnormal. */
export function optionsText({ options }: ChoiceItem): string {
  return options
    .map(({ id, name, isAbnormal }) => `${id} ${name['zh-CN']} | ${name.en}${isAbnormal ? ' !' : ''}`)
    .join('\n');
}

export function optionsIn(text: string): ChoiceItem['options'] {
  return text.split('\n').flatMap((line) => {
    const [, id = '', words = '', mark] = /^\s*(\S+)\s+(.*?)\s*(!)?\s*$/.exec(line) ?? [];
    if (id === '') return [];
    const [zh = '', en = zh] = words.split('|').map((part) => part.trim());
    return [{ id, name: { 'zh-CN': zh, en }, isAbnormal: mark !== undefined }];
  });
}

/** The list with one entry moved by one; at its end it stays. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): readonly T[] {
  const other = index + by;
  const [a, b] = [list[index], list[other]];
  if (a === undefined || b === undefined) return list;
  return list.map((one, at) => (at === index ? b : at === other ? a : one));
}
