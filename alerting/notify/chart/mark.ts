import type { Language } from '../../../config/model/localized.ts';

/** Where in the HTML of a mail the chart of which alert goes. No label can look like it: those are escaped. */
export function chartMark(fingerprint: string, language: Language): string {
  return `<!--chart ${fingerprint} ${language}-->`;
}

const MARK = /<!--chart (\S{1,64}) (zh-CN|en)-->/;

/** The mark in the HTML of a mail, if it has one. */
export function markIn(
  html: string,
): { readonly mark: string; readonly fingerprint: string; readonly language: Language } | undefined {
  const [mark, fingerprint, language] = MARK.exec(html) ?? [];
  if (mark === undefined || fingerprint === undefined) return undefined;
  return { mark, fingerprint, language: language === 'en' ? 'en' : 'zh-CN' };
}
