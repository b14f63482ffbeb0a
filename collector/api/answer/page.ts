import { severityText } from '../../../alerting/notify/texts.ts';
import { whereText } from '../../../alerting/notify/place.ts';
import { formatInstant } from '../../../alerting/notify/quantity.ts';
import type { AlertView } from '../../../config/model/api.ts';
import { LANGUAGES, type Language } from '../../../config/model/localized.ts';
import type { Site } from '../../../config/model/site.ts';
import { escaped } from '../../https/root-page.ts';
import { answerText, type AnswerKey } from './texts.ts';

interface Frame {
  readonly language: Language;
  readonly site: Site;
  /** As people call whose link it is. */
  readonly person: string;
}

/** What the page behind a link has to say. */
export type AnswerSheet =
  | { readonly kind: 'unknown' }
  | (Frame & { readonly kind: 'used' | 'ended'; readonly atMs: number })
  | (Frame & { readonly kind: 'forbidden' })
  | (Frame & { readonly kind: 'nothing'; readonly held: readonly AlertView[]; readonly over: number })
  | (Frame & {
      readonly kind: 'open' | 'done';
      readonly alerts: readonly AlertView[];
      readonly held: readonly AlertView[];
      readonly endsAtMs: number;
      readonly token: string;
    });

/** A plain page without a script: whatever opens links shows it. All that is put in is text. */
export function answerPage(sheet: AnswerSheet): string {
  const languages = sheet.kind === 'unknown' ? LANGUAGES : [sheet.language];
  const [first = 'zh-CN'] = languages;
  return `<!doctype html>
<html lang="${first}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Watchkeeper · ${escaped(answerText(first, 'title'))}</title>
<link rel="stylesheet" href="/answer.css">
</head>
<body>
<main>
${languages.map((language) => section(sheet, language)).join('\n')}
</main>
</body>
</html>
`;
}

function section(sheet: AnswerSheet, language: Language): string {
  const person = sheet.kind === 'unknown' ? '' : sheet.person;
  const say = (key: AnswerKey, values: Readonly<Record<string, string | number>> = {}): string =>
    escaped(answerText(language, key, { person, ...values }));
  const time = (frame: Frame, atMs: number): string => formatInstant(atMs, frame.site.timeZone);
  const part = (...lines: readonly string[]): string =>
    `<section lang="${language}">\n${site(sheet, language)}<h1>${say(`${sheet.kind}.head`)}</h1>\n${lines.join('\n')}\n</section>`;
  const go = `<p><a href="/alerts">${say('go')}</a></p>`;
  switch (sheet.kind) {
    case 'unknown':
      return part(`<p>${say('unknown.detail')}</p>`, go);
    case 'used':
    case 'ended':
      return part(`<p>${say(`${sheet.kind}.detail`, { time: time(sheet, sheet.atMs) })}</p>`, go);
    case 'forbidden':
      return part(`<p>${say('forbidden.detail')}</p>`);
    case 'nothing':
      return part(
        alertList(sheet, sheet.held, language),
        sheet.over > 0 ? `<p>${say('over', { n: sheet.over })}</p>` : '',
        go,
      );
    case 'done':
      return part(alertList(sheet, sheet.alerts, language), `<p>${say('done.detail')}</p>`, go);
    case 'open':
      return part(
        alertList(sheet, [...sheet.alerts, ...sheet.held], language),
        `<form method="post" action="/a/${encodeURIComponent(sheet.token)}"><button>${say('button')}</button></form>`,
        `<p>${say('open.effect')}</p>`,
        `<p>${say('open.ends', { time: time(sheet, sheet.endsAtMs) })}</p>`,
      );
    default:
      return sheet satisfies never;
  }
}

function site(sheet: AnswerSheet, language: Language): string {
  return sheet.kind === 'unknown' ? '' : `<p class="site">${escaped(sheet.site.name[language])}</p>\n`;
}

function alertList({ site: of }: Frame, alerts: readonly AlertView[], language: Language): string {
  if (alerts.length === 0) return '';
  const items = alerts.map(({ summary, severity, labels, response, claim }) => {
    const lines = [
      `<strong>${escaped(`${severityText(language, severity)} · ${summary[language]}`)}</strong>`,
      ...[whereText(labels, of, language), response[language]]
        .filter((text) => text !== '')
        .map((text) => `<span>${escaped(text)}</span>`),
      ...(claim === undefined
        ? []
        : [`<em>${escaped(answerText(language, 'held', { person: claim.person }))}</em>`]),
    ];
    return `<li data-severity="${severity}">${lines.join('')}</li>`;
  });
  return `<ul>${items.join('\n')}</ul>`;
}

export const ANSWER_STYLE = `:root { color-scheme: light dark; }
body { font: 17px/1.6 system-ui, 'Noto Sans CJK SC', sans-serif; margin: 0 auto; max-width: 34rem; padding: 1rem; overflow-wrap: anywhere; }
.site { margin: 0; opacity: .8; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: .2rem 0 1rem; }
ul { list-style: none; margin: 0 0 1rem; padding: 0; }
li { border-left: .3rem solid; margin: 0 0 .8rem; padding: .1rem 0 .1rem .8rem; }
li[data-severity=critical] { border-color: #d3382e; }
li[data-severity=major] { border-color: #d9822b; }
li > * { display: block; font-style: normal; }
button { font: inherit; font-weight: 600; width: 100%; padding: .9rem 1rem; color: #fff; background: #0b57d0; border: 0; border-radius: .4rem; cursor: pointer; }
button:focus-visible, a:focus-visible { outline: 3px solid; outline-offset: 3px; }
a { color: LinkText; }
`;
