/** What a text is found by. Pure: the index and the query must agree on every letter. */

/** A term of the index, or the beginning of one. */
export interface Term {
  readonly text: string;
  readonly isBeginning: boolean;
}

/** What stands between two spaces of a query: its letters must stand together. */
export interface Phrase {
  readonly words: string;
  readonly terms: readonly Term[];
}

const LONGEST_TERM = 40;
const MOST_PHRASES = 8;
const LONGEST_QUERY = 200;

/** Writing without spaces between its words. */
const RUNS =
  /(?<dense>[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+)|[\p{L}\p{N}\p{M}_]/gu;
const WORDS = /[\p{L}\p{N}\p{M}_]+/gu;

/** The same for texts that people take for the same: case, width and kinds of space do not count. */
export function searchText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

/** Of a text as `searchText` gives it: each word, and in Chinese each two characters that stand together. */
export function termsOf(text: string): readonly string[] {
  return runsOf(text).flatMap(({ run, isDense }) => {
    if (!isDense) return [run.slice(0, LONGEST_TERM)];
    const characters = Array.from(run);
    // The last one alone, so that a single character finds every place where it stands.
    return characters.map((character, index) => character + (characters[index + 1] ?? ''));
  });
}

/** What a query asks for; phrases without a letter or a digit ask for nothing. */
export function phrasesOf(query: string): readonly Phrase[] {
  const phrases = searchText(query.slice(0, LONGEST_QUERY)).split(' ');
  return phrases
    .map((words) => ({ words, terms: askedTerms(words) }))
    .filter(({ terms }) => terms.length > 0)
    .slice(0, MOST_PHRASES);
}

function askedTerms(words: string): readonly Term[] {
  const runs = runsOf(words);
  const endsInside = /[\p{L}\p{N}\p{M}_]$/u.test(words);
  return runs.flatMap(({ run, isDense }, index) => {
    const isLast = index === runs.length - 1 && endsInside;
    if (!isDense) return [{ text: run.slice(0, LONGEST_TERM), isBeginning: isLast }];
    const characters = Array.from(run);
    if (characters.length === 1) return [{ text: run, isBeginning: true }];
    return characters
      .slice(0, -1)
      .map((character, at) => ({ text: character + (characters[at + 1] ?? ''), isBeginning: false }));
  });
}

interface Run {
  readonly run: string;
  readonly isDense: boolean;
}

function runsOf(text: string): readonly Run[] {
  const runs: Run[] = [];
  for (const [word] of text.matchAll(WORDS)) {
    let open = '';
    for (const match of word.matchAll(RUNS)) {
      const dense = match.groups?.['dense'];
      if (dense === undefined) {
        open += match[0];
        continue;
      }
      if (open !== '') runs.push({ run: open, isDense: false });
      open = '';
      runs.push({ run: dense, isDense: true });
    }
    if (open !== '') runs.push({ run: open, isDense: false });
  }
  return runs;
}
