import type { Words } from '../i18n/words.ts';
import type { Sign } from './urgency.ts';

/** The word that stands beside a sign's shape and colour. */
export function signWord(sign: Sign, { t }: Words): string {
  switch (sign) {
    case 'critical':
    case 'major':
    case 'minor':
    case 'info':
      return t(`severity.${sign}`);
    case 'ok':
    case 'unknown':
    case 'starting':
      return t(`state.${sign}`);
  }
}
