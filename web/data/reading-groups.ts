import type { ReadingView } from '../../config/model/api.ts';
import { levelOf } from '../../config/model/severity.ts';
import { unitOf, type Format } from '../i18n/format.ts';
import type { Words } from '../i18n/words.ts';
import { labelText, readingText } from './reading.ts';

/** The lines of one metric of a device. */
export interface ReadingGroup {
  readonly metric: string;
  readonly readings: readonly ReadingView[];
  /** Too many to list unasked: the forty-eight ports of a switch. */
  readonly isLong: boolean;
}

/** So many lines of one metric are listed as they are. */
const LONG = 6;

/** As Map.groupBy, which the browsers of old PCs do not have. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

const inNaturalOrder = new Intl.Collator('en', { numeric: true });

function gravity(readings: readonly ReadingView[]): number {
  return Math.min(...readings.map(({ severity }) => (severity === undefined ? 5 : levelOf(severity))));
}

function byGravityAndLabel(a: ReadingView, b: ReadingView): number {
  return gravity([a]) - gravity([b]) || inNaturalOrder.compare(labelText(a.labels), labelText(b.labels));
}

/** A device's readings by metric: what is wrong first, else as the device told it. */
export function groupReadings(readings: readonly ReadingView[]): readonly ReadingGroup[] {
  const byMetric = grouped(readings, ({ metric }) => metric);
  return [...byMetric]
    .map(([metric, lines]) => ({
      metric,
      readings: lines.sort(byGravityAndLabel),
      isLong: lines.length > LONG && gravity(lines) === 5,
    }))
    .sort((a, b) => gravity(a.readings) - gravity(b.readings));
}

function text(reading: ReadingView, words: Words, format: Format): string {
  const { number, unit } = readingText(reading, words, format);
  return `${number} ${unit}`.trim();
}

/** What a group says while it is folded: how often each word, or from the least to the greatest. */
export function groupText({ metric, readings }: ReadingGroup, words: Words, format: Format): string {
  const isWord = unitOf(metric) === 'flag' || readings.some(({ state }) => state !== undefined);
  if (isWord) {
    const counts = grouped(readings, (reading) => text(reading, words, format));
    return [...counts].map(([word, all]) => `${word} ${format.number(all.length)}`).join(' · ');
  }
  const ordered = [...readings].sort((a, b) => a.value - b.value);
  const ends = [ordered[0], ordered.at(-1)].filter((reading) => reading !== undefined);
  const [least, greatest] = ends.map((reading) => text(reading, words, format));
  return least === greatest ? (least ?? '') : `${least ?? ''} – ${greatest ?? ''}`;
}
