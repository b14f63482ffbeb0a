import type { RoundBody } from '../../../config/model/round-api.ts';
import { minuteText, wallClockAt } from '../../../config/runtime/wall-clock.ts';
import type { JudgedItem } from '../../../config/model/round-judge.ts';
import { itemsOf, type RoundItem } from '../../../config/model/round.ts';

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
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  return writeXlsxFile([
    TITLES.map((value) => ({ value, ...bold })),
    ...rows.map((row) => row.map((value) => ({ value }))),
  ]).toBuffer();
}

const RESULTS = { normal: '正常 normal', abnormal: '异常 abnormal', not_done: '未巡检 not done' } as const;

function rowsOf(body: RoundBody, timeZone: string): readonly Row[] {
  const { id, template, round, judged, clockDifferenceMs } = body;
  const at = (atMs: number): string => minuteText(wallClockAt(atMs + clockDifferenceMs, timeZone));
  const began = at(round.beganAtMs);
  const ended = at(round.endedAtMs);
  const head = [ended.slice(0, 10), template.name['zh-CN'], round.walkedBy, began, ended];
  return itemsOf(template).map(
    ({ checkpoint, item }): Row => [
      ...head,
      checkpoint.name['zh-CN'],
      item.name['zh-CN'],
      ...foundOf(
        item,
        judged.items.find((one) => one.item === item.id),
      ),
      correctionsOf(body, item.id),
      id,
    ],
  );
}

function foundOf(item: RoundItem, found: JudgedItem | undefined): Row {
  const unit = item.type === 'number' ? item.unit : '';
  if (found?.answer === undefined) return [RESULTS.not_done, '', unit, '', '', ''];
  const { result, answer, sensor = '', difference = '' } = found;
  const { value, note = '' } = answer;
  return [RESULTS[result], typeof value === 'boolean' ? '' : value, unit, sensor, difference, note];
}

function correctionsOf({ additions }: RoundBody, item: string): string {
  return additions
    .flatMap(({ addition }) =>
      addition.kind === 'correction' && addition.item === item
        ? [`${String(addition.value)} (${addition.reason})`]
        : [],
    )
    .join('; ');
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
