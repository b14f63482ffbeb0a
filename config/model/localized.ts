export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text of the site's own in each language. */
export type Localized = Readonly<Record<Language, string>>;

/** One text for all languages, where a site wrote only one. */
export function localized(text: string | Localized): Localized {
  return typeof text === 'string' ? { 'zh-CN': text, en: text } : text;
}

export function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text);
}
