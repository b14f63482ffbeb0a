import type { MarkView } from '../../config/model/marks.ts';
import type { Site } from '../../config/model/site.ts';
import { WATCH_WORDS } from '../../config/model/watch-words.ts';
import type { Words } from '../i18n/words.ts';

/** Where marks are looked for: at a device and in its room, in a room and at its devices; neither: everywhere. */
export interface MarksPlace {
  readonly device?: string;
  readonly room?: string;
}

/** Those that are drawn and told: an alert where it began. */
export function shownMarks(marks: readonly MarkView[]): readonly MarkView[] {
  return marks.filter((mark) => mark.kind !== 'alert' || mark.transition === 'fired');
}

/** What a mark says, without its instant. */
export function markText(mark: MarkView, site: Site | undefined, words: Words): string {
  switch (mark.kind) {
    case 'alert':
      return mark.alert.summary[words.language];
    case 'watch':
      return mark.person === undefined
        ? words.t('marks.watch_nobody')
        : words.t('marks.watch', { person: mark.person, cause: words.local(WATCH_WORDS.cause[mark.cause]) });
    case 'note': {
      const { text, by, device, room } = mark.note;
      const place =
        site?.devices.find(({ id }) => id === device) ?? site?.rooms.find(({ id }) => id === room);
      return words.t('marks.note', { text, by, place: place === undefined ? room : words.local(place.name) });
    }
    default:
      return mark satisfies never;
  }
}

/** The marks of the step that ends at a point of a chart; at the last point all that came since. */
export function marksAt(
  marks: readonly MarkView[],
  timesMs: readonly number[],
  at: number,
): readonly MarkView[] {
  const pointMs = timesMs[at];
  const stepMs = (timesMs[1] ?? 0) - (timesMs[0] ?? 0);
  if (pointMs === undefined) return [];
  const toMs = at === timesMs.length - 1 ? Number.POSITIVE_INFINITY : pointMs;
  return marks.filter(({ atMs }) => atMs <= toMs && atMs > pointMs - stepMs);
}
