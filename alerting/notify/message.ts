import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import type { AlertView } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import { parseDurationMs } from '../../config/model/duration.ts';
import type { OverdueKind } from '../../config/model/chase.ts';
import type { Language } from '../../config/model/localized.ts';
import type { Severity } from '../../config/model/severity.ts';
import type { Site } from '../../config/model/site.ts';
import { alertView } from '../view.ts';
import { chartMark } from './chart/mark.ts';
import { htmlOf } from './html.ts';
import { placeOf, placeText, whereText } from './place.ts';
import { formatDuration, formatInstant, formatQuantity } from './quantity.ts';
import { severityText, text, type TextKey } from './texts.ts';

/** What messages speak of beside the alerts. */
export interface MessageSetting {
  readonly site: Site;
  readonly language: Language;
  /** Address that links begin with. */
  readonly publicUrl: string;
  readonly nowMs: number;
  /** Where its reader says that he sees to it. */
  readonly answer?: string;
  /** Why it is told, where it is not for the news: nobody saw to it for so long, or who did has given it back. */
  readonly why?:
    | { readonly kind: 'escalated'; readonly waitedMs: number }
    | { readonly kind: 'claim_ended' }
    | { readonly kind: 'test' }
    /** Of all that was raised in a flood since the last such message; `isLast` when it is over. */
    | { readonly kind: 'flood'; readonly sinceMs: number; readonly isLast: boolean }
    /** Something is overdue; told to whose it is, or to who answers for him. */
    | {
        readonly kind: 'chase';
        readonly of: OverdueKind;
        readonly as: 'person' | 'supervisor';
        /** Names of accounts; empty where nobody in particular has it. */
        readonly whose: string;
        readonly overdueMs: number;
        readonly path: string;
      };
}

export interface MessageText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A message before it is text or HTML; all its strings are plain. */
export interface Sheet {
  readonly language: Language;
  readonly head: string;
  readonly severity: Severity;
  readonly isResolved: boolean;
  /** The first of a group of the same is told in full, the others by what sets them apart. */
  readonly items: readonly Item[];
  readonly notes: readonly string[];
  readonly link: SheetLink;
  /** Mark that the chart of the gravest alert takes the place of. */
  readonly chart: string;
  /** To acknowledge, in the name of who reads it. */
  readonly answer?: SheetLink;
}

interface SheetLink {
  readonly title: string;
  readonly address: string;
}

export interface Item {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly value: string; readonly isLong: boolean }[];
}

type Row = readonly [name: TextKey, value: string | undefined];

/** More alerts than this are counted, not listed. */
const MAX_ITEMS = 50;
/** Labels and texts of rules are cut here: a message must stay readable whatever stands in them. */
const MAX_TEXT = 1_000;
const MAX_SUBJECT = 160;

/** Tells the alerts of a group: what fires, or, where nothing of it does any more, what has resolved. */
export function renderMessage(all: readonly AlertInstance[], setting: MessageSetting): MessageText {
  const firing = all.filter(isActive);
  const isResolved = firing.length === 0;
  // A flood is told of together, with what is over already.
  const alerts = isResolved || setting.why?.kind === 'flood' ? all : firing;
  const sheet = sheetOf(alerts, isResolved, setting);
  return { subject: subjectOf(alerts, isResolved, setting), text: plainText(sheet), html: htmlOf(sheet) };
}

function subjectOf(
  alerts: readonly AlertInstance[],
  isResolved: boolean,
  { site, language, why }: MessageSetting,
): string {
  const [first, ...others] = alerts;
  if (first === undefined) return '';
  const nearest = whereText(first.labels, site, language);
  const count = String(language === 'en' ? others.length : alerts.length);
  const where =
    others.length > 0 && nearest !== '' ? text(language, 'subject.more', { first: nearest, count }) : nearest;
  const kind = `subject.${outcomeOf(alerts, isResolved)}` as const;
  const severity = severityText(language, first.severity);
  const what = alertView(first).summary[language];
  const own = ownSubject(why, { severity, what, count: String(alerts.length) }, language);
  if (own !== undefined && !isResolved) return clean(own, MAX_SUBJECT);
  return clean(
    text(language, where === '' ? `${kind}.nowhere` : kind, { severity, what, where }),
    MAX_SUBJECT,
  );
}

