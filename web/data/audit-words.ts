import { MESSAGES, type MessageKey, type Words } from '../i18n/words.ts';

const PREFIX = 'audit.action.';

/** Every action that has words, in the order of their names. */
export const ACTIONS: readonly string[] = Object.keys(MESSAGES.en)
  .filter((key) => key.startsWith(PREFIX))
  .map((key) => key.slice(PREFIX.length))
  .sort();

/** What an action of the audit is called; one that this version does not know keeps its own name. */
export function actionWord(action: string, { t }: Pick<Words, 't'>): string {
  return ACTIONS.includes(action) ? t(`${PREFIX}${action}` as MessageKey) : action.replaceAll('_', ' ');
}
