import type { Handover } from '../../config/model/handover.ts';
import { SIGNERS } from '../../config/model/handover.ts';
import type { Language } from '../../config/model/localized.ts';
import { sheetBlockTitle, sheetLineText } from '../../config/model/sheet-words.ts';
import type { Sheet } from '../../config/model/sheet.ts';
import type { AddendumView } from '../../config/model/watch-api.ts';
import { WATCH_WORDS } from '../../config/model/watch-words.ts';

/** A handover as it stands on paper (form 6.2), in one language. */
export interface Paper {
  readonly title: string;
  readonly site: string;
  /** Name and value, two in a row. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly blocks: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** Boxes for ink, with what was signed on the screen. */
  readonly signatures: readonly {
    readonly role: string;
    readonly ink: string;
    readonly lines: readonly string[];
  }[];
  /** At the foot of each page. */
  readonly foot: readonly string[];
  /** With `{page}` and `{pages}`. */
  readonly pageOf: string;
}

export interface PaperSource {
  readonly handover: Handover;
  readonly sheet: Sheet;
  readonly addenda: readonly AddendumView[];
  readonly displayNames: ReadonlyMap<string, string>;
  /** When who took over came on duty. */
  readonly arrivedAtMs?: number;
}

export interface PaperPlace {
  readonly language: Language;
  readonly timeZone: string;
  readonly site: string;
  /** Where the audit chain ends at the time of printing. */
  readonly head: { readonly seq: number; readonly hash: string };
}

/** Instants as paper has them: whole, in the zone of the site. */
export function paperInstant(atMs: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return parts.format(atMs);
}

export function paperOf(source: PaperSource, place: PaperPlace): Paper {
  const { handover, sheet } = source;
  const { language, timeZone, head } = place;
  const words = WATCH_WORDS.paper;
  const at = (atMs: number): string => paperInstant(atMs, timeZone);
  const { state } = handover;
  const seal = state.kind === 'sealed' ? [`${words.seal[language]} ${state.hash}`] : [];
  return {
    title: words.title[language],
    site: place.site,
    facts: factsOf(source, place),
    blocks: [
      ...sheet.blocks.map(({ id, lines, isUnknown }) => ({
        title: sheetBlockTitle(id, language),
        lines:
          isUnknown === true
            ? [words.unknown[language]]
            : lines.map((line) => sheetLineText(line, language, at)),
      })),
      ...saidOf(source, place),
    ].map(({ title, lines }) => ({ title, lines: lines.length === 0 ? [words.nothing[language]] : lines })),
    signatures: signaturesOf(source, place),
    foot: [
      `${words.hash[language]} ${handover.sheetHash}`,
      ...seal,
      `${words.chain[language]} ${head.seq} ${head.hash}`,
    ],
    pageOf: words.page[language],
  };
}

function factsOf(
  { handover, sheet, displayNames, arrivedAtMs }: PaperSource,
  { language, timeZone }: PaperPlace,
): Paper['facts'] {
  const words = WATCH_WORDS.paper;
  const at = (atMs: number | undefined): string => (atMs === undefined ? '—' : paperInstant(atMs, timeZone));
  const { id, post, kind, state, outgoing, incoming, startedAtMs, signatures } = handover;
  const leader = signatures.find(({ role }) => role === 'leader')?.person;
  return [
    [words.number[language], String(id)],
    [words.date[language], at(startedAtMs).slice(0, 10)],
    [words.shift[language], sheet.shift ?? '—'],
    [words.post[language], WATCH_WORDS.post[post][language]],
    [words.outgoing[language], nameOf(outgoing, displayNames)],
    [words.incoming[language], nameOf(incoming, displayNames)],
    [words.leader[language], nameOf(leader, displayNames)],
    [words.arrived[language], at(arrivedAtMs)],
    [words.started[language], at(startedAtMs)],
    [words.ended[language], at(state.kind === 'walking' ? undefined : state.atMs)],
    [words.kind[language], WATCH_WORDS.kind[kind][language]],
    [words.state[language], WATCH_WORDS.state[state.kind][language]],
  ];
}

function nameOf(person: string | undefined, displayNames: ReadonlyMap<string, string>): string {
  if (person === undefined) return '—';
  const shown = displayNames.get(person);
  return shown === undefined || shown === person ? person : `${shown}（${person}）`;
}

/** What was passed on, asked and added, where anything was. */
function saidOf({ handover, addenda }: PaperSource, { language, timeZone }: PaperPlace): Paper['blocks'] {
  const words = WATCH_WORDS.paper;
  const at = (atMs: number): string => paperInstant(atMs, timeZone);
  const carried = handover.carryOvers.map(
    ({ subject, reason, description }) =>
      `${subject}。${words.reason[language]}：${reason}。${words.description[language]}：${description}`,
  );
  const questions = handover.questions.flatMap(({ block, by, atMs, text, answer }) => [
    `${at(atMs)} ${by}（${sheetBlockTitle(block, language)}）：${text}`,
    ...(answer === undefined ? [] : [`→ ${at(answer.atMs)} ${answer.by}：${answer.text}`]),
  ]);
  const added = addenda.map(({ atMs, person, text }) => `${at(atMs)} ${person}：${text}`);
  return [
    { title: words.carried[language], lines: carried },
    ...(questions.length === 0 ? [] : [{ title: words.questions[language], lines: questions }]),
    ...(added.length === 0 ? [] : [{ title: words.addenda[language], lines: added }]),
  ];
}

function signaturesOf(
  { handover, displayNames }: PaperSource,
  { language, timeZone }: PaperPlace,
): Paper['signatures'] {
  const { kind, signatures } = handover;
  const roles = new Set([...SIGNERS[kind], 'leader' as const]);
  return [...roles].map((role) => {
    const found = signatures.find((signature) => signature.role === role);
    const lines =
      found === undefined
        ? ['—']
        : [
            nameOf(found.person, displayNames),
            paperInstant(found.atMs, timeZone),
            [
              WATCH_WORDS.way[found.way][language],
              ...(found.recordedBy === undefined
                ? []
                : [`${WATCH_WORDS.paper.recorded[language]} ${found.recordedBy}`]),
            ].join('，'),
            found.hash.slice(0, 16),
          ];
    return { role: WATCH_WORDS.role[role][language], ink: WATCH_WORDS.paper.ink[language], lines };
  });
}
