/** Texts set in columns for a terminal, where Chinese characters are two places wide. */

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many places of a terminal a text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of segments.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** A column; numbers stand at its right. */
export interface Column {
  readonly isNumeric?: boolean;
}

/** Lines of cells, each column as wide as its widest cell; the last cell ends the line. */
export function inColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = columns.map((_column, place) =>
    Math.max(0, ...rows.map((row) => displayWidth(row[place] ?? ''))),
  );
  return rows.map((row) =>
    columns
      .map(({ isNumeric }, place) => {
        const cell = row[place] ?? '';
        const space = ' '.repeat((widths[place] ?? 0) - displayWidth(cell));
        return isNumeric === true ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd(),
  );
}
