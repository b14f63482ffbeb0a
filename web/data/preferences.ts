import { effect, signal, type Signal } from '@preact/signals';
import { isLanguage, type Language } from '../../config/model/localized.ts';

export const THEMES = ['auto', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

/** What a person chose on this browser. */
export interface Preferences {
  /** Absent until somebody chose: then the account's language counts. */
  readonly language: Signal<Language | undefined>;
  readonly theme: Signal<Theme>;
  readonly wantsSound: Signal<boolean>;
}

export type Store = Pick<Storage, 'getItem' | 'setItem'>;

const PREFIX = 'watchkeeper.';

function isTheme(text: string | null): text is Theme {
  return (THEMES as readonly (string | null)[]).includes(text);
}

/** Private windows may refuse storage: then a choice lasts as long as the page. */
function read(store: Store, name: string): string | null {
  try {
    return store.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

function write(store: Store, name: string, value: string): void {
  try {
    store.setItem(PREFIX + name, value);
  } catch {
    // See `read`.
  }
}

export function createPreferences(store: Store): Preferences {
  const savedLanguage = read(store, 'language');
  const savedTheme = read(store, 'theme');
  const language = signal<Language | undefined>(
    savedLanguage !== null && isLanguage(savedLanguage) ? savedLanguage : undefined,
  );
  const theme = signal<Theme>(isTheme(savedTheme) ? savedTheme : 'auto');
  const wantsSound = signal(read(store, 'sound') === 'on');
  effect(() => {
    if (language.value !== undefined) write(store, 'language', language.value);
  });
  effect(() => write(store, 'theme', theme.value));
  effect(() => write(store, 'sound', wantsSound.value ? 'on' : 'off'));
  return { language, theme, wantsSound };
}

/** The language of a browser that nobody has set: Chinese where it asks for Chinese or for nothing that we have. */
export function languageOfBrowser(wished: readonly string[]): Language {
  for (const wish of wished) {
    if (wish.startsWith('zh')) return 'zh-CN';
    if (wish.startsWith('en')) return 'en';
  }
  return 'zh-CN';
}
