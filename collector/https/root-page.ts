import { LANGUAGES, type Language } from '../../config/model/localized.ts';
import { ROOT_TEXTS } from './root-texts.ts';

/** A plain page in both languages, without a script: whatever browser somebody has shows it. */
export async function rootPage(fingerprint: string, host: string): Promise<string> {
  const here = escaped(host);
  const { toDataURL } = await import('qrcode');
  const code = await toDataURL(`http://${host}/root`, { margin: 2, width: 232, errorCorrectionLevel: 'M' });
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Watchkeeper · ${ROOT_TEXTS['zh-CN'].title}</title>
<link rel="stylesheet" href="/root.css">
</head>
<body>
<header>
<img src="${code}" width="232" height="232" alt="http://${here}/root">
<p class="print">${inPairs(fingerprint)}</p>
</header>
<main>
${LANGUAGES.map((language) => section(language, here)).join('\n')}
</main>
</body>
</html>
`;
}

function section(language: Language, host: string): string {
  const { title, why, compare, phone, get, getApple, goOn, limits, steps } = ROOT_TEXTS[language];
  const lists = steps.map(
    ({ system, how }) =>
      `<details><summary>${system}</summary><ol>${how.map((step) => `<li>${step}</li>`).join('')}</ol></details>`,
  );
  return `<section lang="${language}">
<h1>${title}</h1>
<p>${why}</p>
<p>${limits}</p>
<p><strong>${compare}</strong></p>
<p>${phone}</p>
<p><a class="button" href="/root.crt">${get}</a> <a class="button" href="/root.mobileconfig">${getApple}</a></p>
${lists.join('\n')}
<p><a href="https://${host}/">${goOn}</a></p>
</section>`;
}

/** Four groups to a line, so that two people can read it to each other. */
function inPairs(fingerprint: string): string {
  const pairs = fingerprint.split(':');
  const lines = Array.from({ length: 4 }, (_, line) => pairs.slice(line * 8, line * 8 + 8).join(' '));
  return lines.join('<br>');
}

export const ROOT_STYLE = `:root { color-scheme: light dark; }
body { font: 16px/1.6 system-ui, 'Noto Sans CJK SC', sans-serif; max-width: 44rem; margin: 0 auto; padding: 1rem; }
header { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; }
header img { background: #fff; }
.print { font: 600 1.05rem/1.7 ui-monospace, monospace; margin: 0; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 2rem 0 .5rem; }
.button { display: inline-block; border: 1px solid; border-radius: .4rem; padding: .5rem .8rem; margin: 0 .3rem .5rem 0; }
summary { padding: .5rem 0; font-weight: 600; }
a { color: LinkText; }
`;

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