/** Where a message is about more than the alert: a flood, or that something is overdue. */
function ownSubject(
  why: MessageSetting['why'],
  values: Readonly<Record<'severity' | 'what' | 'count', string>>,
  language: Language,
): string | undefined {
  if (why?.kind === 'flood') return text(language, 'subject.flood', values);
  if (why?.kind !== 'chase') return undefined;
  return `${text(language, why.as === 'person' ? 'subject.chase' : 'subject.chase_up')} ${values.what}`;
}

/** An alert whose data or rule ended is over, but no reading was good again: a reader must not take it for that. */
function outcomeOf(alerts: readonly AlertInstance[], isResolved: boolean): 'firing' | 'resolved' | 'ended' {
  if (!isResolved) return 'firing';
  const isGood = alerts.every(({ phase }) => phase.kind === 'resolved' && phase.cause === 'condition');
  return isGood ? 'resolved' : 'ended';
}

function sheetOf(alerts: readonly AlertInstance[], isResolved: boolean, setting: MessageSetting): Sheet {
  const { site, language } = setting;
  const severity = alerts[0]?.severity ?? 'info';
  const head = text(language, `head.${outcomeOf(alerts, isResolved)}`, {
    site: site.name[language],
    severity: severityText(language, severity),
  });
  const hidden = alerts.length - MAX_ITEMS;
  return defined({
    language,
    head: clean(head),
    severity,
    isResolved,
    items: alerts.slice(0, MAX_ITEMS).map((alert) => itemOf(alert, setting)),
    notes: [
      ...whyNotes(setting),
      ...(hidden > 0 ? [text(language, 'more', { count: String(hidden) })] : []),
      ...(site.isDemonstration ? [text(language, 'demonstration')] : []),
      text(language, 'footer', { zone: site.timeZone }),
    ],
    chart: chartMark(alerts[0]?.fingerprint ?? '', language),
    link: { title: text(language, 'open'), address: linkOf(alerts, setting) },
    answer:
      setting.answer === undefined || isResolved
        ? undefined
        : { title: text(language, 'answer'), address: setting.answer },
  });
}

function chaseNotes(
  { of, as, whose, overdueMs }: Extract<MessageSetting['why'], { readonly kind: 'chase' }>,
  language: Language,
): readonly string[] {
  const what = text(language, `chase.${of}`);
  if (as === 'person') return [what];
  const duration = formatDuration(overdueMs, language);
  const names = whose === '' ? text(language, 'chase.the_watch') : whose;
  return [what, text(language, 'chase.supervisor', { duration, whose: names })];
}

function whyNotes({ why, language, site }: MessageSetting): readonly string[] {
  switch (why?.kind) {
    case undefined:
      return [];
    case 'escalated':
      return [text(language, 'why.escalated', { duration: formatDuration(why.waitedMs, language) })];
    case 'claim_ended':
    case 'test':
      return [text(language, `why.${why.kind}`)];
    case 'chase':
      return chaseNotes(why, language);
    case 'flood':
      return [
        text(language, why.isLast ? 'why.flood_over' : 'why.flood', {
          time: formatInstant(why.sinceMs, site.timeZone),
        }),
      ];
    default:
      return why satisfies never;
  }
}

function linkOf(alerts: readonly AlertInstance[], { site, publicUrl, why }: MessageSetting): string {
  if (why?.kind === 'chase') return publicUrl.replace(/\/+$/, '') + why.path;
  const device = alerts[0]?.labels['device'];
  const isOne = alerts.every(({ labels }) => labels['device'] === device);
  const isKnown = site.devices.some(({ id }) => id === device);
  const path =
    isOne && isKnown && device !== undefined ? `/devices/${encodeURIComponent(device)}` : '/alerts';
  return publicUrl.replace(/\/+$/, '') + path;
}

