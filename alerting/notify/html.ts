import type { Severity } from '../../config/model/severity.ts';
import type { Item, Sheet } from './message.ts';

const COLOURS: Readonly<Record<Severity, string>> = {
  critical: '#b3261e',
  major: '#a04b00',
  minor: '#7a5c00',
  info: '#3a5a80',
};
const RESOLVED_COLOUR = '#2e6b34';

const FONT = "font-family:'Noto Sans SC','PingFang SC','Microsoft YaHei',Arial,sans-serif";

/** A message as HTML: tables and inline styles, since mail programs know little more; nothing is loaded from anywhere. */
export function htmlOf({
  language,
  head,
  severity,
  isResolved,
  items,
  notes,
  link,
  answer,
  chart,
}: Sheet): string {
  const colour = isResolved ? RESOLVED_COLOUR : COLOURS[severity];
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(head)}</title></head>`,
    `<body style="margin:0;padding:16px;background:#f4f4f4;color:#1c1c1c;font-size:14px;line-height:1.5;${FONT}">`,
    '<table role="presentation" width="100%" style="max-width:640px;margin:0 auto;background:#fff;border-collapse:collapse">',
    `<tr><td style="padding:12px 16px;background:${colour};color:#fff;font-size:16px;font-weight:bold">${escapeHtml(head)}</td></tr>`,
    ...items.slice(0, 1).map(itemRow),
    chart,
    ...items.slice(1).map(itemRow),
    ...(answer === undefined
      ? []
      : [
          `<tr><td style="padding:16px 16px 4px"><a href="${escapeHtml(answer.address)}" style="display:inline-block;padding:10px 18px;background:#0b57d0;color:#fff;font-weight:bold;text-decoration:none;border-radius:4px">${escapeHtml(answer.title)}</a></td></tr>`,
        ]),
    `<tr><td style="padding:12px 16px"><a href="${escapeHtml(link.address)}" style="color:#0b57d0">${escapeHtml(link.title)}</a></td></tr>`,
    `<tr><td style="padding:8px 16px;color:#5f5f5f;font-size:12px">${notes.map(escapeHtml).join('<br>')}</td></tr>`,
    '</table></body></html>',
  ].join('\n');
}

function itemRow(item: Item): string {
  return `<tr><td style="padding:12px 16px;border-bottom:1px solid #ddd">${itemHtml(item)}</td></tr>`;
}

function itemHtml({ title, rows }: Item): string {
  const cells = rows.map(
    ({ name, value, isLong }) =>
      `<tr><td style="padding:2px 12px 2px 0;color:#5f5f5f;vertical-align:top;white-space:nowrap">${escapeHtml(name)}</td>` +
      `<td style="padding:2px 0;word-break:break-word${isLong ? ';font-weight:bold' : ''}">${escapeHtml(value)}</td></tr>`,
  );
  return `<div style="font-size:15px;font-weight:bold">${escapeHtml(title)}</div><table style="border-collapse:collapse">${cells.join('')}</table>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe between tags and in a quoted attribute. */
export function escapeHtml(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
