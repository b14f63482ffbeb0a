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
  readonly blocks: readonly {
    readonly title: string;
    /** `mark` stands before a line that presses. */
    readonly lines: readonly { readonly text: string; readonly mark?: '!' | '!!' }[];
  }[];
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

/** Colour does not come out of every printer. */
const MARKS = { plain: {}, heed: { mark: '!' }, grave: { mark: '!!' } } as const;

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
            ? [{ text: words.unknown[language], mark: '!!' } as const]
            : lines.map((line) => ({ text: sheetLineText(line, language, at), ...MARKS[line.weight] })),
      })),
      ...saidOf(source, place),
    ].map(({ title, lines }) => ({
      title,
      lines: lines.length === 0 ? [{ text: words.nothing[language] }] : lines,
    })),
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
    [words.outgoing[language], nameOf(outgoing, displayNames, language)],
    [words.incoming[language], nameOf(incoming, displayNames, language)],
    [words.leader[language], nameOf(leader, displayNames, language)],
    [words.arrived[language], at(arrivedAtMs)],
    [words.started[language], at(startedAtMs)],
    [words.ended[language], at(state.kind === 'walking' ? undefined : state.atMs)],
    [words.kind[language], WATCH_WORDS.kind[kind][language]],
    [words.state[language], stateOf(handover, sheet, language)],
  ];
}

/** As the form has it: what is left over is told with the state. */
function stateOf({ state, carryOvers }: Handover, { blocks }: Sheet, language: Language): string {
  const told = WATCH_WORDS.state[state.kind][language];
  const isLeft =
    carryOvers.length > 0 || blocks.some(({ id, lines }) => id === 'carry_overs' && lines.length > 0);
  if (state.kind !== 'sealed' || !isLeft) return told;
  return WATCH_WORDS.paper.left_over[language].replace('{state}', told);
}

function nameOf(
  person: string | undefined,
  displayNames: ReadonlyMap<string, string>,
  language: Language,
): string {
  if (person === undefined) return '—';
  const name = displayNames.get(person);
  if (name === undefined || name === person) return person;
  const parts: Readonly<Record<string, string>> = { name, account: person };
  return WATCH_WORDS.paper.named[language].replace(/\{(\w+)\}/g, (_whole, part: string) => parts[part] ?? '');
}

/** What was passed on, asked and added, where anything was. */
function saidOf(
  { handover, addenda, displayNames }: PaperSource,
  { language, timeZone }: PaperPlace,
): Paper['blocks'] {
  const words = WATCH_WORDS.paper;
  const [colon, stop] = [words.colon[language], words.stop[language]];
  const at = (atMs: number): string => paperInstant(atMs, timeZone);
  const named = (person: string): string => nameOf(person, displayNames, language);
  const carried = handover.carryOvers.map(({ subject, reason, description }) => {
    const told = [
      [words.reason, reason],
      [words.description, description],
      [words.goes_on, named(handover.incoming)],
    ] as const;
    const parts = told.map(([word, text]) => `${word[language]}${colon}${text}`);
    return { text: [subject, ...parts].join(stop) };
  });
  const questions = handover.questions.flatMap(({ block, by, atMs, text, answer }) => [
    { text: `${at(atMs)} ${named(by)} [${sheetBlockTitle(block, language)}]${colon}${text}` },
    ...(answer === undefined
      ? []
      : [{ text: `→ ${at(answer.atMs)} ${named(answer.by)}${colon}${answer.text}` }]),
  ]);
  const added = addenda.map(({ atMs, person, text }) => ({
    text: `${at(atMs)} ${named(person)}${colon}${text}`,
  }));
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
            nameOf(found.person, displayNames, language),
            paperInstant(found.atMs, timeZone),
            [
              WATCH_WORDS.way[found.way][language],
              ...(found.recordedBy === undefined
                ? []
                : [`${WATCH_WORDS.paper.recorded[language]} ${found.recordedBy}`]),
            ].join(WATCH_WORDS.paper.comma[language]),
            found.hash.slice(0, 16),
          ];
    return { role: WATCH_WORDS.role[role][language], ink: WATCH_WORDS.paper.ink[language], lines };
  });
}
