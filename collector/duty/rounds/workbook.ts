import writeXlsxFile from 'write-excel-file/node';
import type { RoundBody } from '../../../config/model/round-api.ts';
import { itemsOf } from '../../../config/model/round.ts';
import { zonedText } from './zoned-text.ts';

const TITLES = [
  '日期 day',
  '巡检 round',
  '巡检人 walked by',
  '开始 began',
  '结束 ended',
  '点位 place',
  '项目 item',
  '结果 result',
  '值 value',
  '单位 unit',
  '传感器 sensor',
  '差值 difference',
  '说明 note',
  '更正 correction',
  '编号 number',
] as const;

type Row = readonly (string | number)[];

/** Rounds as rows, one for each item; titles in both languages, so that one file serves everybody. */
export async function roundsWorkbook(
  rounds: readonly RoundBody[],
  format: 'xlsx' | 'csv',
  timeZone: string,
): Promise<Buffer> {
  const rows = rounds.flatMap((round) => rowsOf(round, timeZone));
  // The mark tells spreadsheets that it is UTF-8.
  if (format === 'csv') return Buffer.from(`\uFEFF${[TITLES, ...rows].map(csvLine).join('\r\n')}\r\n`);
  const bold = { fontWeight: 'bold' as const };
  return writeXlsxFile([
    TITLES.map((value) => ({ value, ...bold })),
    ...rows.map((row) => row.map((value) => ({ value }))),
  ]).toBuffer();
}

const RESULTS = { normal: '正常 normal', abnormal: '异常 abnormal', not_done: '未巡检 not done' } as const;

function rowsOf(
  { id, template, round, judged, additions, clockDifferenceMs }: RoundBody,
  timeZone: string,
): readonly Row[] {
  const began = zonedText(round.beganAtMs + clockDifferenceMs, timeZone);
  const ended = zonedText(round.endedAtMs + clockDifferenceMs, timeZone);
  return itemsOf(template).map(({ checkpoint, item }): Row => {
    const found = judged.items.find((one) => one.item === item.id);
    const corrections = additions.flatMap(({ addition }) =>
      addition.kind === 'correction' && addition.item === item.id
        ? [`${String(addition.value)} (${addition.reason})`]
        : [],
    );
    const value = found?.answer?.value;
    return [
      ended.slice(0, 10),
      template.name['zh-CN'],
      round.walkedBy,
      began,
      ended,
      checkpoint.name['zh-CN'],
      item.name['zh-CN'],
      RESULTS[found?.result ?? 'not_done'],
      typeof value === 'number' ? value : typeof value === 'boolean' ? '' : (value ?? ''),
      item.type === 'number' ? item.unit : '',
      found?.sensor ?? '',
      found?.difference ?? '',
      found?.answer?.note ?? '',
      corrections.join('; '),
      id,
    ];
  });
}

/** RFC 4180; what a spreadsheet would take for a formula is made a text. */
function csvLine(row: Row): string {
  return row
    .map((value) => {
      const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
      return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(',');
}
