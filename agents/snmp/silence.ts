import type { Labels } from '../../config/model/labels.ts';
import type { Oid } from '../../config/model/oid.ts';
import { isNotForNow, valueOf, type Recipe } from './decode.ts';
import type { Explored } from './explored.ts';

/** A reading that the device has, but that tells nothing now. */
export interface SilentReading {
  readonly metric: string;
  readonly labels: Labels;
  readonly source: Oid;
  readonly why: Silence;
  /** What the device told, where it told a number. */
  readonly told?: number;
}

/**
 * Why a reading tells nothing: the device tells no number there; the number is one of the profile's marks for "not known"; another
 * object says that it does not count now; it means no state that the profile knows; it is nothing that the quantity can be.
 */
export type Silence = 'no_number' | 'marked_invalid' | 'not_for_now' | 'unknown_state' | 'impossible';

/** The readings of the last poll that tell nothing, in their order. */
export function silentReadings({ plan, raw }: Explored): readonly SilentReading[] {
  return plan.readings.flatMap(({ metric, labels, leaf }, place) => {
    const recipe = plan.recipes[place];
    if (recipe === undefined || !Number.isNaN(valueOf(recipe, raw))) return [];
    const told = raw[recipe.leaf] ?? Number.NaN;
    const reading = { metric, labels, source: leaf, why: silenceOf(recipe, told, raw) };
    return [Number.isNaN(told) ? reading : { ...reading, told }];
  });
}

function silenceOf(recipe: Recipe, told: number, raw: Float64Array): Silence {
  if (Number.isNaN(told)) return 'no_number';
  if (recipe.invalid.includes(told)) return 'marked_invalid';
  if (isNotForNow(recipe, raw)) return 'not_for_now';
  return recipe.states !== undefined || recipe.map !== undefined ? 'unknown_state' : 'impossible';
}
