import { MESSAGES, type MessageKey, type Words } from '../i18n/words.ts';

const PREFIX = 'audit.action.';
/** Behind the name of a command that was taken back. */
const UNDONE = '_undone';

/** Every action that has words, in the order of their names. */
export const ACTIONS: readonly string[] = Object.keys(MESSAGES.en)
  .filter((key) => key.startsWith(PREFIX))
  .map((key) => key.slice(PREFIX.length))
  .sort();

/** What an action of the audit is called; one that this version does not know keeps its own name. */
export function actionWord(action: string, words: Pick<Words, 't'>): string {
  if (ACTIONS.includes(action)) return words.t(`${PREFIX}${action}` as MessageKey);
  if (!action.endsWith(UNDONE)) return action.replaceAll('_', ' ');
  return words.t('audit.undone', { action: actionWord(action.slice(0, -UNDONE.length), words) });
}
