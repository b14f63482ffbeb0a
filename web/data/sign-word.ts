import { isSeverity } from '../../config/model/severity.ts';
import type { Words } from '../i18n/words.ts';
import type { Sign } from './urgency.ts';

/** The word that stands beside a sign's shape and colour. */
export function signWord(sign: Sign, { t }: Words): string {
  return isSeverity(sign) ? t(`severity.${sign}`) : t(`state.${sign}`);
}
