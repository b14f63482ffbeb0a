import type { Labels } from '../../config/model/labels.ts';

/** So many lists of names are remembered; who sends more has no names in common. */
const MAX_KNOWN = 1_000;

/**
 * Makes the labels of series. Objects that were put together label by label keep room for more, in a second piece of
 * memory; these are copies of one that has all its names from the beginning, in one piece.
 */
export function createLabelsMaker(): (names: readonly string[], values: readonly string[]) => Labels {
  const known = new Map<string, Labels>();
  const patternOf = (names: readonly string[]): Labels => {
    const key = JSON.stringify(names);
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= MAX_KNOWN) known.clear();
    const pattern: Labels = JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:""`).join(',')}}`);
    known.set(key, pattern);
    return pattern;
  };
  return (names, values) => {
    const labels: Record<string, string> = { ...patternOf(names) };
    for (const [at, name] of names.entries()) labels[name] = values[at] ?? '';
    return labels;
  };
}