function itemOf(alert: AlertInstance, setting: MessageSetting): Item {
  const { site, language } = setting;
  const view = alertView(alert);
  const place = placeOf(site, alert.labels['device']);
  const long = new Set<TextKey>(['response', 'consequence']);
  const rows: readonly Row[] = [
    ['device', deviceText(alert, place?.device[language])],
    ['place', place && placeText(place, language)],
    [valueName(alert), formatQuantity(alert.value, alert.annotations['unit'], language)],
    ...timeRows(alert, setting),
    ...(isActive(alert) ? actionRows(alert, view, language) : []),
  ];
  return {
    title: clean(view.summary[language]),
    rows: rows.flatMap(([name, value]) =>
      value === undefined || value === ''
        ? []
        : [{ name: text(language, name), value: clean(value), isLong: long.has(name) }],
    ),
  };
}

/** The value is that of the last time that the condition was true: of now only while it still is. */
function valueName({ phase }: AlertInstance): TextKey {
  if (phase.kind === 'held') return 'value.held';
  return phase.kind === 'resolved' ? 'value.resolved' : 'value';
}

/** Of what is over nobody has to do anything. */
function actionRows(alert: AlertInstance, view: AlertView, language: Language): readonly Row[] {
  return [
    ['response', view.response[language]],
    ['timeToAct', timeToAct(alert, language)],
    ['consequence', view.consequence[language]],
  ];
}

function timeToAct({ annotations }: AlertInstance, language: Language): string | undefined {
  const stated = annotations['time_to_act'];
  const statedMs = stated === undefined ? undefined : parseDurationMs(stated);
  return statedMs === undefined ? stated : formatDuration(statedMs, language);
}

/** The device's name, with its id where they differ: labels and cables carry the id. */
function deviceText({ labels }: AlertInstance, name: string | undefined): string | undefined {
  const id = labels['device'] ?? labels['instance'];
  if (name === undefined || id === undefined) return name ?? id;
  return name === id ? name : `${name} (${id})`;
}

function timeRows({ phase }: AlertInstance, { site, language, nowMs }: MessageSetting): readonly Row[] {
  const instant = (atMs: number): string => formatInstant(atMs, site.timeZone);
  if (phase.kind === 'pending') return [];
  if (phase.kind !== 'resolved') {
    const lasted = formatDuration(nowMs - phase.sinceMs, language);
    const since =
      nowMs - phase.sinceMs < 1_000 ? instant(phase.sinceMs) : `${instant(phase.sinceMs)} (${lasted})`;
    const note =
      phase.kind === 'held' ? text(language, 'note.held', { time: instant(phase.heldSinceMs) }) : undefined;
    return [
      ['since', since],
      ['note', note],
    ];
  }
  const { firedAtMs, resolvedAtMs, cause } = phase;
  return [
    ['since', instant(firedAtMs)],
    ['until', instant(resolvedAtMs)],
    ['lasted', formatDuration(resolvedAtMs - firedAtMs, language)],
    ['note', cause === 'condition' ? undefined : text(language, `note.${cause}`)],
  ];
}

/** One line without control characters, and not too long: labels come from devices, and headers end at a line's end. */
function clean(value: string, maxLength = MAX_TEXT): string {
  const line = value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join('')}…`;
}

function plainText({ head, items, notes, link, answer }: Sheet): string {
  const blocks = items.map(({ title, rows }) =>
    [title, ...rows.map(({ name, value }) => `  ${name}: ${value}`)].join('\n'),
  );
  const links = [answer, link].flatMap((one) => (one === undefined ? [] : [`${one.title}: ${one.address}`]));
  return `${[head, ...blocks, links.join('\n'), notes.join('\n')].join('\n\n')}\n`;
}
