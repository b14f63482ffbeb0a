import type { Localized } from './localized.ts';

/** One line of a sheet, as data: each language words it by its code (`SHEET_WORDS`). */
export interface SheetLine {
  /** Names the thing within its block, the same on the next sheet. */
  readonly key: string;
  readonly code: string;
  /** What stands under a name that ends in `Ms` is an instant. */
  readonly params: Readonly<Record<string, string | number>>;
  /** What the site itself calls the thing, for `{name}`. */
  readonly name?: Localized;
  /** How much it presses on who takes over. */
  readonly weight: 'plain' | 'heed' | 'grave';
  /** Routine work that was not done: it passes only with a reason and a description (R6). */
  readonly isUnfinished?: true;
}

/** One block as it stood when the sheet was frozen. */
export interface SheetBlockContent {
  readonly id: string;
  readonly lines: readonly SheetLine[];
  /** It could not be read then; the sheet says so and is walked all the same. */
  readonly isUnknown?: true;
}

/** The frozen sheet. Its text as JSON is what is hashed and signed. */
export interface Sheet {
  readonly post: string;
  /** Name of the planned shift that it ends, where one was. */
  readonly shift?: string;
  readonly outgoing?: string;
  readonly incoming: string;
  /** The time that it tells of: from where the last signed sheet ended. */
  readonly fromMs: number;
  readonly frozenAtMs: number;
  /** Where it ends in what grows; the next sheet begins behind it, so that nothing stands in two sheets or in none. */
  readonly through: SheetMarks;
  readonly blocks: readonly SheetBlockContent[];
}

/** The last numbers of the alert history and of the watch log that a sheet tells of. */
export interface SheetMarks {
  readonly history: number;
  readonly log: number;
}

export const NO_MARKS: SheetMarks = { history: 0, log: 0 };

/** Keys of the routine work that was not done, as `BLOCK KEY`. */
export function unfinishedOf({ blocks }: Pick<Sheet, 'blocks'>): readonly string[] {
  return blocks.flatMap(({ id, lines }) =>
    lines.filter(({ isUnfinished }) => isUnfinished === true).map(({ key }) => `${id} ${key}`),
  );
}
