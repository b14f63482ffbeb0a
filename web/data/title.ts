import type { Words } from '../i18n/words.ts';
import type { Connection } from './live-connection.ts';
import { worstOf, type Summary } from './urgency.ts';
import { signWord } from './sign-word.ts';

/** The page's title tells the worst state, so that a tab in the background does too. */
export function pageTitle(
  {
    page,
    connection,
    summary,
  }: { readonly page: string; readonly connection: Connection; readonly summary: Summary | undefined },
  words: Words,
): string {
  if (connection.kind === 'lost') return words.t('page.title.lost', { page });
  if (summary === undefined) return page;
  const worst = worstOf(summary);
  if (worst === 'ok' || worst === 'starting') return page;
  return words.t('page.title.abnormal', {
    count: summary.counts[worst],
    state: signWord(worst, words),
    page,
  });
}
