import { isDeepStrictEqual } from 'node:util';
import type { Localized } from '../../../config/model/localized.ts';
import { itemsOf, type Checkpoint, type RoundItem, type RoundTemplate } from '../../../config/model/round.ts';

/** What two people made of the same version of a round, put together. */

/** What of a template is no place and no item. */
export const TEMPLATE_FIELDS = [
  'name',
  'kind',
  'room',
  'schedule',
  'isOrdered',
  'needsReview',
  'isRetired',
] as const satisfies readonly (keyof RoundTemplate)[];

/** What somebody else has changed, and whether it stays. */
export type OthersChange = { readonly isKept: boolean } & (
  | { readonly field: (typeof TEMPLATE_FIELDS)[number] }
  /** A place or an item, as it is called. */
  | { readonly part: Localized }
);

export interface MergedTemplate {
  readonly template: RoundTemplate;
  readonly others: readonly OthersChange[];
}

/**
 * What one changed takes its place in what stands there now; what only others have changed since stays.
 * @param seen what stood there when one began to change it
 * @param own what one made of it
 * @param present what others have made of it since
 */
export function mergeTemplate(
  seen: RoundTemplate,
  own: RoundTemplate,
  present: RoundTemplate,
): MergedTemplate {
  const mine = withFreeIds(seen, own, present);
  const of = <F extends keyof RoundTemplate>(field: F): Pick<RoundTemplate, F> | object => {
    const value = (isDeepStrictEqual(mine[field], seen[field]) ? present : mine)[field];
    return value === undefined ? {} : { [field]: value };
  };
  const { room: _room, ...head } = mine;
  const template: RoundTemplate = {
    ...head,
    ...Object.assign({}, ...TEMPLATE_FIELDS.map(of)),
    version: present.version + 1,
    checkpoints: walkable(
      mergeList(seen.checkpoints, mine.checkpoints, present.checkpoints, mergePlace),
      mine.checkpoints,
    ),
  };
  return { template, others: othersChanges(seen, present, template) };
}

/** Each item at one place: where one put it oneself, if others moved it too. A place without items is none. */
function walkable(merged: readonly Checkpoint[], own: readonly Checkpoint[]): readonly Checkpoint[] {
  const holds = ({ items }: Checkpoint, item: string): boolean => items.some(({ id }) => id === item);
  const isElsewhere = (item: string, place: Checkpoint): boolean => {
    const at = merged.filter((one) => holds(one, item));
    const ownId = own.find((one) => holds(one, item))?.id;
    return at.length > 1 && at.some(({ id }) => id === ownId) && place.id !== ownId;
  };
  return merged
    .map((place) => ({ ...place, items: place.items.filter(({ id }) => !isElsewhere(id, place)) }))
    .filter(({ items }) => items.length > 0);
}

/** Two people add things unknown to each other: they are two things, though the page named them alike. */
function withFreeIds(seen: RoundTemplate, own: RoundTemplate, present: RoundTemplate): RoundTemplate {
  const ids = ({ checkpoints }: RoundTemplate): readonly string[] =>
    checkpoints.flatMap(({ id, items }) => [id, ...items.map((item) => item.id)]);
  const [before, theirs, taken] = [new Set(ids(seen)), new Set(ids(present)), new Set(ids(own))];
  const freed = <T extends { readonly id: string }>(thing: T): T => {
    if (before.has(thing.id) || !theirs.has(thing.id)) return thing;
    let number = 2;
    while (theirs.has(`${thing.id}-${number}`) || taken.has(`${thing.id}-${number}`)) number += 1;
    return { ...thing, id: `${thing.id}-${number}` };
  };
  const checkpoints = own.checkpoints.map((place) => ({ ...freed(place), items: place.items.map(freed) }));
  return { ...own, checkpoints };
}

type MergeOne<T> = (seen: T | undefined, own: T, present: T) => T;

/** In one's own order; what others added comes after what it followed with them. */
function mergeList<T extends { readonly id: string }>(
  seen: readonly T[],
  own: readonly T[],
  present: readonly T[],
  mergeOne: MergeOne<T>,
): readonly T[] {
  const find = (list: readonly T[], id: string): T | undefined => list.find((one) => one.id === id);
  const merged = own.flatMap((mine) => {
    const [before, theirs] = [find(seen, mine.id), find(present, mine.id)];
    if (theirs !== undefined) return [mergeOne(before, mine, theirs)];
    // Others have removed it; who has changed it meanwhile wants it.
    return before !== undefined && isDeepStrictEqual(before, mine) ? [] : [mine];
  });
  for (const [index, theirs] of present.entries()) {
    if (find(own, theirs.id) !== undefined || find(seen, theirs.id) !== undefined) continue;
    const after = merged.findIndex(({ id }) => id === present[index - 1]?.id);
    merged.splice(after + 1, 0, theirs);
  }
  return merged;
}

const mergeItem: MergeOne<RoundItem> = (seen, own, present) => (isDeepStrictEqual(seen, own) ? present : own);

const mergePlace: MergeOne<Checkpoint> = (seen, own, present) => {
  const head = isDeepStrictEqual(seen && headOf(seen), headOf(own)) ? present : own;
  return { ...headOf(head), items: mergeList(seen?.items ?? [], own.items, present.items, mergeItem) };
};

const headOf = ({ id, name, minSeconds }: Checkpoint): Omit<Checkpoint, 'items'> => ({
  id,
  name,
  minSeconds,
});

function othersChanges(
  seen: RoundTemplate,
  present: RoundTemplate,
  merged: RoundTemplate,
): readonly OthersChange[] {
  const fields = TEMPLATE_FIELDS.filter((field) => !isDeepStrictEqual(seen[field], present[field])).map(
    (field) => ({ field, isKept: isDeepStrictEqual(present[field], merged[field]) }),
  );
  const [before, theirs, after] = [partsOf(seen), partsOf(present), partsOf(merged)];
  const parts = [...new Set([...before.keys(), ...theirs.keys()])].flatMap((key): readonly OthersChange[] => {
    const [was, is] = [before.get(key), theirs.get(key)];
    const part = (is ?? was)?.name;
    if (part === undefined || isDeepStrictEqual(was, is)) return [];
    return [{ part, isKept: isDeepStrictEqual(is, after.get(key)) }];
  });
  return [...fields, ...parts];
}

/** Places without their items, and items, each by a name of its own. */
function partsOf(template: RoundTemplate): ReadonlyMap<string, { readonly name: Localized }> {
  return new Map<string, { readonly name: Localized }>([
    ...template.checkpoints.map((place) => [`place ${place.id}`, headOf(place)] as const),
    ...itemsOf(template).map(({ item }) => [`item ${item.id}`, item] as const),
  ]);
}
