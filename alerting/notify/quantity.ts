import type { Language } from '../../config/model/localized.ts';
import { alertQuantity, durationWriter, quantityWriter } from '../../config/model/quantity.ts';
import { secondText, wallClockAt } from '../../config/runtime/wall-clock.ts';

/** How numbers, durations and instants stand in messages: as on the pages, in one text. */

/** The value of an alert in the unit that its rule names; `undefined` where a number says nothing. */
export function formatQuantity(
  value: number,
  unit: string | undefined,
  language: Language,
): string | undefined {
  const quantity = alertQuantity({ value, unit }, quantityWriter(language));
  return quantity && `${quantity.number} ${quantity.unit}`.trim();
}

export function formatDuration(durationMs: number, language: Language): string {
  return durationWriter(language)(durationMs);
}

/** An instant in the site's zone: `2026-11-22 11:05:07`. */
export function formatInstant(atMs: number, timeZone: string): string {
  return secondText(wallClockAt(atMs, timeZone));
}
