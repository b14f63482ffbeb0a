import type { Language } from '../../../config/model/localized.ts';
import type { PlannedShift } from '../../../config/model/roster.ts';
import type { WatchPost } from '../../../config/model/watch.ts';

/** What each post is called in a calendar and in a sheet. */
export const POST_NAMES: Readonly<Record<WatchPost, readonly [string, string]>> = {
  operator: ['值班', 'Operator'],
  shiftLead: ['带班', 'Shift leader'],
  standby: ['备班', 'Stand-in'],
  deputy: ['B角', 'Deputy'],
};

/** A shift of the person whose calendar it is. */
export interface CalendarShift {
  readonly shift: PlannedShift;
  readonly own: readonly WatchPost[];
}

export interface CalendarOptions {
  readonly shifts: readonly CalendarShift[];
  readonly site: string;
  readonly language: Language;
  readonly nowMs: number;
  /** What makes the names of the events one's own in the world. */
  readonly host: string;
}

/** How often a calendar asks anew (RFC 7986, 5.7). */
const REFRESH = 'PT1H';
/** RFC 5545, 3.1: a line has no more octets, its end not counted. */
const MAX_LINE_BYTES = 75;

/** The shifts of one person as iCalendar (RFC 5545); instants are UTC, so that no zone needs to be explained. */
export function icalOf({ shifts, site, language, nowMs, host }: CalendarOptions): string {
  const word = language === 'zh-CN' ? 0 : 1;
  const title = ['值班', 'Watch'][word] ?? '';
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Watchkeeper//Roster//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `NAME:${escaped(`${title} ${site}`)}`,
    `X-WR-CALNAME:${escaped(`${title} ${site}`)}`,
    `REFRESH-INTERVAL;VALUE=DURATION:${REFRESH}`,
    ...shifts.flatMap(({ shift, own }) => {
      const posts = own.map((post) => POST_NAMES[post][word]).join(word === 0 ? '、' : ', ');
      const onCall = shift.isOnCall ? [word === 0 ? '在家待命' : 'on call at home'] : [];
      return [
        'BEGIN:VEVENT',
        `UID:${shift.id}@${host}`,
        `DTSTAMP:${utc(nowMs)}`,
        `DTSTART:${utc(shift.startsAtMs)}`,
        `DTEND:${utc(shift.endsAtMs)}`,
        `SUMMARY:${escaped([`${posts} · ${shift.name}`, ...onCall].join(' · '))}`,
        `LOCATION:${escaped(site)}`,
        'TRANSP:OPAQUE',
        'END:VEVENT',
      ];
    }),
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}

/** `20261127T160000Z`. */
function utc(atMs: number): string {
  return new Date(atMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}

/** RFC 5545, 3.3.11. */
function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, String.raw`\$&`).replaceAll(/\r?\n/g, String.raw`\n`);
}

/** Long lines go on behind a space; never within a character. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  for (const letter of line) {
    // What goes on has a space of its own in front.
    const limit = parts.length === 0 ? MAX_LINE_BYTES : MAX_LINE_BYTES - 1;
    if (Buffer.byteLength(part + letter) > limit) {
      parts.push(part);
      part = '';
    }
    part += letter;
  }
  return [...parts, part].join('\r\n ');
}
